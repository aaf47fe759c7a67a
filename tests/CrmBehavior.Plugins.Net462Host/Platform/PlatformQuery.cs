using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Platform;

/// <summary>As much of a query as the plugins ask: columns equal or not equal to one value, or to one of several, an order, a number of rows.</summary>
static class PlatformQuery
{
    internal static EntityCollection Run(QueryExpression query, IEnumerable<Entity> rows)
    {
        IEnumerable<Entity> found = rows.Where(row => query.Criteria.Conditions.All(condition => Holds(condition, row)));
        foreach (OrderExpression order in query.Orders)
        {
            found = order.OrderType == OrderType.Descending
                ? found.OrderByDescending(row => row.GetAttributeValue<object>(order.AttributeName))
                : found.OrderBy(row => row.GetAttributeValue<object>(order.AttributeName));
        }

        return new EntityCollection(found.Take(query.TopCount ?? int.MaxValue).Select(row => RowCopy.Of(row, query.ColumnSet.Columns)).ToList());
    }

    static bool Holds(ConditionExpression condition, Entity row)
    {
        object? value = Plain(Column(row, condition.AttributeName));
        bool equal = condition.Values.Any(wanted => Same(value, Plain(wanted)));
        switch (condition.Operator)
        {
            case ConditionOperator.In: return equal;
            case ConditionOperator.Equal when condition.Values.Count == 1: return equal;
            case ConditionOperator.NotEqual when condition.Values.Count == 1: return !equal;
            default: throw new NotSupportedException(condition.Operator.ToString());
        }
    }

    // The database does not tell letters by their case.
    static bool Same(object? one, object? other) =>
        one is string text && other is string wanted ? string.Equals(text, wanted, StringComparison.OrdinalIgnoreCase) : Equals(one, other);

    static object? Column(Entity row, string name)
    {
        if (row.Attributes.TryGetValue(name, out object value)) return value;
        return name == row.LogicalName + "id" ? row.Id : null;
    }

    static object? Plain(object? value)
    {
        switch (value)
        {
            case OptionSetValue choice: return choice.Value;
            case EntityReference reference: return reference.Id;
            default: return value;
        }
    }
}
