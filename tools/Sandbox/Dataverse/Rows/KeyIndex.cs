using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>Rows by an alternate key. A row with an empty key column is in no key; text counts regardless of case.</summary>
internal sealed class KeyIndex(AlternateKey key)
{
    readonly Dictionary<string, Guid> idByText = new(StringComparer.OrdinalIgnoreCase);

    public AlternateKey Key => key;

    public void Add(Row row)
    {
        if (TextOf(c => row[c]) is { } text) idByText[text] = row.Id;
    }

    public void Remove(Row row)
    {
        if (TextOf(c => row[c]) is { } text && idByText.TryGetValue(text, out Guid id) && id == row.Id) idByText.Remove(text);
    }

    public Guid? Find(Func<string, object?> value) =>
        TextOf(value) is { } text && idByText.TryGetValue(text, out Guid id) ? id : null;

    string? TextOf(Func<string, object?> value)
    {
        if (key.Columns.Count == 1) return One(value(key.Columns[0]));
        string?[] parts = [.. key.Columns.Select(c => One(value(c)))];
        return parts.Contains(null) ? null : string.Join('\u001f', parts);
    }

    static string? One(object? value) => value switch
    {
        null => null,
        string text => text,
        Lookup lookup => lookup.Id.ToString(),
        DateTime time => time.Ticks.ToString(CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
