using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>
/// The people of activities: each party column of an activity (<c>to</c>, <c>from</c>, …) is the rows of <c>activityparty</c> with its
/// participation type. Source of the numbers: Microsoft's "ActivityParty entity".
/// </summary>
internal sealed class ActivityParties(RowStore store)
{
    public const string Table = "activityparty";

    static readonly FrozenDictionary<string, int> MaskByColumn = new Dictionary<string, int>
    {
        ["from"] = 1,
        ["to"] = 2,
        ["cc"] = 3,
        ["bcc"] = 4,
        ["requiredattendees"] = 5,
        ["optionalattendees"] = 6,
        ["organizer"] = 7,
        ["resources"] = 10,
        ["customers"] = 11,
        ["customer"] = 11,
        ["related"] = 13,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The party column of an activity for a participation type; null when the table has none.</summary>
    public static string? ColumnFor(TableInfo table, int mask) =>
        MaskByColumn.Where(m => m.Value == mask && table.Columns.TryGetValue(m.Key, out Column? column) && column.Type == ColumnType.PartyList)
            .Select(m => m.Key).FirstOrDefault();

    /// <summary>Writes the party columns among the values: the rows of each role are replaced.</summary>
    public void Write(RowTransaction tx, TableInfo table, Guid id, RowValues values)
    {
        if (!table.IsActivity) return;
        foreach ((string column, object? value) in values)
        {
            if (value is not PartyList parties || !MaskByColumn.TryGetValue(column, out int mask)) continue;
            foreach (Row old in Of(table, id).Where(p => p.Int("participationtypemask") == mask).ToList()) tx.Remove(old);
            foreach (RowValues party in parties) Insert(tx, table, id, mask, party);
        }
    }

    /// <summary>All parties of an activity.</summary>
    public IEnumerable<Row> Of(TableInfo table, Guid id) => store[Table].FindEqual("activityid", new Lookup(table.LogicalName, id)) ?? [];

    /// <summary>The parties of one column.</summary>
    public IEnumerable<Row> Of(TableInfo table, Guid id, string column) =>
        MaskByColumn.TryGetValue(column, out int mask) ? Of(table, id).Where(p => p.Int("participationtypemask") == mask) : [];

    void Insert(RowTransaction tx, TableInfo table, Guid activity, int mask, RowValues party)
    {
        Guid id = Guid.CreateVersion7(store.Clock.GetUtcNow());
        var values = new RowValues(party.Where(p => p.Value is not null))
        {
            ["activitypartyid"] = id,
            ["activityid"] = new Lookup(table.LogicalName, activity),
            ["participationtypemask"] = ValueReader.Box(mask),
        };
        if (party.Value("partyid") is Lookup person)
            values.Default("addressused", store.Find(person.Table, person.Id)?.Text(person.Table == "systemuser" ? "internalemailaddress" : "emailaddress1"));
        TableInfo parties = store.Schema[Table];
        tx.Insert(new Row(Table, id, store.NextVersion(), store.NextStorageId(),
            [.. values.Where(v => parties.Columns.ContainsKey(v.Key)).Select(v => new KeyValuePair<string, object?>(parties.Columns[v.Key].Name, v.Value))]));
    }
}
