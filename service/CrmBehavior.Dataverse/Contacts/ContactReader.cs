using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Metadata;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Contacts;

/// <summary>
/// Reads columns of many contacts at once. Whole numbers and choices are <see cref="long"/>, other numbers <see cref="double"/>, lookups
/// lower-case ids with their name under <c>column + "name"</c> and their table under <c>column + "type"</c>, labels under
/// <c>column + "name"</c>, times and dates text as the Web API writes them; a column without a value is null.
/// </summary>
sealed class ContactReader(WebApi api, TableColumns tableColumns)
{
    const int IdsPerRequest = 100;
    const string Label = "@OData.Community.Display.V1.FormattedValue", Table = "@Microsoft.Dynamics.CRM.lookuplogicalname";
    const string Annotations = "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname\"";

    public async Task<IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>>> ReadAsync(
        IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> columns, CancellationToken cancellation)
    {
        if (contacts.Count == 0) return new Dictionary<Guid, IReadOnlyDictionary<string, object?>>();
        try
        {
            return await ReadAsync(contacts, await PlanAsync(columns, cancellation), cancellation);
        }
        catch (CrmException e) when (!e.IsTransient)
        {
            // A column may have been deleted since the columns were read.
            ColumnPlan before = await PlanAsync(columns, cancellation);
            tableColumns.Forget("contact");
            ColumnPlan after = await PlanAsync(columns, cancellation);
            if (after.Select("contactid") == before.Select("contactid")) throw;
            return await ReadAsync(contacts, after, cancellation);
        }
    }

    async Task<ColumnPlan> PlanAsync(IReadOnlyCollection<string> columns, CancellationToken cancellation) =>
        ColumnPlan.Of(columns, await tableColumns.OfAsync("contact", known => columns.All(c => ColumnPlan.Find(c, known) is not null), cancellation));

    async Task<Dictionary<Guid, IReadOnlyDictionary<string, object?>>> ReadAsync(IReadOnlyCollection<Guid> contacts, ColumnPlan plan,
        CancellationToken cancellation)
    {
        string select = plan.Select("contactid");
        IEnumerable<Task<List<JsonElement>>> pages = contacts.Distinct().Chunk(IdsPerRequest).Select(ids =>
            api.ReadRowsAsync(ODataText.Address("contacts", ("select", select), ("filter", ODataText.In("contactid", ids))), plan.HasLabels
                ? Annotations
                : null, cancellation));
        var read = new Dictionary<Guid, IReadOnlyDictionary<string, object?>>();
        foreach (JsonElement row in (await Task.WhenAll(pages)).SelectMany(p => p)) read[row.GetProperty("contactid").GetGuid()] = Values(row, plan);
        return read;
    }

    static Dictionary<string, object?> Values(JsonElement row, ColumnPlan plan)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string column, ColumnKind kind) in plan.Columns)
        {
            string name = kind == ColumnKind.Lookup ? $"_{column}_value" : column;
            object? value = row.TryGetProperty(name, out JsonElement given) ? Plain(given) : null;
            values[column] = kind == ColumnKind.Lookup && value is string id ? id.ToLowerInvariant() : value;
            if (kind == ColumnKind.Plain || value is null) continue;
            if (row.Text(name + Label) is { } label) values[column + "name"] = label;
            if (kind == ColumnKind.Lookup && row.Text(name + Table) is { } table) values[column + "type"] = table;
        }
        return values;
    }

    static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt64(out long whole) => whole,
        JsonValueKind.Number => value.GetDouble(),
        _ => null,
    };
}
