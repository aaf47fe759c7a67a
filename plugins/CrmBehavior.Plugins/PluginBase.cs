using System;
using System.Globalization;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins;

/// <summary>
/// The only entry from the platform: traces who calls, runs the plugin, and lets nothing out but a sentence. Instances are shared between
/// threads, so neither this nor any plugin has a field.
/// </summary>
public abstract class PluginBase : IPlugin
{
    /// <summary>Runs the plugin for one message.</summary>
    /// <param name="serviceProvider">The platform's services for this call.</param>
    /// <exception cref="InvalidPluginExecutionException">
    /// The message is refused (the text says why and what to do instead), or something unexpected happened; in an asynchronous step the
    /// latter asks for another attempt.
    /// </exception>
    public void Execute(IServiceProvider serviceProvider)
    {
        if (serviceProvider == null) throw new InvalidPluginExecutionException("The platform gave the plugin no services.");
        var call = new PluginCall(serviceProvider);
        IPluginExecutionContext context = call.Context;
        call.Trace(string.Format(
            CultureInfo.InvariantCulture,
            "Correlation {0:D}: {1} runs for {2} of {3} {4:D}, stage {5}, mode {6}, depth {7}.",
            context.CorrelationId, GetType().Name, context.MessageName, context.PrimaryEntityName, context.PrimaryEntityId,
            context.Stage, context.Mode, context.Depth));
        try
        {
            Run(call);
        }
        catch (InvalidPluginExecutionException refusal)
        {
            call.Trace("Refused: " + refusal.Message);
            throw;
        }
        catch (Exception unexpected)
        {
            call.Trace("Failed: " + unexpected);
            throw Unexpected(context, unexpected);
        }
    }

    /// <summary>The plugin's own work.</summary>
    internal abstract void Run(PluginCall call);

    static InvalidPluginExecutionException Unexpected(IPluginExecutionContext context, Exception cause)
    {
        string sentence = string.Format(
            CultureInfo.InvariantCulture,
            "CrmBehavior could not finish its work on {0} of {1}: {2} The plugin trace log has the details under correlation id {3:D}.",
            context.MessageName, context.PrimaryEntityName, Sentence(cause.Message), context.CorrelationId);
        return context.Mode == PluginCall.AsynchronousMode
            ? new InvalidPluginExecutionException(OperationStatus.Retry, sentence)
            : new InvalidPluginExecutionException(sentence, cause);
    }

    static string Sentence(string text) => text.EndsWith(".", StringComparison.Ordinal) ? text : text + ".";
}
