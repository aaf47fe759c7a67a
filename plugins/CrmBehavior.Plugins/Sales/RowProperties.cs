using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Capture;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Sales;

/// <summary>The columns of a row as properties of an event: as the row is now, and which of them were written.</summary>
static class RowProperties
{
    /// <summary>A column as sent, else as stored; null where nobody knows it.</summary>
    internal static object? Value(string column, params Entity?[] rows)
    {
        foreach (Entity? row in rows)
        {
            if (row != null && row.Attributes.TryGetValue(column, out object? value)) return value;
        }

        return null;
    }

    /// <summary>
    /// Adds every column that has a value, with the label of a choice or the name of a row as <c>&lt;column&gt;name</c>, and for an Update
    /// as <c>changed</c> the names of those written, parted by commas.
    /// </summary>
    internal static void Add(EventMessage message, PluginCall call, IReadOnlyList<string> columns)
    {
        Entity? target = call.Target, after = call.After;
        message.Incomplete |= target == null && after == null;
        // An administrator's further columns come with what was sent.
        foreach (string column in columns.Union(target?.Attributes.Keys.Where(ContactColumns.IsPublishable) ?? []))
        {
            object? value = Value(column, target, after);
            if (value == null || column == call.Context.PrimaryEntityName + "id" || !PlainValue.TryRead(value, out object? plain)) continue;
            message.Properties[column] = plain;
            if (Label(column, value, target, after) is string label) message.Properties[column + "name"] = PlainValue.Clean(label);
        }

        if (call.IsUpdate && target != null)
            message.Properties["changed"] = string.Join(",", target.Attributes.Keys.Where(columns.Contains));
    }

    static string? Label(string column, object value, params Entity?[] rows)
    {
        if (!PlainValue.HasLabel(value)) return null;
        if (value is EntityReference { Name: { Length: > 0 } name }) return name;
        foreach (Entity? row in rows)
        {
            // A label of what was stored before would be another value's.
            if (row == null || !row.Attributes.TryGetValue(column, out object? kept) || !Equals(kept, value)) continue;
            if (row.FormattedValues.TryGetValue(column, out string? label) && !string.IsNullOrEmpty(label)) return label;
        }

        return null;
    }
}
