using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>A row as a request brings it: plain values, references by address, and rows to be made with it.</summary>
internal sealed class Payload
{
    readonly RowValues values = [];
    readonly List<(Navigation Navigation, string? Address)> bindings = [];
    readonly List<(Navigation Navigation, Payload Row)> singles = [];
    readonly List<(Navigation Navigation, Payload Row)> children = [];
    readonly List<(Navigation Navigation, string Address)> links = [];
    readonly List<Payload> parties = [];

    Payload(TableInfo table) => Table = table;

    public TableInfo Table { get; }

    /// <summary>The <c>@odata.id</c> that names the row in an UpsertMultiple.</summary>
    public string? Address { get; private set; }

    /// <summary>The <c>@odata.type</c> without namespace; null when it has none.</summary>
    public string? TypeName { get; private set; }

    /// <summary>Rows to be made before this one, which it will name.</summary>
    public IReadOnlyList<(Navigation Navigation, Payload Row)> Singles => singles;

    /// <summary>Rows to be made after this one, which will name it or be associated with it.</summary>
    public IReadOnlyList<(Navigation Navigation, Payload Row)> Children => children;

    /// <summary>Rows to be associated with this one.</summary>
    public IReadOnlyList<(Navigation Navigation, string Address)> Links => links;

    /// <summary>Whether it brings nothing but its own columns.</summary>
    public bool IsFlat => singles.Count == 0 && children.Count == 0 && links.Count == 0;

    /// <summary>The primary key among the values.</summary>
    public Guid? Id => values.Value(Table.PrimaryId) as Guid?;

    public static Payload Read(OrgSchema schema, TableInfo table, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw Failure.BadPayload($"Error identified in Payload provided by the user for Entity :'{table.LogicalName}': an object is expected.");
        var payload = new Payload(table);
        foreach (JsonProperty member in json.EnumerateObject()) payload.Take(schema, member);
        return payload;
    }

    /// <summary>The same without some columns.</summary>
    public Payload Without(IReadOnlyList<string> columns)
    {
        foreach (string column in columns)
        {
            values.Remove(column);
            bindings.RemoveAll(b => b.Navigation.Column == column);
        }
        return this;
    }

    /// <summary>The same for a row that the address names: its id, or the key's values unless the body has them.</summary>
    public Payload WithKey(KeyArguments key)
    {
        if (key.Id is { } id) values[Table.PrimaryId] = id;
        foreach ((string column, object? value) in key.Values)
            if (!values.ContainsKey(column) && bindings.TrueForAll(b => b.Navigation.Column != column)) values[column] = value;
        return this;
    }

    /// <summary>The values with every reference looked up; call where rows can be read.</summary>
    public RowValues Resolve(References references)
    {
        var resolved = new RowValues(values);
        foreach ((Navigation navigation, string? address) in bindings)
            resolved[navigation.Column] = address is null ? null : references.Find(address, navigation, Table);
        foreach (Payload party in parties)
        {
            RowValues one = party.Resolve(references);
            int mask = one.Value("participationtypemask") as int? ?? throw Failure.BadPayload("An activity party needs a participationtypemask.");
            one.Remove("participationtypemask");
            string column = ActivityParties.ColumnFor(Table, mask)
                ?? throw Failure.BadPayload($"The activity '{Table.LogicalName}' has no parties of type {mask}.");
            if (resolved.Value(column) is not PartyList list) resolved[column] = list = [];
            list.Add(one);
        }
        return resolved;
    }

    void Take(OrgSchema schema, JsonProperty member)
    {
        string name = member.Name;
        int at = name.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            Annotation(name[..at], name[(at + 1)..], member.Value);
            return;
        }
        if (Table.Columns.TryGetValue(name, out Column? column) && !column.IsLookup && column.Type != ColumnType.PartyList)
        {
            values[column.Name] = ValueReader.FromJson(Table, column, member.Value);
            return;
        }
        if (Table.Navigations.TryGetValue(name, out Navigation? navigation) && member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            Nested(schema, navigation!, member.Value);
            return;
        }
        if (Table.FindColumn(name) is { IsLookup: true } || navigation is not null) throw Failure.DirectLookup(name);
        throw Failure.UnknownProperty(name, Table.LogicalName);
    }

    void Annotation(string name, string annotation, JsonElement value)
    {
        if (name.Length == 0)
        {
            if (annotation == "odata.id") Address = value.GetString();
            if (annotation == "odata.type")
                TypeName = value.GetString()?.Replace("#", "", StringComparison.Ordinal).Replace("Microsoft.Dynamics.CRM.", "", StringComparison.Ordinal);
            return;
        }
        if (annotation != "odata.bind") return;
        if (!Table.Navigations.TryGetValue(name, out Navigation? navigation)) throw Failure.UndeclaredNavigation(name, Table.LogicalName);
        if (navigation.IsSingle && value.ValueKind is JsonValueKind.String or JsonValueKind.Null) bindings.Add((navigation, value.GetString()));
        else if (!navigation.IsSingle && value.ValueKind == JsonValueKind.Array)
            links.AddRange(value.EnumerateArray().Select(v => (navigation, v.GetString() ?? "")));
        else throw Failure.BadPayload($"The value of '{name}@odata.bind' must be {(navigation.IsSingle ? "an address or null" : "a list of addresses")}.");
    }

    void Nested(OrgSchema schema, Navigation navigation, JsonElement value)
    {
        TableInfo target = schema[navigation.Target];
        if (navigation.IsSingle != (value.ValueKind == JsonValueKind.Object))
            throw Failure.BadPayload($"The value of '{navigation.Name}' must be {(navigation.IsSingle ? "an object" : "a list")}.");
        if (navigation.IsSingle) singles.Add((navigation, Read(schema, target, value)));
        else if (navigation.Kind == NavigationKind.Parties) parties.AddRange(value.EnumerateArray().Select(v => Read(schema, target, v)));
        else children.AddRange(value.EnumerateArray().Select(v => (navigation, Read(schema, target, v))));
    }

    /// <summary>A payload of parties alone, for replacing all parties of an activity.</summary>
    public static Payload OfParties(OrgSchema schema, TableInfo activity, JsonElement list)
    {
        var payload = new Payload(activity);
        payload.parties.AddRange(list.EnumerateArray().Select(v => Read(schema, schema[ActivityParties.Table], v)));
        return payload;
    }
}
