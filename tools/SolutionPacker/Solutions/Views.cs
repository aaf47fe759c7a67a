using System;
using System.Collections.Generic;

namespace CrmBehavior.SolutionPacker.Solutions;

/// <summary>A view (<c>savedquery</c>).</summary>
public sealed record View
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Logical name of its table.</summary>
    public required string Table { get; init; }

    /// <summary>English name.</summary>
    public required string Name { get; init; }

    /// <summary>0 public, 1 advanced find, 2 associated, 4 quick find, 64 lookup.</summary>
    public required int QueryType { get; init; }

    /// <summary>Whether it is the table's default of its type.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The query, XML text with root <c>fetch</c>; empty when the view has none.</summary>
    public string FetchXml { get; init; } = "";

    /// <summary>The columns shown, XML text with root <c>grid</c>; empty when the view has none.</summary>
    public string LayoutXml { get; init; } = "";
}

/// <summary>A form (<c>systemform</c>).</summary>
public sealed record Form
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Logical name of its table.</summary>
    public required string Table { get; init; }

    /// <summary><c>main</c>, <c>quickCreate</c>, <c>quick</c> or <c>card</c>.</summary>
    public required string Type { get; init; }

    /// <summary>English name.</summary>
    public required string Name { get; init; }

    /// <summary>XML text with root <c>form</c>.</summary>
    public required string FormXml { get; init; }
}

/// <summary>A chart (<c>savedqueryvisualization</c>).</summary>
public sealed record Chart
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Logical name of its table.</summary>
    public required string Table { get; init; }

    /// <summary>English name.</summary>
    public required string Name { get; init; }

    /// <summary>What is counted, XML text with root <c>datadefinition</c>.</summary>
    public required string DataXml { get; init; }

    /// <summary>How it is drawn, XML text with root <c>Chart</c>.</summary>
    public required string PresentationXml { get; init; }
}

/// <summary>A dashboard.</summary>
public sealed record Dashboard
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>English name.</summary>
    public required string Name { get; init; }

    /// <summary>XML text with root <c>form</c>.</summary>
    public required string FormXml { get; init; }
}

/// <summary>A site map of an app.</summary>
public sealed record SiteMap
{
    /// <summary>Unique name; the app of the same name shows it.</summary>
    public required string UniqueName { get; init; }

    /// <summary>English label.</summary>
    public string Label { get; init; } = "";

    /// <summary>XML text with root <c>SiteMap</c>.</summary>
    public required string Xml { get; init; }
}

/// <summary>A model-driven app.</summary>
public sealed record AppModule
{
    /// <summary>Unique name.</summary>
    public required string UniqueName { get; init; }

    /// <summary>English label.</summary>
    public string Label { get; init; } = "";

    /// <summary>What the app shows.</summary>
    public IReadOnlyList<RootComponent> Components { get; init; } = [];

    /// <summary>Ids of the roles that may open it.</summary>
    public IReadOnlyList<Guid> Roles { get; init; } = [];
}
