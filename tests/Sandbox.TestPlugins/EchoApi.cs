using System;
using System.Linq;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.TestPlugins;

/// <summary>A custom API that puts out what it was given, and in words of which .NET types that was.</summary>
public sealed class EchoApi : IPlugin
{
    /// <inheritdoc/>
    public void Execute(IServiceProvider serviceProvider)
    {
        ArgumentNullException.ThrowIfNull(serviceProvider);
        var context = (IPluginExecutionContext)serviceProvider.GetService(typeof(IPluginExecutionContext))!;
        foreach ((string name, object value) in context.InputParameters) context.OutputParameters[name] = value;
        context.OutputParameters["Types"] = string.Join(
            ' ', context.InputParameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{p.Value.GetType().Name}"));
        context.OutputParameters["Stage"] = context.Stage;
        context.OutputParameters["About"] = context.InputParameters.TryGetValue("Target", out object? target) && target is EntityReference reference
            ? $"{reference.LogicalName} {reference.Id}" : context.PrimaryEntityName;
    }
}
