using System;
using CrmBehavior.Plugins.Registration;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins;

/// <summary>What the platform hands to one run of a plugin, and the questions that every plugin asks of it.</summary>
sealed class PluginCall
{
    /// <summary>The context's <c>Mode</c> in an asynchronous step.</summary>
    internal const int AsynchronousMode = 1;

    readonly IServiceProvider services;
    readonly ITracingService? tracing;

    internal PluginCall(IServiceProvider services)
    {
        this.services = services;
        tracing = (ITracingService?)services.GetService(typeof(ITracingService));
        Context = Service<IPluginExecutionContext>();
    }

    internal IPluginExecutionContext Context { get; }

    internal bool IsCreate => Is("Create");

    internal bool IsUpdate => Is("Update");

    internal bool IsDelete => Is("Delete");

    /// <summary>The row as it was sent; null where the message has none, or the platform left it out.</summary>
    internal Entity? Target => Parameter("Target") as Entity;

    /// <summary>Id of the row.</summary>
    internal Guid RowId
    {
        get
        {
            if (Context.PrimaryEntityId != Guid.Empty) return Context.PrimaryEntityId;
            if (Parameter("Target") is EntityReference reference) return reference.Id;
            if (Context.OutputParameters.TryGetValue("id", out object? created) && created is Guid id) return id;
            return Target?.Id ?? Guid.Empty;
        }
    }

    /// <summary>Rows as the user whose call this is may see and write them.</summary>
    internal IOrganizationService AsCaller() => Service<IOrganizationServiceFactory>().CreateOrganizationService(Context.UserId);

    /// <summary>Rows as the system sees them: for checks over all rows, and for the product's own records.</summary>
    internal IOrganizationService AsSystem() => Service<IOrganizationServiceFactory>().CreateOrganizationService(null);

    internal IServiceEndpointNotificationService Notifications() => Service<IServiceEndpointNotificationService>();

    /// <summary>A parameter of the message, or null.</summary>
    internal object? Parameter(string name) => Context.InputParameters.TryGetValue(name, out object? value) ? value : null;

    /// <summary>The row before the message; null where the step has no such image, or the platform left it out.</summary>
    internal Entity? Before => Context.PreEntityImages.TryGetValue(StepImage.BeforeAlias, out Entity? image) ? image : null;

    /// <summary>The row after the message; null as <see cref="Before"/>.</summary>
    internal Entity? After => Context.PostEntityImages.TryGetValue(StepImage.AfterAlias, out Entity? image) ? image : null;

    /// <summary>
    /// Whether this message arose, however deep, in the work on another: <paramref name="message"/> of <paramref name="table"/> (null: of any).
    /// </summary>
    internal bool IsWithin(string message, string? table)
    {
        for (IPluginExecutionContext? parent = Context.ParentContext; parent != null; parent = parent.ParentContext)
        {
            if (string.Equals(parent.MessageName, message, StringComparison.OrdinalIgnoreCase)
                && (table == null || string.Equals(parent.PrimaryEntityName, table, StringComparison.Ordinal)))
                return true;
        }

        return false;
    }

    /// <summary>Writes a line to the trace log; braces in it mean nothing.</summary>
    internal void Trace(string line) => tracing?.Trace("{0}", line);

    bool Is(string message) => string.Equals(Context.MessageName, message, StringComparison.OrdinalIgnoreCase);

    T Service<T>()
        where T : class =>
        (T?)services.GetService(typeof(T)) ?? throw new InvalidPluginExecutionException("The platform offers no " + typeof(T).Name + " here.");
}
