using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>Fills what the platform fills: times, users, owner, state, choices' defaults, composed names.</summary>
internal sealed class RowDefaults(RowStore store)
{
    static readonly HashSet<string> FilledByPlatform = new(StringComparer.Ordinal)
    {
        "createdon", "createdby", "createdonbehalfby", "modifiedon", "modifiedby", "modifiedonbehalfby", "owninguser", "owningteam", "owningbusinessunit",
            "versionnumber", "fullname", "activitytypecode",
    };

    /// <summary>A new row of the values, completed.</summary>
    public Row NewRow(CallContext call, TableInfo table, Guid id, RowValues values)
    {
        var row = new RowValues { [table.PrimaryId] = id };
        foreach ((string name, object? value) in values)
            if (value is not PartyList && IsWritable(table, name, creating: true)) row[name] = value;
        DateTime now = store.Clock.WholeSecond;
        var caller = new Lookup("systemuser", call.Caller.UserId);
        SetIfThere(table, row, "createdon", values.Value("overriddencreatedon") ?? now);
        SetIfThere(table, row, "createdby", caller);
        SetIfThere(table, row, "modifiedon", now);
        SetIfThere(table, row, "modifiedby", caller);
        if (call.Caller.UserId != call.InitiatingUserId) SetIfThere(table, row, "createdonbehalfby", new Lookup("systemuser", call.InitiatingUserId));
        if (table.IsOwned) row.Default("ownerid", caller);
        if (table.IsActivity) SetIfThere(table, row, "activitytypecode", table.LogicalName);
        foreach (Column column in table.AllColumns)
        {
            if (row.ContainsKey(column.Name)) continue;
            if (column.Type == ColumnType.Bool) row[column.Name] = ValueReader.Box(column.Default == 1);
            else if (column.Default is { } standard) row[column.Name] = ValueReader.Box(standard);
        }
        State(table, row, null);
        Derive(call, table, row);
        foreach (Column column in table.AllColumns)
            if (column.Required == RequiredLevel.System && column.Create && row.Value(column.Name) is null)
                throw Failure.RequiredMissing(table.LogicalName, column.Name);
        return new Row(table.LogicalName, id, store.NextVersion(), store.NextStorageId(), Named(table, row));
    }

    /// <summary>The row with the values written.</summary>
    public Row ChangedRow(CallContext call, TableInfo table, Row before, RowValues values)
    {
        RowValues row = before.ToValues();
        foreach ((string name, object? value) in values)
        {
            if (value is PartyList || !IsWritable(table, name, creating: false)) continue;
            if (value is null && table.Columns[name].Required == RequiredLevel.System) throw Failure.RequiredMissing(table.LogicalName, name);
            row[name] = value;
        }
        SetIfThere(table, row, "modifiedon", store.Clock.WholeSecond);
        SetIfThere(table, row, "modifiedby", new Lookup("systemuser", call.Caller.UserId));
        if (call.Caller.UserId != call.InitiatingUserId) SetIfThere(table, row, "modifiedonbehalfby", new Lookup("systemuser", call.InitiatingUserId));
        if (values.ContainsKey("statecode") || values.ContainsKey("statuscode")) State(table, row, values);
        Derive(call, table, row);
        return new Row(table.LogicalName, before.Id, store.NextVersion(), before.StorageId, Named(table, row));
    }

    // State and status belong together: a state alone brings its first status, a status must be one of the state's.
    static void State(TableInfo table, RowValues row, RowValues? written)
    {
        if (table.State is null || table.Status is null) return;
        int? state = row.Value("statecode") as int?, status = row.Value("statuscode") as int?;
        if (state is null) state = (table.State.Options.Any(o => o.Value == 0) || table.State.Options.Count == 0 ? 0 : table.State.Options[0].Value);
        if (written is not null && written.ContainsKey("statecode") && written.Value("statuscode") is null) status = null;
        Option? option = table.State.Options.FirstOrDefault(o => o.Value == state);
        status ??= option?.DefaultStatus ?? table.Status.Options.FirstOrDefault(o => o.State == state)?.Value;
        if (status is { } number && table.Status.Options.FirstOrDefault(o => o.Value == number) is { State: { } belongs } && belongs != state)
            throw Failure.InvalidStatus(number, table.LogicalName, option?.Label ?? "");
        row["statecode"] = ValueReader.Box(state.Value);
        row["statuscode"] = status is { } value ? ValueReader.Box(value) : null;
    }

    void Derive(CallContext call, TableInfo table, RowValues row)
    {
        if (table.IsOwned && row.Value("ownerid") is Lookup owner)
        {
            bool user = owner.Table == "systemuser";
            SetIfThere(table, row, "owninguser", user ? owner : null);
            SetIfThere(table, row, "owningteam", user ? null : owner);
            SetIfThere(table, row, "owningbusinessunit", store.Find(owner.Table, owner.Id)?.Lookup("businessunitid")
                ?? new Lookup("businessunit", call.Caller.BusinessUnitId));
        }
        if (table.Columns.ContainsKey("fullname") && table.Columns.ContainsKey("lastname"))
            row["fullname"] = string.Join(
                ' ', new[] { row.Text("firstname"), row.Text("lastname") }.Where(n => !string.IsNullOrWhiteSpace(n))) is { Length: > 0 } name ? name : null;
        if (table.LogicalName == "contact")
        {
            var parent = row.Value("parentcustomerid") as Lookup;
            SetIfThere(table, row, "accountid", parent?.Table == "account" ? parent : null);
            SetIfThere(table, row, "parentcontactid", parent?.Table == "contact" ? parent : null);
        }
        // An activity that closes has ended.
        if (table.IsActivity && row.Value("statecode") is 1 or 2 && table.Columns.ContainsKey("actualend")) row.Default("actualend", store.Clock.WholeSecond);
    }

    // A column that the platform fills is left as it is, without a word, as the platform does; state may come with a new row.
    static bool IsWritable(TableInfo table, string name, bool creating)
    {
        if (name == table.PrimaryId || FilledByPlatform.Contains(name)) return false;
        Column column = table.Columns[name];
        return (creating ? column.Create : column.Update) || name == "statecode" || PlatformTables.Owns(table.LogicalName) || name is "masterid" or "merged";
    }

    static void SetIfThere(TableInfo table, RowValues row, string name, object? value)
    {
        if (table.Columns.TryGetValue(name, out Column? column)) row[column.Name] = value;
    }

    static IReadOnlyCollection<KeyValuePair<string, object?>> Named(TableInfo table, RowValues row) =>
        [.. row.Where(v => v.Value is not null).Select(v => new KeyValuePair<string, object?>(table.Columns[v.Key].Name, v.Value))];
}
