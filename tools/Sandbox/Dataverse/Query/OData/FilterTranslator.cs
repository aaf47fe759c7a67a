using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.SolutionPacker.Schema;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Query.OData;

/// <summary>Brings a parsed <c>$filter</c> into conditions.</summary>
internal sealed class FilterTranslator(OrgSchema schema, TableInfo table, IDictionary<string, SingleValueNode>? aliases = null)
{
    public Condition Translate(QueryNode node)
    {
        switch (node)
        {
            case ConvertNode convert:
                return Translate(convert.Source);
            case BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and:
                return new AllOf([Translate(and.Left), Translate(and.Right)]);
            case BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or:
                return new AnyOf([Translate(or.Left), Translate(or.Right)]);
            case BinaryOperatorNode binary:
                return Compare(binary);
            case UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not:
                return new Negation(Translate(not.Operand));
            case SingleValueFunctionCallNode call:
                return Function(call);
            case AnyNode any:
                return Related(any, every: false);
            case AllNode all:
                return Related(all, every: true);
            case InNode { Right: CollectionConstantNode list } contained:
                ColumnPath path = PathOf(contained.Left);
                return new ColumnTest(path, ConditionOperator.In, [.. list.Collection.Select(c => Value(path.Column, c.Value))]);
            case ConstantNode { Value: bool holds }:
                return new Always(holds);
            case SingleValuePropertyAccessNode property:
                return new ColumnTest(PathOf(property), ConditionOperator.Equal, [true]);
            default:
                throw Failure.BadQuery($"The $filter expression of kind {node.Kind} is not supported.");
        }
    }

    /// <summary>The column that an expression names, with the lookups on the way.</summary>
    public ColumnPath PathOf(QueryNode node)
    {
        node = Bare(node);
        if (node is not SingleValuePropertyAccessNode access) throw Failure.BadQuery("Only columns and values can be compared.");
        var hops = new List<Navigation>();
        TableInfo owner = Hops(access.Source, hops);
        Column column = owner.FindColumn(access.Property.Name)
            ?? throw Failure.BadQuery($"Could not find a property named '{access.Property.Name}' on type '{OrgModel.Namespace}.{owner.LogicalName}'.");
        return new ColumnPath(null, hops, owner, column);
    }

    Condition Compare(BinaryOperatorNode binary)
    {
        ConditionOperator test = binary.OperatorKind switch
        {
            BinaryOperatorKind.Equal => ConditionOperator.Equal,
            BinaryOperatorKind.NotEqual => ConditionOperator.NotEqual,
            BinaryOperatorKind.GreaterThan => ConditionOperator.GreaterThan,
            BinaryOperatorKind.GreaterThanOrEqual => ConditionOperator.GreaterEqual,
            BinaryOperatorKind.LessThan => ConditionOperator.LessThan,
            BinaryOperatorKind.LessThanOrEqual => ConditionOperator.LessEqual,
            _ => throw Failure.BadQuery($"The operator '{binary.OperatorKind}' is not supported; arithmetic is not part of the Web API."),
        };
        QueryNode left = Bare(binary.Left), right = Bare(binary.Right);
        if (left is ConstantNode && right is not ConstantNode) (left, right, test) = (right, left, Swapped(test));
        if (right is ConstantNode constant)
        {
            if (left is SingleNavigationNode navigation) return Empty(navigation, constant, test);
            // contains(…) eq true
            if (left is SingleValueFunctionCallNode && constant.Value is bool wanted)
                return wanted == (test == ConditionOperator.Equal) ? Translate(left) : new Negation(Translate(left));
            ColumnPath path = PathOf(left);
            if (constant.Value is null) return new ColumnTest(path, test == ConditionOperator.Equal ? ConditionOperator.Null : ConditionOperator.NotNull, []);
            return new ColumnTest(path, test, [Value(path.Column, constant.Value)]);
        }
        return new ColumnComparison(PathOf(left), test, PathOf(right));
    }

    // primarycontactid eq null
    ColumnTest Empty(SingleNavigationNode node, ConstantNode constant, ConditionOperator test)
    {
        if (constant.Value is not null) throw Failure.BadQuery("A navigation property can be compared with null only; compare _name_value with an id.");
        var hops = new List<Navigation>();
        TableInfo owner = Hops(node.Source, hops);
        Navigation navigation = owner.Navigations[node.NavigationProperty.Name];
        return new ColumnTest(
            new ColumnPath(null, hops, owner, owner.Columns[navigation.Column]), test == ConditionOperator.Equal ? ConditionOperator.Null
                : ConditionOperator.NotNull, []);
    }

    ColumnTest Function(SingleValueFunctionCallNode call)
    {
        QueryNode[] arguments = [.. call.Parameters];
        switch (call.Name)
        {
            case "contains" or "startswith" or "endswith":
                ColumnPath path = PathOf(arguments[0]);
                ConditionOperator test =
                    call.Name switch
                    {
                        "contains" => ConditionOperator.Contains,
                        "startswith" => ConditionOperator.BeginsWith,
                        _ => ConditionOperator.EndsWith
                    };
                return new ColumnTest(path, test, [Constant(arguments[1])]);
            default:
                if (QueryFunctions.OperatorOf(call.Name) is { } named) return Named(call, named);
                throw Failure.BadQuery($"The function '{call.Name}' is not supported in $filter.");
        }
    }

    ColumnTest Named(SingleValueFunctionCallNode call, ConditionOperator test)
    {
        string? property = null;
        var values = new List<object?>();
        foreach (NamedFunctionParameterNode parameter in call.Parameters.OfType<NamedFunctionParameterNode>())
        {
            object? value = Constant(parameter.Value);
            if (parameter.Name == "PropertyName") property = value as string;
            else if (value is ODataCollectionValue list) values.AddRange(list.Items);
            else values.Add(value);
        }
        if (property is null || table.FindColumn(property) is not { } column)
            throw Failure.BadQuery($"The query function needs a PropertyName that is a column of '{table.LogicalName}'; '{property}' is none.");
        bool raw = test is ConditionOperator.ContainValues or ConditionOperator.DoesNotContainValues || values.Count == 1 && values[0] is long or int;
        return new ColumnTest(new ColumnPath(null, [], table, column), test, raw ? values : [.. values.Select(v => Value(column, v))]);
    }

    RelatedTest Related(LambdaNode lambda, bool every)
    {
        if (Bare(lambda.Source) is not CollectionNavigationNode collection) throw Failure.BadQuery("any and all take a collection-valued navigation property.");
        var hops = new List<Navigation>();
        TableInfo owner = Hops(collection.Source, hops);
        Navigation navigation = owner.Navigations[collection.NavigationProperty.Name];
        Condition? inner = lambda.Body is null || lambda is AnyNode { Body: ConstantNode { Value: true } } ? null
            : new FilterTranslator(schema, schema[navigation.Target], aliases).Translate(lambda.Body);
        return new RelatedTest(hops, navigation, inner, every);
    }

    TableInfo Hops(QueryNode source, List<Navigation> hops)
    {
        switch (Bare(source))
        {
            case SingleNavigationNode navigation:
                TableInfo owner = Hops(navigation.Source, hops);
                Navigation hop = owner.Navigations[navigation.NavigationProperty.Name];
                hops.Add(hop);
                return schema[hop.Target];
            default:
                return table;
        }
    }

    // Without conversions; a parameter alias is what the address says it stands for.
    QueryNode Bare(QueryNode node)
    {
        while (true)
        {
            switch (node)
            {
                case ConvertNode convert: node = convert.Source; continue;
                case SingleResourceCastNode cast: node = cast.Source; continue;
                case ParameterAliasNode alias:
                    node = aliases is not null && aliases.TryGetValue(alias.Alias, out SingleValueNode? known) && known is not null ? known
                        : throw Failure.BadQuery($"The parameter alias '{alias.Alias}' has no value; add {alias.Alias}=… to the query.");
                    continue;
                default: return node;
            }
        }
    }

    object? Constant(QueryNode node) => Bare(node) switch
    {
        ConstantNode constant => constant.Value,
        CollectionConstantNode list => new ODataCollectionValue { Items = list.Collection.Select(c => c.Value) },
        _ => throw Failure.BadQuery("A value is expected here."),
    };

    static object? Value(Column column, object? value) => ValueOrder.ForColumn(column, value switch
    {
        Date date => new DateTime(date.Year, date.Month, date.Day, 0, 0, 0, DateTimeKind.Utc),
        ODataEnumValue choice =>
            int.TryParse(choice.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : choice.Value,
        _ => value,
    });

    static ConditionOperator Swapped(ConditionOperator test) => test switch
    {
        ConditionOperator.GreaterThan => ConditionOperator.LessThan,
        ConditionOperator.GreaterEqual => ConditionOperator.LessEqual,
        ConditionOperator.LessThan => ConditionOperator.GreaterThan,
        ConditionOperator.LessEqual => ConditionOperator.GreaterEqual,
        _ => test,
    };
}
