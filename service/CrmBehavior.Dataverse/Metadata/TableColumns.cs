using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Metadata;

/// <summary>Which columns tables have that can be read, by logical name. Read once and then hourly, and when a name is not found.</summary>
sealed class TableColumns(WebApi api, TimeProvider time)
{
    static readonly TimeSpan Life = TimeSpan.FromHours(1), Fresh = TimeSpan.FromMinutes(1);
    readonly Kept<string, IReadOnlyDictionary<string, ColumnKind>> columns = new(time, Life);

    /// <summary>The columns of a table; read anew when it must have more than those kept, though not more often than each minute.</summary>
    public async Task<IReadOnlyDictionary<string, ColumnKind>> OfAsync(string table, Func<IReadOnlyDictionary<string, ColumnKind>, bool> suffices,
        CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, ColumnKind> known = await columns.GetAsync(table, ReadAsync, cancellation);
        if (suffices(known) || columns.AgeOf(table) is { } age && age < Fresh) return known;
        columns.Forget(table);
        return await columns.GetAsync(table, ReadAsync, cancellation);
    }

    public void Forget(string table) => columns.Forget(table);

    async Task<IReadOnlyDictionary<string, ColumnKind>> ReadAsync(string table, CancellationToken cancellation)
    {
        var read = new Dictionary<string, ColumnKind>(StringComparer.Ordinal);
        foreach (JsonElement attribute in await ReadAttributesAsync(table, cancellation))
            if (KindOf(attribute) is { } kind && attribute.Text("LogicalName") is { } name && ODataText.IsName(name)) read[name] = kind;
        foreach (string label in read.Keys.Where(c => IsLabel(c, read)).ToList()) read.Remove(label);
        return read;
    }

    async Task<List<JsonElement>> ReadAttributesAsync(string table, CancellationToken cancellation)
    {
        const string Wanted = "LogicalName,AttributeType,AttributeTypeName,IsValidForRead";
        string attributes = $"EntityDefinitions(LogicalName={ODataText.Text(table)})/Attributes";
        try
        {
            return await api.ReadRowsAsync(ODataText.Address(attributes, ("select", Wanted + ",AttributeOf")), null, cancellation);
        }
        catch (CrmException e) when (!e.IsTransient)
        {
            // Which column a label belongs to can be told by its name too.
            return await api.ReadRowsAsync(ODataText.Address(attributes, ("select", Wanted)), null, cancellation);
        }
    }

    static bool IsLabel(string column, Dictionary<string, ColumnKind> known) =>
        ((string[])["yominame", "name", "type"]).Any(e => column.EndsWith(e, StringComparison.Ordinal)
            && known.TryGetValue(column[..^e.Length], out ColumnKind kind) && kind != ColumnKind.Plain);

    static ColumnKind? KindOf(JsonElement attribute)
    {
        // A column of another one shows its label; the Web API gives that as an annotation only.
        if (attribute.Text("AttributeOf") is not null) return null;
        if (attribute.TryGetProperty("IsValidForRead", out JsonElement readable) && readable.ValueKind == JsonValueKind.False) return null;
        return attribute.Text("AttributeType") switch
        {
            "Lookup" or "Customer" or "Owner" => ColumnKind.Lookup,
            "Picklist" or "State" or "Status" => ColumnKind.Choice,
            "Virtual" => IsMultiSelect(attribute) ? ColumnKind.Choice : null,
            "PartyList" or "CalendarRules" or "EntityName" or "ManagedProperty" or null => null,
            _ => ColumnKind.Plain,
        };
    }

    static bool IsMultiSelect(JsonElement attribute) =>
        attribute.TryGetProperty("AttributeTypeName", out JsonElement type) && type.ValueKind == JsonValueKind.Object
            && type.Text("Value") == "MultiSelectPicklistType";
}
