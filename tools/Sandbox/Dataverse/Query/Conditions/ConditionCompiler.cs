using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.SolutionPacker.Schema;
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
            case JoinTest join:
                return Joined(join);
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
        Func<Row?, Row?> follow = Follow(path.Hops);
        return s => follow(row(s))?[name];
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
        Func<Row?, Row?> follow = Follow(test.Hops);
        Func<Row, bool>? readable = Access.Readable(caller, store.Schema[test.Collection.Target]);
        return s =>
        {
            if (follow(row(s)) is not { } from) return test.Every;
            IEnumerable<Row> related = RelatedRows.Of(store, from, test.Collection);
            if (readable is not null) related = related.Where(readable);
            if (inner is null) return related.Any();
            return test.Every ? related.All(inner) : related.Any(inner);
        };
    }

    Func<TScope, bool> Joined(JoinTest join)
    {
        Func<TScope, Row?> row = pick(join.Alias);
        Func<Row, bool>? readable = Access.Readable(caller, join.Table);
        Func<Row, bool>? inner = join.Inner is null ? null : new ConditionCompiler<Row>(store, caller, now, _ => r => r).Compile(join.Inner);
        return s =>
        {
            IEnumerable<Row> matches = Matches(store, row(s)?[join.To.Name], join.Table, join.From);
            if (readable is not null) matches = matches.Where(readable);
            return join.Match switch
            {
                JoinMatch.Any => inner is null ? matches.Any() : matches.Any(inner),
                JoinMatch.NotAny => !(inner is null ? matches.Any() : matches.Any(inner)),
                _ => matches.ToList() is { Count: > 0 } some && inner is not null && !some.Exists(m => inner(m)),
            };
        };
    }

    /// <summary>Rows of a table whose column equals a value of another row.</summary>
    public static IEnumerable<Row> Matches(RowStore store, object? value, TableInfo table, Column column)
    {
        object? wanted = value is Lookup lookup ? lookup.Id : value;
        if (wanted is null) return [];
        if (column.Name == table.PrimaryId && wanted is Guid id) return store.Find(table.LogicalName, id) is { } one ? [one] : [];
        IEnumerable<Row> candidates = store.FindEqual(table, column.Name, wanted) ?? store.All(table);
        return candidates.Where(r => ValueOrder.AreEqual(r[column.Name], wanted));
    }

    // Who asks about a related row must be allowed to read it.
    Func<Row?, Row?> Follow(IReadOnlyList<Navigation> hops)
    {
        if (hops.Count == 0) return static r => r;
        Func<Row, bool>?[] readable = [.. hops.Select(h => Access.Readable(caller, store.Schema[h.Target]))];
        return row =>
        {
            for (int i = 0; i < hops.Count && row is not null; i++)
            {
                row = RelatedRows.One(store, row, hops[i]);
                if (row is not null && readable[i] is { } may && !may(row)) row = null;
            }
            return row;
        };
    }
}
