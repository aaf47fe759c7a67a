using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Query.Conditions;

/// <summary>Makes the test of an operator with its values. An empty column passes the negative tests, as the platform's own SQL has it.</summary>
internal static class ValueTests
{
    public static Func<object?, bool> Make(ConditionOperator test, IReadOnlyList<object?> values, Caller caller, DateTime now)
    {
        object? first = values.Count > 0 ? values[0] : null;
        switch (test)
        {
            case ConditionOperator.Null: return static v => v is null;
            case ConditionOperator.NotNull: return static v => v is not null;
            case ConditionOperator.Equal: return v => ValueOrder.AreEqual(v, first);
            case ConditionOperator.NotEqual: return v => !ValueOrder.AreEqual(v, first);
            case ConditionOperator.GreaterThan: return v => v is not null && ValueOrder.Instance.Compare(v, first) > 0;
            case ConditionOperator.GreaterEqual: return v => v is not null && ValueOrder.Instance.Compare(v, first) >= 0;
            case ConditionOperator.LessThan: return v => v is not null && ValueOrder.Instance.Compare(v, first) < 0;
            case ConditionOperator.LessEqual: return v => v is not null && ValueOrder.Instance.Compare(v, first) <= 0;
            case ConditionOperator.In: return OneOf(values);
            case ConditionOperator.NotIn: return Not(OneOf(values));
            case ConditionOperator.Between: return Within(values);
            case ConditionOperator.NotBetween: return Not(Within(values));
            case ConditionOperator.Contains: return Text(first, static (v, t) => v.Contains(t, StringComparison.OrdinalIgnoreCase));
            case ConditionOperator.DoesNotContain: return Not(Text(first, static (v, t) => v.Contains(t, StringComparison.OrdinalIgnoreCase)));
            case ConditionOperator.BeginsWith: return Text(first, static (v, t) => v.StartsWith(t, StringComparison.OrdinalIgnoreCase));
            case ConditionOperator.DoesNotBeginWith: return Not(Text(first, static (v, t) => v.StartsWith(t, StringComparison.OrdinalIgnoreCase)));
            case ConditionOperator.EndsWith: return Text(first, static (v, t) => v.EndsWith(t, StringComparison.OrdinalIgnoreCase));
            case ConditionOperator.DoesNotEndWith: return Not(Text(first, static (v, t) => v.EndsWith(t, StringComparison.OrdinalIgnoreCase)));
            case ConditionOperator.Like: return Like(first);
            case ConditionOperator.NotLike: return Not(Like(first));
            case ConditionOperator.ContainValues: return Chosen(values);
            case ConditionOperator.DoesNotContainValues: return Not(Chosen(values));
            case ConditionOperator.On: return Day(first, static (v, d) => v >= d && v < d.AddDays(1));
            case ConditionOperator.NotOn: return Not(Day(first, static (v, d) => v >= d && v < d.AddDays(1)));
            case ConditionOperator.OnOrAfter: return Day(first, static (v, d) => v >= d);
            case ConditionOperator.OnOrBefore: return Day(first, static (v, d) => v < d.AddDays(1));
            case ConditionOperator.EqualUserId: return v => IdOf(v) == caller.UserId;
            case ConditionOperator.NotEqualUserId: return v => IdOf(v) != caller.UserId;
            case ConditionOperator.EqualBusinessId: return v => IdOf(v) == caller.BusinessUnitId;
            case ConditionOperator.NotEqualBusinessId: return v => IdOf(v) != caller.BusinessUnitId;
            case ConditionOperator.EqualUserTeams: return v => IdOf(v) is { } id && caller.Teams.Contains(id);
            case ConditionOperator.EqualUserOrUserTeams: return v => IdOf(v) is { } id && (id == caller.UserId || caller.Teams.Contains(id));
        }
        if (DateSpans.Of(test, first, now) is var (from, until)) return v => v is DateTime time && time >= from && time < until;
        throw Failure.BadQuery($"The condition operator '{test}' is not supported here.");
    }

    static Func<object?, bool> Not(Func<object?, bool> test) => v => !test(v);

    static Func<object?, bool> OneOf(IReadOnlyList<object?> values)
    {
        if (values.Count > 8 && values.All(v => v is Guid))
        {
            HashSet<Guid> ids = [.. values.Cast<Guid>()];
            return v => IdOf(v) is { } id && ids.Contains(id);
        }
        if (values.Count > 8 && values.All(v => v is string))
        {
            var texts = values.Cast<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
            return v => v is string text && texts.Contains(text);
        }
        return v => values.Any(w => ValueOrder.AreEqual(v, w));
    }

    static Func<object?, bool> Within(IReadOnlyList<object?> values)
    {
        if (values.Count != 2) throw Failure.BadQuery("A range takes two values.");
        return v => v is not null && ValueOrder.Instance.Compare(v, values[0]) >= 0 && ValueOrder.Instance.Compare(v, values[1]) <= 0;
    }

    static Func<object?, bool> Text(object? value, Func<string, string, bool> test)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return v => v is not null && test(v as string ?? Convert.ToString(v, CultureInfo.InvariantCulture) ?? "", text);
    }

    // % is any text, _ any character, [abc] one of them, as in SQL.
    static Func<object?, bool> Like(object? value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        string inner = text.Trim('%');
        if (inner.IndexOfAny(['%', '_', '[']) < 0)
        {
            bool open = text.StartsWith('%'), end = text.EndsWith('%') && text.Length > 0;
            return Text(inner, (open, end) switch
            {
                (true, true) => static (v, t) => v.Contains(t, StringComparison.OrdinalIgnoreCase),
                (true, false) => static (v, t) => v.EndsWith(t, StringComparison.OrdinalIgnoreCase),
                (false, true) => static (v, t) => v.StartsWith(t, StringComparison.OrdinalIgnoreCase),
                _ => static (v, t) => v.Equals(t, StringComparison.OrdinalIgnoreCase),
            });
        }
        var pattern = new StringBuilder("^");
        for (int i = 0; i < text.Length; i++)
        {
            int close = text[i] == '[' ? text.IndexOf(']', i) : -1;
            if (text[i] == '%') pattern.Append(".*");
            else if (text[i] == '_') pattern.Append('.');
            else if (close > i + 1)
            {
                string set = text[(i + 1)..close];
                pattern.Append('[').Append(set[0] == '^' ? "^" : "").Append(Regex.Escape(set.TrimStart('^')).Replace("]", "\\]", StringComparison.Ordinal))
                    .Append(']');
                i = close;
            }
            else pattern.Append(Regex.Escape(text[i].ToString()));
        }
        var regex = new Regex(
            pattern.Append('$').ToString(), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
        return v => v is string s && regex.IsMatch(s);
    }

    static Func<object?, bool> Chosen(IReadOnlyList<object?> values)
    {
        var wanted = values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)).ToHashSet(StringComparer.Ordinal);
        return v => v is string set && set.Split(',').Any(wanted.Contains);
    }

    static Func<object?, bool> Day(object? value, Func<DateTime, DateTime, bool> test)
    {
        DateTime day = value switch
        {
            DateTime time => time.Date,
            DateTimeOffset time => time.UtcDateTime.Date,
            string text when DateTime.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time) => time.Date,
            _ => throw Failure.BadQuery($"'{value}' is no date."),
        };
        return v => v is DateTime time && test(time, day);
    }

    static Guid? IdOf(object? value) => value switch { Lookup lookup => lookup.Id, Guid id => id, _ => null };
}
