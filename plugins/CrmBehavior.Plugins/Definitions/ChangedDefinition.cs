using System;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>What holds for a change of a definition: which status may follow which, and what a published one may not change.</summary>
static class ChangedDefinition
{
    internal static void Check(PluginCall call)
    {
        Entity target = call.Target ?? throw new InvalidOperationException("The message has no Target.");
        Entity before = call.Before ?? DefinitionRow.Read(call.AsSystem(), call.RowId);
        bool publishing = call.IsWithin(CrmNames.Publish, table: null);
        CheckVersion(target, before, publishing);
        int from = before.GetAttributeValue<OptionSetValue>(DefinitionColumns.Status)?.Value ?? DefinitionStatus.Draft;
        int to = StatusRequest.Read(target, from) ?? from;
        StatusRules.CheckChange(from, to, publishing);
        if (to != from) StatusRequest.Write(target, to);
        CheckText(call, target, before, from, to);
    }

    static void CheckVersion(Entity target, Entity before, bool publishing)
    {
        if (publishing || !target.Contains(DefinitionColumns.Version)) return;
        if (target.GetAttributeValue<int?>(DefinitionColumns.Version) != before.GetAttributeValue<int?>(DefinitionColumns.Version))
            throw new InvalidPluginExecutionException("crmb_version is set by publishing; leave it out.");
    }

    static void CheckText(PluginCall call, Entity target, Entity before, int from, int to)
    {
        bool written = target.Contains(DefinitionColumns.Json) || target.Contains(DefinitionColumns.Name) || target.Contains(DefinitionColumns.Kind);
        bool reactivated = from == DefinitionStatus.Retired && to != DefinitionStatus.Retired;
        if (!written && !reactivated) return;

        Entity source = target.Contains(DefinitionColumns.Json) ? target : before;
        DefinitionDocument document = DefinitionDocument.Read(source.GetAttributeValue<string>(DefinitionColumns.Json));
        bool renamed = Differs(before, DefinitionColumns.Name, document.Name) || Differs(before, DefinitionColumns.Kind, document.Kind);
        if (renamed && before.GetAttributeValue<int?>(DefinitionColumns.Version) > 0)
        {
            throw new InvalidPluginExecutionException(
                "This definition was published as the " + before.GetAttributeValue<string>(DefinitionColumns.Kind) + " \""
                + before.GetAttributeValue<string>(DefinitionColumns.Name)
                + "\", and a published one keeps its kind and name. To use another, retire it and create a new definition.");
        }

        if ((renamed || reactivated) && to != DefinitionStatus.Retired) UniqueName.Check(call.AsSystem(), document, call.RowId);
        if (written) document.Fill(target);
    }

    static bool Differs(Entity before, string column, string value) =>
        !string.Equals(before.GetAttributeValue<string>(column), value, StringComparison.Ordinal);
}
