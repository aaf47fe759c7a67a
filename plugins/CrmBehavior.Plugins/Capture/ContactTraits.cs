using System.Collections.Generic;
using System.Linq;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Capture;

/// <summary>
/// Columns of a contact as traits: each under its logical name, some also under the language's own name, and with the label of a choice
/// or the name of a row as <c>&lt;column&gt;name</c>.
/// </summary>
static class ContactTraits
{
    internal static void Add(Dictionary<string, object?> traits, Entity target, Entity? after, bool isNew)
    {
        foreach (string column in Written(target, after, isNew))
        {
            object? value = target.Contains(column) ? target[column] : after?[column];
            if (isNew && value == null) continue;
            if (!PlainValue.TryRead(value, out object? plain)) continue;
            traits[column] = plain;
            if (ContactColumns.Aliases.TryGetValue(column, out string? alias)) traits[alias] = plain;
            AddLabel(traits, column, value, target, after);
        }
    }

    /// <summary>An Update's columns are those sent; a Create's also those that the platform filled.</summary>
    static IEnumerable<string> Written(Entity target, Entity? after, bool isNew)
    {
        IEnumerable<string> columns = target.Attributes.Keys.Where(ContactColumns.IsPublishable);
        if (after == null) return columns;
        if (isNew) return columns.Union(ContactColumns.Published.Where(after.Contains));
        bool renamed = target.Contains(ContactColumns.FirstName) || target.Contains(ContactColumns.LastName);
        return renamed && after.Contains(ContactColumns.FullName) ? columns.Union([ContactColumns.FullName]) : columns;
    }

    static void AddLabel(Dictionary<string, object?> traits, string column, object? value, Entity target, Entity? after)
    {
        if (value == null)
        {
            // What is cleared has no type any more: with a lookup or choice its label goes too.
            if (!ContactColumns.Unlabelled.Contains(column)) traits[column + "name"] = null;
        }
        else if (PlainValue.HasLabel(value) && Label(column, value, target, after) is string label)
        {
            traits[column + "name"] = PlainValue.Clean(label);
        }
    }

    static string? Label(string column, object value, Entity target, Entity? after)
    {
        if (Named(column, value, target) is string sent) return sent;
        if (after == null || !after.Attributes.TryGetValue(column, out object? stored)) return null;
        return PlainValue.TryRead(value, out object? one) && PlainValue.TryRead(stored, out object? other) && Equals(one, other)
            ? Named(column, stored, after)
            : null;
    }

    static string? Named(string column, object? value, Entity row)
    {
        if (value is EntityReference { Name: { Length: > 0 } name }) return name;
        return row.FormattedValues.TryGetValue(column, out string? label) && !string.IsNullOrEmpty(label) ? label : null;
    }
}
