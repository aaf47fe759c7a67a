using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Sales;

/// <summary>Which state a change brought.</summary>
static class SalesState
{
    /// <summary>The new state; null when it stayed as it was.</summary>
    internal static int? Became(PluginCall call)
    {
        int? now = Of(call.Target);
        return now == Of(call.Before) ? null : now;
    }

    static int? Of(Entity? row) => row?.GetAttributeValue<OptionSetValue>(SalesColumns.State)?.Value;
}
