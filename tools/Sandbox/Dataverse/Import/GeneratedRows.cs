using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>Rows that follow from the tables: messages, which tables they are for, and privileges. Made anew at each start and import.</summary>
internal static class GeneratedRows
{
    static readonly string[] TableMessages =
        ["Create", "Update", "Delete", "Retrieve", "RetrieveMultiple", "CreateMultiple", "UpdateMultiple", "UpsertMultiple", "Assign", "Upsert"];
    static readonly string[] OtherMessages = ["Associate", "Disassociate", "Merge", "SendEmail", "WhoAmI", "ImportSolution"];
    static readonly string[] Verbs = ["Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign", "Share"];

    /// <summary>The id of a message: the real one where it is the same everywhere.</summary>
    public static Guid MessageId(string name) =>
        SolutionPacker.Solutions.Messages.ById.Where(m => m.Value == name).Select(m => (Guid?)m.Key).FirstOrDefault() ?? Stable("message:" + name);

    /// <summary>The id of the row that ties a message to a table.</summary>
    public static Guid FilterId(string message, string table) => Stable($"filter:{message}:{table}");

    public static void Refresh(RowStore store, IReadOnlyList<Solution> solutions)
    {
        foreach (string table in PlatformTables.Generated)
            foreach (Row old in store[table].All.ToList()) store[table].Remove(old);
        IEnumerable<string> apis = solutions.SelectMany(s => s.CustomApis).Select(a => a.UniqueName);
        foreach (string message in TableMessages.Concat(OtherMessages).Concat(apis).Distinct(StringComparer.Ordinal))
            Add(store, "sdkmessage", MessageId(message), new() { ["name"] = message, ["isactive"] = true, ["isprivate"] = false });
        foreach (TableInfo table in store.Schema.Tables)
        {
            if (table.Definition.IsIntersect || table.IsActivityBase) continue;
            foreach (string message in TableMessages) AddFilter(store, message, table.LogicalName);
        }
        foreach (CustomApi api in solutions.SelectMany(s => s.CustomApis))
            if (api.BoundTable is { } bound) AddFilter(store, api.UniqueName, bound);
        var privileges = store.Schema.Tables.Where(t => !t.Definition.IsIntersect).SelectMany(t => Verbs.Select(v => PrivilegeNames.Of(v, t)))
            .Append(PrivilegeNames.ActOnBehalf)
            .Concat(solutions.SelectMany(s => s.Roles).SelectMany(r => r.Privileges).Select(p => p.Name));
        foreach (string name in privileges.Distinct(StringComparer.OrdinalIgnoreCase))
            Add(store, "privilege", PrivilegeNames.IdOf(name), new() { ["name"] = name });
    }

    static void AddFilter(RowStore store, string message, string table) => Add(store, "sdkmessagefilter", FilterId(message, table), new()
    {
        ["sdkmessageid"] = new Lookup("sdkmessage", MessageId(message)),
        ["primaryobjecttypecode"] = table,
        ["secondaryobjecttypecode"] = "none",
        ["iscustomprocessingstepallowed"] = true,
        ["isvisible"] = true,
    });

    static void Add(RowStore store, string tableName, Guid id, RowValues values)
    {
        TableInfo table = store.Schema[tableName];
        values[table.PrimaryId] = id;
        store[tableName].Add(
            new Row(tableName, id, 1, 0,
                [.. values.Where(v => table.Columns.ContainsKey(v.Key)).Select(v => new KeyValuePair<string, object?>(table.Columns[v.Key].Name, v.Value))]));
    }

    static Guid Stable(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
