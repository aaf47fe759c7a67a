using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Query.Conditions;

/// <summary>Turns conditions into predicates over a scope: a row, or several joined ones that <paramref name="pick"/> tells apart by alias.</summary>
internal sealed class ConditionCompiler<TScope>(RowStore store, Caller caller, DateTime now, Func<string?, Func<TScope, Row?>> pick)
{
    public Func<TScope, bool> Compile(Condition condition)
    {
        switch (condition)
        {
            case Always always:
                return _ => always.Holds;
            case AllOf all:
                Func<TScope, bool>[] every = [.. all.Parts.Select(Compile)];
                if (every.Length == 1) return every[0];
                if (every.Length == 2) return s => every[0](s) && every[1](s);
                return s => Array.TrueForAll(every, p => p(s));
            case AnyOf any:
                Func<TScope, bool>[] some = [.. any.Parts.Select(Compile)];
                return some.Length == 1 ? some[0] : s => Array.Exists(some, p => p(s));
            case Negation negation:
                Func<TScope, bool> part = Compile(negation.Part);
                return s => !part(s);
            case ColumnTest test:
                Func<TScope, object?> value = Value(test.Path);
                Func<object?, bool> passes = ValueTests.Make(test.Operator, test.Values, caller, now);
                return s => passes(value(s));
            case ColumnComparison comparison:
                return Compare(Value(comparison.Left), comparison.Operator, Value(comparison.Right));
            case RelatedTest related:
                return Related(related);
            default:
                throw Failure.BadQuery("The condition is not supported here.");
        }
    }

    /// <summary>Reads a column of the scope.</summary>
    public Func<TScope, object?> Value(ColumnPath path)
    {
        Func<TScope, Row?> row = pick(path.Alias);
        string name = path.Column.Name;
        if (path.Hops.Count == 0) return s => row(s)?[name];
        return s => Follow(store, row(s), path.Hops)?[name];
    }

    static Func<TScope, bool> Compare(Func<TScope, object?> left, ConditionOperator test, Func<TScope, object?> right) => test switch
    {
        ConditionOperator.Equal => s => ValueOrder.AreEqual(left(s), right(s)),
        ConditionOperator.NotEqual => s => !ValueOrder.AreEqual(left(s), right(s)),
        _ => s =>
        {
            object? a = left(s), b = right(s);
            if (a is null || b is null) return false;
            int order = ValueOrder.Instance.Compare(a, b);
            return test switch
            {
                ConditionOperator.GreaterThan => order > 0,
                ConditionOperator.GreaterEqual => order >= 0,
                ConditionOperator.LessThan => order < 0,
                _ => order <= 0,
            };
        }
        ,
    };

    Func<TScope, bool> Related(RelatedTest test)
    {
        Func<TScope, Row?> row = pick(null);
        Func<Row, bool>? inner = test.Inner is null ? null : new ConditionCompiler<Row>(store, caller, now, _ => r => r).Compile(test.Inner);
        return s =>
        {
            if (Follow(store, row(s), test.Hops) is not { } from) return test.Every;
            IEnumerable<Row> related = RelatedRows.Of(store, from, test.Collection);
            if (inner is null) return related.Any();
            return test.Every ? related.All(inner) : related.Any(inner);
        };
    }

    static Row? Follow(RowStore store, Row? row, IReadOnlyList<Navigation> hops)
    {
        foreach (Navigation hop in hops)
        {
            if (row is null) return null;
            row = RelatedRows.One(store, row, hop);
        }
        return row;
    }
}
