using System;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.Sandbox.Dataverse.Rows;
using Microsoft.OData.UriParser;

namespace CrmBehavior.Sandbox.Dataverse.Query.OData;

/// <summary>A filter behind a groupby or aggregate: comparisons of the groups' own values, by their names in the answer.</summary>
internal static class GroupCondition
{
    public static Func<RowValues, bool> Make(QueryNode node)
    {
        switch (node)
        {
            case ConvertNode convert:
                return Make(convert.Source);
            case UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not:
                Func<RowValues, bool> inner = Make(not.Operand);
                return g => !inner(g);
            case BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and:
                (Func<RowValues, bool> first, Func<RowValues, bool> second) = (Make(and.Left), Make(and.Right));
                return g => first(g) && second(g);
            case BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or:
                (Func<RowValues, bool> one, Func<RowValues, bool> other) = (Make(or.Left), Make(or.Right));
                return g => one(g) || other(g);
            case BinaryOperatorNode binary:
                return Compare(Value(binary.Left), Value(binary.Right), binary.OperatorKind);
            default:
                throw Failure.BadQuery("A filter behind groupby or aggregate takes comparisons of its names with values only.");
        }
    }

    static Func<RowValues, object?> Value(QueryNode node)
    {
        while (node is ConvertNode convert) node = convert.Source;
        string? name = node switch
        {
            SingleValueOpenPropertyAccessNode open => open.Name,
            SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } own => own.Property.Name,
            _ => null,
        };
        if (name is not null) return g => g.Value(name);
        if (node is ConstantNode constant) return _ => constant.Value;
        throw Failure.BadQuery("A filter behind groupby or aggregate takes comparisons of its names with values only.");
    }

    static Func<RowValues, bool> Compare(Func<RowValues, object?> left, Func<RowValues, object?> right, BinaryOperatorKind kind)
    {
        Func<object?, object?, bool> test = kind switch
        {
            BinaryOperatorKind.Equal => static (a, b) => a is null && b is null || ValueOrder.AreEqual(a, b),
            BinaryOperatorKind.NotEqual => static (a, b) => !(a is null && b is null || ValueOrder.AreEqual(a, b)),
            BinaryOperatorKind.GreaterThan => static (a, b) => ValueOrder.Instance.Compare(a, b) > 0,
            BinaryOperatorKind.GreaterThanOrEqual => static (a, b) => ValueOrder.Instance.Compare(a, b) >= 0,
            BinaryOperatorKind.LessThan => static (a, b) => ValueOrder.Instance.Compare(a, b) < 0,
            BinaryOperatorKind.LessThanOrEqual => static (a, b) => ValueOrder.Instance.Compare(a, b) <= 0,
            _ => throw Failure.BadQuery($"The operator '{kind}' is not supported behind groupby or aggregate."),
        };
        return g => left(g) is { } a && right(g) is { } b ? test(a, b) : kind is BinaryOperatorKind.Equal or BinaryOperatorKind.NotEqual
            && test(left(g), right(g));
    }
}
