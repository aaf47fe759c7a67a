using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Query.Fetch;

/// <summary>A query with joins: what FetchXML and query expressions say.</summary>
internal sealed record FetchQuery
{
    public required TableInfo Table { get; init; }

    /// <summary>Columns of the first table; null is all.</summary>
    public IReadOnlyList<FetchColumn>? Columns { get; init; } = [];

    public Condition? Filter { get; init; }

    public IReadOnlyList<FetchLink> Links { get; init; } = [];

    public IReadOnlyList<FetchOrder> Orders { get; init; } = [];

    public int? Top { get; init; }

    /// <summary>Rows on a page.</summary>
    public int? PageSize { get; init; }

    /// <summary>Which page, from 1.</summary>
    public int Page { get; init; } = 1;

    public bool Distinct { get; init; }

    public bool IsAggregate { get; init; }

    public bool CountsAll { get; init; }
}

/// <summary>A column in the answer; of an aggregate query with what is done to it.</summary>
internal sealed record FetchColumn(Column Column, string? Alias)
{
    public AggregateMethod? Method { get; init; }

    public bool GroupsBy { get; init; }

    /// <summary><c>day</c>, <c>week</c>, <c>month</c>, <c>quarter</c>, <c>year</c>, or null.</summary>
    public string? DatePart { get; init; }
}

/// <summary>A joined table.</summary>
internal sealed record FetchLink
{
    public required TableInfo Table { get; init; }

    /// <summary>Column of this table.</summary>
    public required Column From { get; init; }

    /// <summary>Column of the table above.</summary>
    public required Column To { get; init; }

    public required string Alias { get; init; }

    public required FetchJoin Join { get; init; }

    public IReadOnlyList<FetchColumn>? Columns { get; init; } = [];

    public Condition? Filter { get; init; }

    public IReadOnlyList<FetchLink> Links { get; init; } = [];
}

/// <summary>How a joined table matters.</summary>
internal enum FetchJoin
{
    /// <summary>A row for each match.</summary>
    Inner,

    /// <summary>A row for each match, and one without when there is none.</summary>
    Outer,

    /// <summary>Only that there is a match.</summary>
    Exists,

    /// <summary>Only that there is none.</summary>
    None,
}

/// <summary>An order by a column of one of the tables, or of an aggregate's alias.</summary>
internal sealed record FetchOrder(ColumnPath? Path, string? Alias, bool Descending);
