using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Metadata;

/// <summary>A table as this organisation has it: the platform's own part and what solutions added, ready to be looked up.</summary>
internal sealed class TableInfo
{
    /// <summary>Columns that hold the same few rows everywhere; an index on them would be as large as the table and as slow as none.</summary>
    static readonly FrozenSet<string> CommonLookups = new[]
    {
        "createdby", "modifiedby", "createdonbehalfby", "modifiedonbehalfby", "ownerid", "owninguser", "owningteam", "owningbusinessunit",
            "transactioncurrencyid", "organizationid",
    }.ToFrozenSet(StringComparer.Ordinal);

    public TableInfo(Table definition, IReadOnlyList<Column> columns, IReadOnlyList<AlternateKey> keys, int typeCode)
    {
        Definition = definition;
        AllColumns = columns;
        Keys = keys;
        TypeCode = typeCode;
        Columns = columns.ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);
        IndexedLookups = [.. columns.Where(c => c.IsLookup && !CommonLookups.Contains(c.Name)).Select(c => c.Name)];
        State = Columns.GetValueOrDefault("statecode");
        Status = Columns.GetValueOrDefault("statuscode");
        IsOwned = Columns.ContainsKey("ownerid");
    }

    public Table Definition { get; }

    public string LogicalName => Definition.LogicalName;

    public string SetName => Definition.EntitySetName;

    public string PrimaryId => Definition.PrimaryId;

    public string? PrimaryName => Definition.PrimaryName;

    /// <summary>The number of the table; custom ones count up from 10000.</summary>
    public int TypeCode { get; }

    public IReadOnlyList<Column> AllColumns { get; }

    public FrozenDictionary<string, Column> Columns { get; }

    public IReadOnlyList<AlternateKey> Keys { get; }

    /// <summary>Lookups worth an index of their own.</summary>
    public IReadOnlyList<string> IndexedLookups { get; }

    public Column? State { get; }

    public Column? Status { get; }

    /// <summary>Whether its rows have an owner.</summary>
    public bool IsOwned { get; }

    public bool IsActivity => Definition.IsActivity && !IsActivityBase;

    /// <summary>Whether it is the common base of all activities, which has no rows of its own.</summary>
    public bool IsActivityBase => LogicalName == "activitypointer";

    /// <summary>Navigation properties by name; set once by the schema.</summary>
    public FrozenDictionary<string, Navigation> Navigations { get; internal set; } = FrozenDictionary<string, Navigation>.Empty;

    /// <summary>1:N relationships in which this table is the 1; set once by the schema.</summary>
    public IReadOnlyList<OneToMany> Children { get; internal set; } = [];

    /// <summary>1:N relationships in which this table is the N; set once by the schema.</summary>
    public IReadOnlyList<OneToMany> Parents { get; internal set; } = [];

    /// <summary>N:N relationships of this table; set once by the schema.</summary>
    public IReadOnlyList<ManyToMany> Intersects { get; internal set; } = [];

    /// <summary>The column of a name as it is written in a query: <c>name</c> or <c>_name_value</c>; null when there is none.</summary>
    public Column? FindColumn(string name)
    {
        if (Columns.TryGetValue(name, out Column? column)) return column;
        return LookupOf(name) is { } lookup && Columns.TryGetValue(lookup, out column) && column.IsLookup ? column : null;
    }

    /// <summary>The column's name on the wire.</summary>
    public static string WireName(Column column) => column.IsLookup ? "_" + column.Name + "_value" : column.Name;

    /// <summary><c>x</c> of <c>_x_value</c>, else null.</summary>
    public static string? LookupOf(string wireName) =>
        wireName.Length > 7 && wireName[0] == '_' && wireName.EndsWith("_value", StringComparison.Ordinal) ? wireName[1..^6] : null;

    /// <inheritdoc/>
    public override string ToString() => LogicalName;
}
