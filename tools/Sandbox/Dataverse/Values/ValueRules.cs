using System;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Values;

/// <summary>What the platform demands of a value before it stores it: length, range, known choices, characters.</summary>
internal static class ValueRules
{
    static readonly DateTime Earliest = new(1753, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The value as it is stored (numbers rounded to the column's places), or a failure in the platform's words.</summary>
    public static object? Check(TableInfo table, Column column, object? value)
    {
        switch (value)
        {
            case null:
                return null;
            case string text when column.Type is ColumnType.MultiChoice:
                foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
                    CheckChoice(table, column, int.Parse(part, CultureInfo.InvariantCulture));
                return text.Length == 0 ? null : text;
            case string text:
                if (column.MaxLength is { } most && text.Length > most) throw Failure.TooLong(table.LogicalName, column.Name, most);
                if (!IsStorable(text)) throw Failure.InvalidCharacters(column.Name);
                // The platform keeps no empty text.
                return text.Length == 0 ? null : text;
            case int number when column.Type is ColumnType.Choice or ColumnType.State or ColumnType.Status:
                CheckChoice(table, column, number);
                return ValueReader.Box(number);
            case int number:
                CheckRange(table, column, number);
                return ValueReader.Box(number);
            case decimal number:
                decimal rounded = Math.Round(number, Math.Clamp(column.Precision ?? 4, 0, 10), MidpointRounding.AwayFromZero);
                CheckRange(table, column, rounded);
                return rounded;
            case double number:
                if (column.Min is { } least && number < (double)least || column.Max is { } greatest && number > (double)greatest)
                    throw Failure.OutOfRange(table.LogicalName, column.Name);
                return column.Precision is { } places ? Math.Round(number, Math.Clamp(places, 0, 10)) : number;
            case DateTime time:
                if (time < Earliest) throw Failure.OutOfRange(table.LogicalName, column.Name);
                return column.DateBehavior == DateBehavior.DateOnly ? DateTime.SpecifyKind(time.Date, DateTimeKind.Utc) : ValueReader.WholeSecond(time);
            case bool truth:
                return ValueReader.Box(truth);
            default:
                return value;
        }
    }

    static void CheckChoice(TableInfo table, Column column, int value)
    {
        if (column.Options.Count > 0 && column.Options.All(o => o.Value != value))
            throw Failure.NoSuchChoice(table.LogicalName, column.Name, value, column.Options.Select(o => o.Value));
    }

    static void CheckRange(TableInfo table, Column column, decimal value)
    {
        if (value < column.Min || value > column.Max) throw Failure.OutOfRange(table.LogicalName, column.Name);
    }

    // What XML 1.0 cannot hold the platform refuses: control characters but tab and line ends, and surrogates without a partner.
    static bool IsStorable(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is < ' ' and not ('\t' or '\n' or '\r') or '\uFFFE' or '\uFFFF') return false;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(c)) return false;
        }
        return true;
    }
}
