using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmBehavior.Dataverse.Metadata;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>Writes rows as JSON of the Web API.</summary>
static class RowJson
{
    const string Bind = "@odata.bind";
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a row names others in a way whose spelling must be looked up.</summary>
    public static bool HasBindings(RowUnit unit)
    {
        foreach (string column in unit.Columns.Keys)
            if (column.EndsWith(Bind, StringComparison.Ordinal) && column != "ownerid" + Bind) return true;
        return false;
    }

    /// <summary>What keeps a column from being written, or null.</summary>
    public static string? Problem(string column, object? value)
    {
        if (column.Length == 0 || column.AsSpan().ContainsAny('\r', '\n', '\0')) return $"'{column}' is no column.";
        return value switch
        {
            double d when !double.IsFinite(d) => $"{column} is {d.ToString(CultureInfo.InvariantCulture)}, which is no number the CRM knows.",
            float f when !float.IsFinite(f) => $"{column} is {f.ToString(CultureInfo.InvariantCulture)}, which is no number the CRM knows.",
            string text when HasLoneSurrogate(text) => $"{column} has half a character in it.",
            null or string or bool or int or long or short or byte or decimal or double or float or Guid or DateTime or DateTimeOffset or DateOnly => null,
            _ => $"{column} is a {value.GetType().Name}, which cannot be written.",
        };
    }

    /// <summary>The body of a single request.</summary>
    /// <param name="unit">The row.</param>
    /// <param name="key">Column of its primary key, where the body must name it.</param>
    /// <param name="spelling">Navigation properties as the environment spells them.</param>
    public static byte[] Single(RowUnit unit, string? key, IReadOnlyDictionary<string, string> spelling) => Write(json =>
    {
        json.WriteStartObject();
        WriteColumns(json, unit, key, spelling);
        json.WriteEndObject();
    });

    /// <summary>The body of CreateMultiple, UpdateMultiple and UpsertMultiple.</summary>
    public static byte[] Multiple(IReadOnlyList<RowUnit> units, TableInfo table, IReadOnlyDictionary<string, string> spelling) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("Targets");
        foreach (RowUnit unit in units)
        {
            json.WriteStartObject();
            json.WriteString("@odata.type", "Microsoft.Dynamics.CRM." + table.LogicalName);
            WriteColumns(json, unit, table.PrimaryId, spelling);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>JSON as bytes.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json);
        return buffer.WrittenSpan.ToArray();
    }

    static void WriteColumns(Utf8JsonWriter json, RowUnit unit, string? key, IReadOnlyDictionary<string, string> spelling)
    {
        if (key is not null) json.WriteString(key, unit.Id);
        foreach ((string column, object? value) in unit.Columns)
        {
            if (column == key) continue;
            json.WritePropertyName(Spelled(column, spelling));
            WriteValue(json, value);
        }
    }

    static string Spelled(string column, IReadOnlyDictionary<string, string> spelling)
    {
        if (!column.EndsWith(Bind, StringComparison.Ordinal)) return column;
        return spelling.TryGetValue(column[..^Bind.Length], out string? spelled) ? spelled + Bind : column;
    }

    static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case float number: json.WriteNumberValue(number); break;
            case int or long or short or byte: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case Guid id: json.WriteStringValue(id); break;
            // Times in the CRM are whole seconds.
            case DateTime time: json.WriteStringValue(time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)); break;
            case DateTimeOffset time: json.WriteStringValue(time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)); break;
            case DateOnly date: json.WriteStringValue(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
            default: json.WriteStringValue((string)value); break;
        }
    }

    static bool HasLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }
        return false;
    }
}
