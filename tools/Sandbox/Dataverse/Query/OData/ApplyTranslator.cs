using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using Microsoft.OData.UriParser.Aggregation;

namespace CrmBehavior.Sandbox.Dataverse.Query.OData;

/// <summary>Runs <c>$apply</c>: filters of rows, then groupby or aggregate, then filters of the groups.</summary>
internal sealed class ApplyTranslator(RowStore store, Caller caller, TableInfo table)
{
    readonly FilterTranslator filters = new(store.Schema, table);
    readonly ConditionCompiler<Row> compiler = new(store, caller, store.Clock.UtcNow, static _ => static r => r);

    public List<RowValues> Run(ApplyClause apply, Condition? filter)
    {
        var conditions = new List<Condition>();
        if (filter is not null) conditions.Add(filter);
        var groupings = new List<Grouping<Row>>();
        var aggregates = new List<Aggregate<Row>>();
        var groupTests = new List<Func<RowValues, bool>>();
        bool grouped = false;
        foreach (TransformationNode step in apply.Transformations)
        {
            switch (step)
            {
                case FilterTransformationNode where when grouped:
                    groupTests.Add(GroupCondition.Make(where.FilterClause.Expression));
                    break;
                case not FilterTransformationNode when grouped:
                    throw Failure.BadQuery("$apply groups or aggregates once; only filters may follow.");
                case FilterTransformationNode where:
                    conditions.Add(filters.Translate(where.FilterClause.Expression));
                    break;
                case GroupByTransformationNode group:
                    grouped = true;
                    groupings.AddRange(group.GroupingProperties.SelectMany(p => Leaves(p, p.Name)));
                    if (group.ChildTransformations is AggregateTransformationNode inner) aggregates.AddRange(inner.AggregateExpressions.Select(Aggregate));
                    else if (group.ChildTransformations is not null) throw Failure.BadQuery("groupby takes an aggregate as its second part.");
                    break;
                case AggregateTransformationNode all:
                    grouped = true;
                    aggregates.AddRange(all.AggregateExpressions.Select(Aggregate));
                    break;
                default:
                    throw Failure.BadQuery($"The transformation '{step.Kind}' is not supported in $apply.");
            }
        }
        List<RowValues> groups =
            Aggregation.Run(RowSelection.Matching(store, caller, table, conditions.Count == 0 ? null : new AllOf(conditions)), groupings, aggregates);
        return groupTests.Count == 0 ? groups : [.. groups.Where(g => groupTests.TrueForAll(t => t(g)))];
    }

    IEnumerable<Grouping<Row>> Leaves(GroupByPropertyNode node, string path)
    {
        if (node.Expression is not null) return [new Grouping<Row>(path, compiler.Value(filters.PathOf(node.Expression)))];
        return node.ChildTransformations.SelectMany(c => Leaves(c, path + "/" + c.Name));
    }

    Aggregate<Row> Aggregate(AggregateExpressionBase expression)
    {
        if (expression is not AggregateExpression simple) throw Failure.BadQuery("Only columns can be aggregated.");
        if (simple.Method == AggregationMethod.VirtualPropertyCount) return new Aggregate<Row>(simple.Alias, AggregateMethod.Count, null);
        AggregateMethod method = simple.Method switch
        {
            AggregationMethod.Sum => AggregateMethod.Sum,
            AggregationMethod.Average => AggregateMethod.Average,
            AggregationMethod.Min => AggregateMethod.Min,
            AggregationMethod.Max => AggregateMethod.Max,
            AggregationMethod.CountDistinct => AggregateMethod.CountDistinct,
            _ => throw Failure.BadQuery($"The aggregation method '{simple.Method}' is not supported."),
        };
        return new Aggregate<Row>(simple.Alias, method, compiler.Value(filters.PathOf(simple.Expression)));
    }
}
