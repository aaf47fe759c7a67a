using System;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>What holds for a definition that is being created: a draft, or live at once as version 1.</summary>
static class NewDefinition
{
    internal static void Check(PluginCall call)
    {
        Entity target = call.Target ?? throw new InvalidOperationException("The message has no Target.");
        DefinitionDocument document = DefinitionDocument.Read(target.GetAttributeValue<string>(DefinitionColumns.Json));
        int status = StatusRequest.Read(target, DefinitionStatus.Draft) ?? DefinitionStatus.Draft;
        StatusRules.CheckNew(status);
        if (target.GetAttributeValue<object>(DefinitionColumns.Version) != null)
            throw new InvalidPluginExecutionException("crmb_version is set by publishing; leave it out.");
        UniqueName.Check(call.AsSystem(), document, target.Id);
        document.Fill(target);
        if (status == DefinitionStatus.Live) target[DefinitionColumns.Version] = 1;
    }
}
