using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CrmBehavior.Engine.Tests.Oracle;

/// <summary>Tests of values as the page has them, on JSON.</summary>
internal static class Tests
{
    /// <summary>A bare value means equals; an object of operators means all of them.</summary>
    public static bool Passes(JsonNode test, JsonNode? value) => test is JsonObject tests ? Pass(tests, value) : Equal(value, test);

    public static bool Pass(IEnumerable<KeyValuePair<string, JsonNode?>> tests, JsonNode? value) => tests.All(t => One(t.Key, t.Value!, value));

    /// <summary>A plain number means at least.</summary>
    public static bool Number(JsonNode test, double number) => test is JsonObject tests ? Pass(tests, JsonValue.Create(number)) : number >= (double)test;

    static bool One(string op, JsonNode operand, JsonNode? value) => op switch
    {
        "eq" => Equal(value, operand),
        "ne" => !Equal(value, operand),
        "in" => operand.AsArray().Any(o => Equal(value, o)),
        "nin" => !operand.AsArray().Any(o => Equal(value, o)),
        "exists" => (bool)operand == (value != null),
        "startsWith" => Text(value) is { } v && v.StartsWith(Text(operand)!, StringComparison.Ordinal),
        "endsWith" => Text(value) is { } v && v.EndsWith(Text(operand)!, StringComparison.Ordinal),
        "contains" => value is JsonArray list ? list.Any(e => Equal(e, operand)) : Text(value) is { } v && Text(operand) is { } o && v.Contains(o, StringComparison.Ordinal),
        _ => Order(value, operand) is { } order && op switch { "gt" => order > 0, "gte" => order >= 0, "lt" => order < 0, _ => order <= 0 },
    };

    static bool Equal(JsonNode? a, JsonNode? b)
    {
        if (a is not JsonValue || b is not JsonValue) return false;
        if (Text(a) is { } x && Text(b) is { } y) return x == y;
        if (Bool(a) != null || Bool(b) != null) return Bool(a) != null && Bool(a) == Bool(b);
        return TryNumber(a, out double m) && TryNumber(b, out double n) && m == n;
    }

    static int? Order(JsonNode? a, JsonNode? b)
    {
        if (Text(a) is { } x && Text(b) is { } y) return string.CompareOrdinal(x, y);
        return TryNumber(a, out double m) && TryNumber(b, out double n) ? m.CompareTo(n) : null;
    }

    /// <summary>A JSON number, or text that is written as one.</summary>
    public static bool TryNumber(JsonNode? value, out double number)
    {
        number = 0;
        if (value is not JsonValue v) return false;
        if (v.GetValueKind() == JsonValueKind.Number)
        {
            number = double.Parse(v.ToJsonString(), CultureInfo.InvariantCulture);
            return true;
        }
        if (v.GetValueKind() != JsonValueKind.String) return false;
        string text = (string)value!;
        if (!Regex.IsMatch(text, @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$")) return false;
        number = double.Parse(text, CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>The text by which different values are counted.</summary>
    public static string TextOf(JsonNode value) =>
        TryNumber(value, out double number) ? number.ToString("R", CultureInfo.InvariantCulture) : Text(value) ?? value.ToJsonString().ToUpperInvariant();

    /// <summary>Text by its upper case; null where it is none.</summary>
    static string? Text(JsonNode? value) => value is JsonValue v && v.GetValueKind() == JsonValueKind.String ? ((string)value!).ToUpperInvariant() : null;

    static bool? Bool(JsonNode? value) => value is JsonValue v ? v.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null } : null;
}
