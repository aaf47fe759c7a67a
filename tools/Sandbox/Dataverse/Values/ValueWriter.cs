using System;
using System.Globalization;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Values;

/// <summary>Writes stored values as JSON.</summary>
internal static class ValueWriter
{
    public static void Write(Utf8JsonWriter json, Column? column, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteRawValue(Plain(number)); break;
            case double number: json.WriteNumberValue(number); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case Guid id: json.WriteStringValue(id); break;
            case Lookup lookup: json.WriteStringValue(lookup.Id); break;
            case DateTime time: json.WriteStringValue(TimeText(column, time)); break;
            default: throw new InvalidOperationException($"A value of type {value.GetType()} has no JSON form.");
        }
    }

    /// <summary>A date as it travels.</summary>
    public static string TimeText(Column? column, DateTime time) => column?.DateBehavior == DateBehavior.DateOnly
        ? time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // A decimal remembers trailing zeros; the platform shows them up to the column's places, and readers compare numbers, not texts.
    static string Plain(decimal number) => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
}
