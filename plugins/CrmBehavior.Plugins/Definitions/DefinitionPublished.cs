using System;
using System.Globalization;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>The custom API <c>crmb_Publish</c>: the draft of a definition becomes its next version, and the definition live.</summary>
public sealed class DefinitionPublished : PluginBase
{
    const int ReasonLength = 2000;

    internal override void Run(PluginCall call)
    {
        string reason = ReadReason(call);
        Guid id = call.RowId;
        IOrganizationService rows = call.AsCaller();
        CheckStatus(DefinitionRow.Read(rows, id));

        // Writing first locks the row: of two calls at once the second waits here, and then reads what the first made.
        var lockingWrite = new Entity(CrmNames.Definition, id);
        StatusRequest.Write(lockingWrite, DefinitionStatus.Live);
        rows.Update(lockingWrite);

        Entity row = DefinitionRow.Read(rows, id);
        string json = row.GetAttributeValue<string>(DefinitionColumns.Json);
        DefinitionDocument document = DefinitionDocument.Read(json);
        int version = VersionLog.Append(rows, id, document.Name, json, reason);
        rows.Update(new Entity(CrmNames.Definition, id) { [DefinitionColumns.Version] = version });
        call.Context.OutputParameters[PublishParameters.Version] = version;
        call.Trace("Published version " + version.ToString(CultureInfo.InvariantCulture) + ".");
    }

    static string ReadReason(PluginCall call)
    {
        string reason = (call.Parameter(PublishParameters.Reason) as string ?? "").Trim();
        if (reason.Length == 0)
            throw new InvalidPluginExecutionException("Reason is empty: say in a sentence why this is published, it is kept with the version.");
        if (reason.Length > ReasonLength)
            throw new InvalidPluginExecutionException($"Reason is longer than {ReasonLength} characters; shorten it.");
        return reason;
    }

    static void CheckStatus(Entity row)
    {
        if (row.GetAttributeValue<OptionSetValue>(DefinitionColumns.Status)?.Value == DefinitionStatus.Retired)
            throw new InvalidPluginExecutionException("This definition is retired. Reactivate it, which makes it a draft, then publish it.");
    }
}
