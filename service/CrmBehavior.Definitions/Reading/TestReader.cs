using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Reads filters and the tests in them.</summary>
internal static class TestReader
{
    static readonly Dictionary<string, Operator> Operators = Enum.GetValues<Operator>()
        .ToDictionary(o => char.ToLowerInvariant(o.ToString()[0]) + o.ToString()[1..]);

    /// <summary>Names of all operators.</summary>
    public static IEnumerable<string> Names => Operators.Keys;

    /// <summary>An event and its filter: <c>"event"</c> and <c>"where"</c> of an object.</summary>
    public static EventPattern? Pattern(Place place)
    {
        string? name = place.Text("event", "the name of the event, as in \"page_viewed\"");
        var tests = new List<PathTest>();
        if (place.Find("where") is { } where)
        {
            if (!where.IsObject) where.Error("\"where\" must be an object of property to test, as in {\"path\":{\"startsWith\":\"/pricing\"}}");
            else
            {
                foreach ((string path, Place test) in where.Members())
                {
                    if (path.Length == 0 || path.Split('.').Any(p => p.Length == 0)) test.Error($"\"{path}\" is no path; write names joined by dots, as in \"cart.value\"");
                    else if (Test(test) is { } read) tests.Add(new PathTest(new EventPath(path), read));
                }
            }
        }
        return name == null ? null : new EventPattern(name, tests);
    }

    /// <summary>A test: a bare value means equals; an object of operators means all of them.</summary>
    public static ValueTest? Test(Place place)
    {
        if (!place.IsObject)
        {
            return Operand(place, "in") is { } value ? new ValueTest([new Comparison(Operator.Eq, [value])]) : null;
        }
        return Tests(place, []);
    }

    /// <summary>The operators of an object, those keys left aside that are something else.</summary>
    public static ValueTest? Tests(Place place, string[] others)
    {
        var comparisons = new List<Comparison>();
        bool wrong = false;
        foreach ((string name, Place operand) in place.Members().Where(m => !others.Contains(m.Key)))
        {
            if (!Operators.TryGetValue(name, out Operator op))
            {
                operand.Error($"\"{name}\" is no test.{Synonyms.OperatorHint(name, Operators.Keys)}");
                wrong = true;
            }
            else if (Comparison(op, name, operand) is { } comparison) comparisons.Add(comparison);
            else wrong = true;
        }
        if (wrong) return null;
        if (comparisons.Count > 0) return new ValueTest(comparisons);
        place.Error("say what is tested, as in {\"eq\":\"gold\"}");
        return null;
    }

    static Comparison? Comparison(Operator op, string name, Place operand)
    {
        switch (op)
        {
            case Operator.Exists:
                if (operand.Element.ValueKind is JsonValueKind.True or JsonValueKind.False) return new Comparison(op, [Value.Of(operand.Element)]);
                operand.Error("\"exists\" takes true or false");
                return null;
            case Operator.In or Operator.Nin:
                if (operand.Element.ValueKind != JsonValueKind.Array || operand.Element.GetArrayLength() == 0)
                {
                    operand.Error($"\"{name}\" takes a list of values, as in [\"DE\",\"AT\"]");
                    return null;
                }
                Value?[] values = [.. operand.Items(name).Select(i => Operand(i, null))];
                return values.All(v => v != null) ? new Comparison(op, [.. values.Select(v => v!.Value)]) : null;
            case Operator.StartsWith or Operator.EndsWith:
                if (operand.IsText) return new Comparison(op, [Value.Of(operand.Element)]);
                operand.Error($"\"{name}\" takes text in quotes");
                return null;
            case Operator.Gt or Operator.Gte or Operator.Lt or Operator.Lte:
                if (operand.IsText || operand.IsNumber) return Operand(operand, null) is { } bound ? new Comparison(op, [bound]) : null;
                operand.Error($"\"{name}\" takes a number or text");
                return null;
            default:
                return Operand(operand, "in") is { } value ? new Comparison(op, [value]) : null;
        }
    }

    static Value? Operand(Place place, string? insteadOfList)
    {
        switch (place.Element.ValueKind)
        {
            case JsonValueKind.Number when !double.IsFinite(place.Element.GetDouble()):
                place.Error("the number is too large");
                return null;
            case JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False: return Value.Of(place.Element);
            case JsonValueKind.Null:
                place.Error("null is a missing value; write {\"exists\":false}");
                return null;
            case JsonValueKind.Array when insteadOfList != null:
                place.Error($"to compare with one of several values write {{\"{insteadOfList}\":[…]}}");
                return null;
            default:
                place.Error("a test compares with text, a number, true or false");
                return null;
        }
    }

    /// <summary>A test of a number: a plain number means at least.</summary>
    /// <param name="place">The test.</param>
    /// <param name="what">What is tested, for problems.</param>
    /// <param name="boundsOnly">Whether gt, gte, lt and lte alone are allowed.</param>
    public static NumberTest? Number(Place place, string what, bool boundsOnly)
    {
        if (place.IsNumber) return place.Number(what) is { } least ? NumberTest.AtLeast(least) : null;
        if (!place.IsObject)
        {
            place.Error($"write {what} as a number, which means at least, or a test, as in {{\"gte\":3}}");
            return null;
        }
        return Numbers(place, [], what, boundsOnly);
    }

    /// <summary>Number tests of an object, those keys left aside that are something else.</summary>
    public static NumberTest? Numbers(Place place, string[] others, string what, bool boundsOnly)
    {
        string[] allowed = boundsOnly ? ["gt", "gte", "lt", "lte"] : ["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"];
        var comparisons = new List<NumberComparison>();
        bool wrong = false;
        foreach ((string name, Place operand) in place.Members().Where(m => !others.Contains(m.Key)))
        {
            if (!allowed.Contains(name))
            {
                operand.Error(Operators.ContainsKey(name) ? $"{what} can be tested with {string.Join(", ", allowed)} only" : $"\"{name}\" is no test.{Synonyms.OperatorHint(name, allowed)}");
                wrong = true;
                continue;
            }
            Operator op = Operators[name];
            double?[] numbers = op is Operator.In or Operator.Nin ? [.. operand.Items(name).Select(i => i.Number("each value"))] : [operand.Number($"\"{name}\"")];
            if (numbers.Length > 0 && numbers.All(n => n != null)) comparisons.Add(new NumberComparison(op, [.. numbers.Select(n => n!.Value)]));
            else
            {
                if (numbers.Length == 0) operand.Error($"\"{name}\" takes a list of one number at least");
                wrong = true;
            }
        }
        if (wrong) return null;
        if (comparisons.Count > 0) return new NumberTest(comparisons);
        place.Error($"say how {what} is tested, as in {{\"gte\":3}}");
        return null;
    }
}
