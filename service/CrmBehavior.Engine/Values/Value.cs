using System;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CrmBehavior.Engine.Values;

/// <summary>What a property or trait can be.</summary>
public enum ValueKind : byte
{
    /// <summary>Nothing there; <c>null</c> counts as this.</summary>
    Missing,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>The JSON word true.</summary>
    True,

    /// <summary>The JSON word false.</summary>
    False,

    /// <summary>A list.</summary>
    List,

    /// <summary>An object.</summary>
    Object,
}

/// <summary>
/// A value of an event or trait, with the comparisons of the language: text ordinally by its upper case, a number equal to text that is
/// written as one, every other mix unequal. It may look into a buffer that is used again: keep <see cref="Copy"/>, not the value itself.
/// </summary>
public readonly struct Value : IEquatable<Value>
{
    readonly byte[]? buffer;
    readonly int start;
    readonly int length;

    Value(ValueKind kind, double number, byte[]? buffer, int start, int length)
    {
        Kind = kind;
        Number = number;
        this.buffer = buffer;
        this.start = start;
        this.length = length;
    }

    /// <summary>What it is.</summary>
    public ValueKind Kind { get; }

    /// <summary>The number, where <see cref="Kind"/> says so.</summary>
    public double Number { get; }

    /// <summary>Whether there is none.</summary>
    public bool IsMissing => Kind == ValueKind.Missing;

    /// <summary>Whether it is the word true.</summary>
    public bool IsTrue => Kind == ValueKind.True;

    /// <summary>The text, or the JSON of a list or object, in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8 => buffer.AsSpan(start, length);

    /// <summary>The JSON word true.</summary>
    public static Value True { get; } = new(ValueKind.True, 0, null, 0, 0);

    /// <summary>The JSON word false.</summary>
    public static Value False { get; } = new(ValueKind.False, 0, null, 0, 0);

    /// <summary>A number.</summary>
    /// <param name="number">Finite.</param>
    /// <returns>The value.</returns>
    public static Value Of(double number) => new(ValueKind.Number, number, null, 0, 0);

    /// <summary>Text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The value.</returns>
    public static Value Of(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new(ValueKind.Text, 0, bytes, 0, bytes.Length);
    }

    /// <summary>The value of a JSON element.</summary>
    /// <param name="json">An element.</param>
    /// <returns>The value.</returns>
    public static Value Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => Of(json.GetDouble()),
        JsonValueKind.String => Of(json.GetString()!),
        JsonValueKind.True => True,
        JsonValueKind.False => False,
        JsonValueKind.Array => Raw(ValueKind.List, json.GetRawText()),
        JsonValueKind.Object => Raw(ValueKind.Object, json.GetRawText()),
        _ => default,
    };

    static Value Raw(ValueKind kind, string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        return new(kind, 0, bytes, 0, bytes.Length);
    }

    /// <summary>Text or JSON that lies in a buffer.</summary>
    internal static Value Slice(ValueKind kind, byte[] buffer, int start, int length) => new(kind, 0, buffer, start, length);

    /// <summary>The same value with a buffer of its own.</summary>
    /// <returns>A value that may be kept.</returns>
    public Value Copy() => buffer == null ? this : new(Kind, Number, Utf8.ToArray(), 0, length);

    /// <summary>The number that the value is, or is written as.</summary>
    /// <param name="number">The number.</param>
    /// <returns>False when it is neither.</returns>
    public bool TryGetNumber(out double number)
    {
        number = Number;
        return Kind == ValueKind.Number || (Kind == ValueKind.Text && JsonNumber.TryParse(Utf8, out number));
    }

    /// <summary>Equality as the language has it.</summary>
    /// <param name="other">Another value.</param>
    /// <returns>True if equal; nothing equals a missing value, a list or an object.</returns>
    public bool IsEqualTo(in Value other) => (Kind, other.Kind) switch
    {
        (ValueKind.Text, ValueKind.Text) => Letters.AreEqual(Utf8, other.Utf8),
        (ValueKind.Number, ValueKind.Number) => Number == other.Number,
        (ValueKind.Number, ValueKind.Text) => other.TryGetNumber(out double n) && n == Number,
        (ValueKind.Text, ValueKind.Number) => TryGetNumber(out double n) && n == other.Number,
        (ValueKind.True, ValueKind.True) or (ValueKind.False, ValueKind.False) => true,
        _ => false,
    };

    /// <summary>Order as the language has it: numbers, or texts.</summary>
    /// <param name="other">Another value.</param>
    /// <param name="order">Less than, equal to or greater than 0.</param>
    /// <returns>False where there is no order between them.</returns>
    public bool TryCompare(in Value other, out int order)
    {
        order = 0;
        if (Kind == ValueKind.Text && other.Kind == ValueKind.Text)
        {
            order = Letters.Compare(Utf8, other.Utf8);
            return true;
        }
        if (Kind is not (ValueKind.Number or ValueKind.Text) || !TryGetNumber(out double mine) || !other.TryGetNumber(out double its)) return false;
        order = mine.CompareTo(its);
        return true;
    }

    /// <summary>Whether text begins with other text.</summary>
    /// <param name="other">Text.</param>
    /// <returns>False also where one is no text.</returns>
    public bool StartsWith(in Value other) =>
        Kind == ValueKind.Text && other.Kind == ValueKind.Text && Letters.StartsWith(Utf8, other.Utf8);

    /// <summary>Whether text ends with other text.</summary>
    /// <param name="other">Text.</param>
    /// <returns>False also where one is no text.</returns>
    public bool EndsWith(in Value other) =>
        Kind == ValueKind.Text && other.Kind == ValueKind.Text && Letters.EndsWith(Utf8, other.Utf8);

    /// <summary>Whether text has other text in it, or a list an equal element.</summary>
    /// <param name="other">What is looked for.</param>
    /// <returns>True if found.</returns>
    public bool Contains(in Value other)
    {
        if (Kind == ValueKind.Text) return other.Kind == ValueKind.Text && Letters.Contains(Utf8, other.Utf8);
        if (Kind != ValueKind.List) return false;
        using JsonDocument list = JsonDocument.Parse(Utf8.ToArray());
        foreach (JsonElement element in list.RootElement.EnumerateArray())
        {
            if (Of(element).IsEqualTo(other)) return true;
        }
        return false;
    }

    /// <summary>The value as text: numbers in their shortest form, missing as <c>""</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Kind switch
    {
        // Whole numbers as people write them: ids of many digits, and one zero.
        ValueKind.Number => Number == 0 ? "0" : Number == Math.Floor(Number) && Math.Abs(Number) < 1e21 ? Number.ToString("F0", CultureInfo.InvariantCulture) : Number.ToString("R", CultureInfo.InvariantCulture),
        ValueKind.True => "true",
        ValueKind.False => "false",
        ValueKind.Missing => "",
        _ => Encoding.UTF8.GetString(Utf8),
    };

    /// <summary>Writes the value as JSON; a missing one as null.</summary>
    /// <param name="json">Where to.</param>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        switch (Kind)
        {
            case ValueKind.Number: json.WriteNumberValue(Number); break;
            case ValueKind.Text: json.WriteStringValue(Utf8); break;
            case ValueKind.True or ValueKind.False: json.WriteBooleanValue(IsTrue); break;
            case ValueKind.Missing: json.WriteNullValue(); break;
            default: json.WriteRawValue(Utf8); break;
        }
    }

    /// <summary>Text that is equal for values that the language holds equal in a test.</summary>
    internal string ToKey() => Kind switch
    {
        ValueKind.Text => "t" + Encoding.UTF8.GetString(Utf8).ToUpperInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("&", "\\a", StringComparison.Ordinal),
        ValueKind.Number => "n" + ToString(),
        _ => ToString(),
    };

    /// <inheritdoc/>
    public bool Equals(Value other) => Kind == other.Kind && Number.Equals(other.Number) && Utf8.SequenceEqual(other.Utf8);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Number, length);

    /// <summary>Same kind, number and bytes.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    /// <returns>True if so.</returns>
    public static bool operator ==(Value a, Value b) => a.Equals(b);

    /// <summary>Not of the same kind, number and bytes.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    /// <returns>True if so.</returns>
    public static bool operator !=(Value a, Value b) => !a.Equals(b);
}
