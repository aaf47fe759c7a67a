using System;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Dataverse.Connection;

namespace CrmBehavior.Dataverse.Definitions;

/// <summary>A row of the table of definitions, without its draft.</summary>
/// <param name="Id">Primary key.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Name">Name.</param>
/// <param name="Version">Number of the published version; 0 when there is none.</param>
/// <param name="Status">Status reason, one of <see cref="DefinitionStatus"/>.</param>
sealed record DefinitionRow(Guid Id, string Kind, string Name, int Version, int Status)
{
    public const string Columns = "crmb_definitionid,crmb_kind,crmb_name,crmb_version,statuscode";

    public static DefinitionRow Of(JsonElement row) => new(
        row.GetProperty("crmb_definitionid").GetGuid(), row.Text("crmb_kind") ?? "", row.Text("crmb_name") ?? "", row.Number("crmb_version") ?? 0,
        row.Number("statuscode") ?? 0);
}
