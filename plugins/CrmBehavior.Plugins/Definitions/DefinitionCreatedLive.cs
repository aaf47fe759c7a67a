using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>Writes version 1 of a definition that was created live.</summary>
public sealed class DefinitionCreatedLive : PluginBase
{
    const string Reason = "Created live.";

    internal override void Run(PluginCall call)
    {
        Entity? target = call.Target;
        if (target?.GetAttributeValue<OptionSetValue>(DefinitionColumns.Status)?.Value != DefinitionStatus.Live) return;
        string name = target.GetAttributeValue<string>(DefinitionColumns.Name);
        string json = target.GetAttributeValue<string>(DefinitionColumns.Json);
        int version = VersionLog.Append(call.AsCaller(), call.RowId, name, json, Reason);
        call.Trace("Published version " + version + ".");
    }
}
