using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Query;

/// <summary>What of a row an answer shows.</summary>
/// <param name="Table">The row's table.</param>
/// <param name="Columns">Its columns; null is all.</param>
/// <param name="Expansions">Related rows shown with it.</param>
internal sealed record Projection(TableInfo Table, IReadOnlyList<Column>? Columns, IReadOnlyList<Expansion> Expansions);

/// <summary>Related rows shown under a navigation property; the platform pages lists inside another expansion only.</summary>
internal sealed record Expansion(
    Navigation Navigation, Projection Rows, Condition? Filter, IReadOnlyList<RowOrder> Orders, int? Top, bool ReferencesOnly, bool IsPaged);
