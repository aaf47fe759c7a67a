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

/// <summary>What the environment says about tables: their names, their bulk messages, the spelling of their lookups.</summary>
sealed class TableCatalog(WebApi api, TimeProvider time)
{
    static readonly TimeSpan Life = TimeSpan.FromHours(1);
    readonly Kept<string, TableInfo?> tables = new(time, Life);
    readonly Kept<string, IReadOnlySet<string>> messages = new(time, Life);
    readonly Kept<string, IReadOnlyDictionary<string, string>> navigations = new(time, Life);

    /// <summary>The table of a set, or null when the environment has none.</summary>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    public async ValueTask<TableInfo?> FindAsync(string set, CancellationToken cancellation) =>
        TableInfo.Of(set) ?? await tables.GetAsync(set, ReadTableAsync, cancellation);

    /// <summary>
    /// Whether a table has CreateMultiple, UpdateMultiple or UpsertMultiple; where the environment does not tell, it is taken for granted
    /// until <see cref="HasNoMessages"/>.
    /// </summary>
    /// <exception cref="CrmException">The CRM did not answer.</exception>
    public async Task<bool> HasMessageAsync(string table, string message, CancellationToken cancellation)
    {
        IReadOnlySet<string> has = await messages.GetAsync(table, ReadMessagesAsync, cancellation);
        return message == "UpsertMultiple" ? has.Contains("CreateMultiple") && has.Contains("UpdateMultiple") : has.Contains(message);
    }

    /// <summary>Notes that a table turned out to have no bulk messages.</summary>
    public void HasNoMessages(string table) => messages.Set(table, new HashSet<string>());

    /// <summary>
    /// The spelling of a table's navigation properties, by their lower-case form: they are case-sensitive and follow schema names, which
    /// a customer's own columns may spell as they like. Empty when the environment does not tell.
    /// </summary>
    /// <exception cref="CrmException">The CRM did not answer.</exception>
    public async ValueTask<IReadOnlyDictionary<string, string>> NavigationsAsync(string table, CancellationToken cancellation) =>
        await navigations.GetAsync(table, ReadNavigationsAsync, cancellation);

    async Task<TableInfo?> ReadTableAsync(string set, CancellationToken cancellation)
    {
        string address = ODataText.Address("EntityDefinitions", ("select", "LogicalName,EntitySetName,PrimaryIdAttribute,IsActivity"),
            ("filter", ODataText.Equal("EntitySetName", set)));
        JsonElement table = (await api.ReadRowsAsync(address, null, cancellation)).FirstOrDefault();
        if (table.ValueKind != JsonValueKind.Object) return null;
        return new TableInfo(set, table.GetProperty("LogicalName").GetString()!, table.GetProperty("PrimaryIdAttribute").GetString()!,
            table.GetProperty("IsActivity").ValueKind == JsonValueKind.True);
    }

    async Task<IReadOnlySet<string>> ReadMessagesAsync(string table, CancellationToken cancellation)
    {
        var has = new HashSet<string>(StringComparer.Ordinal);
        foreach (string message in (string[])["CreateMultiple", "UpdateMultiple"])
        {
            string filter = $"sdkmessageid/name eq {ODataText.Text(message)} and {ODataText.Equal("primaryobjecttypecode", table)}";
            List<JsonElement>? rows = await ReadAllowedAsync(ODataText.Address("sdkmessagefilters", ("select", "sdkmessagefilterid"),
                ("filter", filter), ("top", "1")), cancellation);
            if (rows is null or { Count: > 0 }) has.Add(message);
        }
        return has;
    }

    async Task<IReadOnlyDictionary<string, string>> ReadNavigationsAsync(string table, CancellationToken cancellation)
    {
        string address = ODataText.Address(
            "RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", ("select", "ReferencingEntityNavigationPropertyName"),
                ("filter", ODataText.Equal("ReferencingEntity", table)));
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (JsonElement relationship in await ReadAllowedAsync(address, cancellation) ?? [])
            if (relationship.TryGetProperty("ReferencingEntityNavigationPropertyName", out JsonElement name) && name.GetString() is { Length: > 0 } spelled)
                names[spelled] = spelled;
        return names;
    }

    // What we may not see is done without; what was not answered is asked again.
    async Task<List<JsonElement>?> ReadAllowedAsync(string address, CancellationToken cancellation)
    {
        try
        {
            return await api.ReadRowsAsync(address, null, cancellation);
        }
        catch (CrmException e) when (!e.IsTransient)
        {
            return null;
        }
    }
}
