using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Values;

/// <summary>Reads a column's value from JSON or from the text of a key, as the column's type wants it.</summary>
internal static class ValueReader
{
    static readonly object True = true, False = false;
    static readonly object[] SmallInts = [.. Enumerable.Range(0, 64).Select(i => (object)i)];

    /// <summary>The value of a JSON member; null clears.</summary>
    public static object? FromJson(TableInfo table, Column column, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null) return null;
        object? value = column.Type switch
        {
            ColumnType.String or ColumnType.Memo or ColumnType.EntityName => json.ValueKind == JsonValueKind.String ? TextOf(column, json) : null,
            ColumnType.Int or ColumnType.Choice or ColumnType.State or ColumnType.Status =>
                json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int i) ? Box(i) : null,
            ColumnType.BigInt => json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out long l) ? l : null,
            ColumnType.Decimal or ColumnType.Money => json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out decimal d) ? d : null,
            ColumnType.Double => json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double f) && double.IsFinite(f) ? f : null,
            ColumnType.Bool => json.ValueKind switch { JsonValueKind.True => True, JsonValueKind.False => False, _ => null },
            ColumnType.DateTime => json.ValueKind == JsonValueKind.String ? Time(column, json.GetString()!) : null,
            ColumnType.UniqueId => json.ValueKind == JsonValueKind.String && Guid.TryParse(json.GetString(), out Guid id) ? id : null,
            ColumnType.MultiChoice => json.ValueKind == JsonValueKind.String ? Choices(json.GetString()!) : null,
            _ => null,
        };
        return value ?? throw Failure.BadValue(table.LogicalName, column.Name, Literal(json), EdmNames.Of(column));
    }

    /// <summary>The value of a literal in a key or a FetchXML condition; null when it is none of the column's type.</summary>
    public static object? FromText(Column column, string text) => column.Type switch
    {
        ColumnType.Int or ColumnType.Choice or ColumnType.State or ColumnType.Status =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i) ? Box(i) : null,
        ColumnType.BigInt => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long l) ? l : null,
        ColumnType.Decimal or ColumnType.Money => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal d) ? d : null,
        ColumnType.Double => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double f) ? f : null,
        ColumnType.Bool => text switch { "1" or "true" or "True" => True, "0" or "false" or "False" => False, _ => null },
        ColumnType.DateTime => Time(column, text) ?? LooseTime(text),
        ColumnType.UniqueId or ColumnType.Lookup or ColumnType.Customer or ColumnType.Owner => Guid.TryParse(text, out Guid id) ? id : null,
        _ => text,
    };

    /// <summary>A boxed number; the small ones are shared, since most rows hold the same few.</summary>
    public static object Box(int value) => value is >= 0 and < 64 ? SmallInts[value] : value;

    /// <summary>A boxed truth value, shared.</summary>
    public static object Box(bool value) => value ? True : False;

    /// <summary>Cuts to whole seconds, as the platform keeps times.</summary>
    public static DateTime WholeSecond(DateTime time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    static string TextOf(Column column, JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, escaped.
            throw Failure.InvalidCharacters(column.Name);
        }
    }

    static DateTime? Time(Column column, string text)
    {
        if (column.DateBehavior == DateBehavior.DateOnly)
            return DateTime.TryParseExact(
                text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime day) ? day
                    : null;
        return Clock.Instants.TryInstant(text, out DateTimeOffset time) ? WholeSecond(time.UtcDateTime) : null;
    }

    static DateTime? LooseTime(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time)
            ? WholeSecond(time) : null;

    static string? Choices(string text)
    {
        var numbers = new SortedSet<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)) return null;
            numbers.Add(number);
        }
        return string.Join(',', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));
    }

    static string Literal(JsonElement json)
    {
        string text = json.GetRawText();
        return text.Length > 100 ? text[..100] + "…" : text;
    }
}
