using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>Rows as plugins know them, and back.</summary>
internal sealed class EntityMapping(RowStore store)
{
    /// <summary>A stored row with names and labels; <paramref name="columns"/> null or empty is all that have a value.</summary>
    public Entity FromRow(Row row, IReadOnlyCollection<string>? columns)
    {
        TableInfo table = store.Schema[row.Table];
        var entity = new Entity(row.Table, row.Id) { RowVersion = row.Version.ToString(CultureInfo.InvariantCulture) };
        bool all = columns is null || columns.Count == 0;
        foreach (Cell cell in row.Cells)
            if ((all || columns!.Contains(cell.Name)) && table.Columns.TryGetValue(cell.Name, out Column? column))
                Put(entity, table, column, cell.Value, named: true);
        entity.Attributes[table.PrimaryId] = row.Id;
        if (all || columns!.Contains(SystemColumns.Version)) entity.Attributes[SystemColumns.Version] = row.Version;
        if (table.IsActivity)
        {
            var parties = new ActivityParties(store);
            foreach (Column column in table.AllColumns)
                if (column.Type == ColumnType.PartyList && (all || columns!.Contains(column.Name)))
                    PutParties(entity, column.Name, parties.Of(table, row.Id, column.Name));
        }
        return entity;
    }

    /// <summary>What a request writes, as the target of a message: labels of choices, but no names of references.</summary>
    public Entity FromValues(TableInfo table, Guid id, RowValues values)
    {
        var entity = new Entity(table.LogicalName, id);
        foreach ((string name, object? value) in values)
        {
            if (!table.Columns.TryGetValue(name, out Column? column)) continue;
            if (value is PartyList list)
                entity.Attributes[name] =
                    new EntityCollection(
                        [.. list.Select(p => FromValues(store.Schema[ActivityParties.Table], Guid.Empty, p))])
                    { EntityName = ActivityParties.Table };
            else if (value is null) entity.Attributes[name] = null;
            else Put(entity, table, column, value, named: false);
        }
        return entity;
    }

    /// <summary>What an entity writes; the id is left out.</summary>
    public static RowValues ToValues(TableInfo table, Entity entity)
    {
        var values = new RowValues();
        foreach ((string name, object? value) in entity.Attributes)
            if (name != table.PrimaryId) values[name] = Plain(value);
        return values;
    }

    /// <summary>A value of the SDK as it is stored.</summary>
    public static object? Plain(object? value) => value switch
    {
        OptionSetValue option => ValueReader.Box(option.Value),
        Money money => money.Value,
        EntityReference reference => new Lookup(reference.LogicalName, reference.Id),
        OptionSetValueCollection options => string.Join(',', options.Select(o => o.Value).Order().Select(o => o.ToString(CultureInfo.InvariantCulture))),
        DateTime time => ValueReader.WholeSecond(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time),
        EntityCollection parties => Parties(parties),
        AliasedValue aliased => Plain(aliased.Value),
        Enum number => Convert.ToInt32(number, CultureInfo.InvariantCulture),
        _ => value,
    };

    /// <summary>A stored value as the SDK has it.</summary>
    public object ToSdk(Column column, object value, bool named) => value switch
    {
        int number when column.Type is ColumnType.Choice or ColumnType.State or ColumnType.Status => new OptionSetValue(number),
        decimal amount when column.Type == ColumnType.Money => new Money(amount),
        Lookup lookup => new EntityReference(lookup.Table, lookup.Id) { Name = named ? Labels.NameOf(store, lookup) : null },
        string text when column.Type == ColumnType.MultiChoice => Options(text),
        _ => value,
    };

    void Put(Entity entity, TableInfo table, Column column, object value, bool named)
    {
        entity.Attributes[column.Name] = ToSdk(column, value, named);
        bool labelled = column.Type is ColumnType.Choice or ColumnType.State or ColumnType.Status or ColumnType.MultiChoice || named
            && column.Type is ColumnType.Bool or ColumnType.Lookup or ColumnType.Customer or ColumnType.Owner;
        if (labelled && (named || value is not Lookup) && Labels.Of(store, table, column, value) is { } label) entity.FormattedValues[column.Name] = label;
    }

    void PutParties(Entity entity, string column, IEnumerable<Row> parties)
    {
        List<Entity> list = [.. parties.Select(p => FromRow(p, null))];
        if (list.Count > 0) entity.Attributes[column] = new EntityCollection(list) { EntityName = ActivityParties.Table };
    }

    static PartyList Parties(EntityCollection parties)
    {
        var list = new PartyList();
        foreach (Entity party in parties.Entities)
        {
            var values = new RowValues();
            foreach ((string name, object? value) in party.Attributes)
                if (name is not ("activitypartyid" or "activityid" or "participationtypemask" or SystemColumns.Version)) values[name] = Plain(value);
            list.Add(values);
        }
        return list;
    }

    static OptionSetValueCollection Options(string text)
    {
        var options = new OptionSetValueCollection();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
            options.Add(new OptionSetValue(int.Parse(part, CultureInfo.InvariantCulture)));
        return options;
    }
}
