using System;
using System.Globalization;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Capture;

/// <summary>What every event takes from the context: id, time, order.</summary>
static class EventStart
{
    /// <summary>Name under which the platform says that it cut a context.</summary>
    const string SizeExceeded = "MessageMaxSizeExceeded";

    internal static EventMessage Of(PluginCall call, string name, Entity? after)
    {
        IPluginExecutionContext context = call.Context;
        long rowVersion = RowVersion(call.Target, after);
        return new EventMessage
        {
            Id = context.OperationId != Guid.Empty ? Id(context.OperationId) : IdOfChange(call, rowVersion),
            Name = name,
            At = Utc(context.OperationCreatedOn),
            RowVersion = rowVersion,
            Incomplete = context.SharedVariables.Contains(SizeExceeded),
        };
    }

    /// <summary>An id as events write it.</summary>
    internal static string Id(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    /// <summary>The platform's times are UTC, also where they do not say so.</summary>
    internal static DateTime Utc(DateTime time) =>
        time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();

    static string IdOfChange(PluginCall call, long rowVersion) =>
        string.Join(":", call.Context.MessageName, Id(call.RowId), rowVersion.ToString(CultureInfo.InvariantCulture), Id(call.Context.CorrelationId));

    static long RowVersion(Entity? target, Entity? after)
    {
        if (long.TryParse(target?.RowVersion, NumberStyles.None, CultureInfo.InvariantCulture, out long sent)) return sent;
        if (after == null) return 0;
        if (after.Attributes.TryGetValue(ContactColumns.RowVersion, out object? stored) && stored is long number) return number;
        return long.TryParse(after.RowVersion, NumberStyles.None, CultureInfo.InvariantCulture, out long kept) ? kept : 0;
    }
}
