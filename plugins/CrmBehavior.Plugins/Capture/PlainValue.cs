using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Capture;

/// <summary>Column values as events carry them.</summary>
static class PlainValue
{
    /// <summary>
    /// Choices and money become numbers, lookups lower-case ids, several choices one text of numbers parted by commas (as in the Web
    /// API), times UTC. False for what has no such form: images, files, party lists.
    /// </summary>
    internal static bool TryRead(object? value, out object? plain)
    {
        plain = value switch
        {
            string text => Clean(text),
            OptionSetValue choice => choice.Value,
            Money money => money.Value,
            EntityReference reference => EventStart.Id(reference.Id),
            OptionSetValueCollection choices => string.Join(",", choices.Select(choice => choice.Value.ToString(CultureInfo.InvariantCulture))),
            Guid id => EventStart.Id(id),
            DateTime time => EventStart.Utc(time),
            bool or int or long or decimal or double => value,
            _ => null,
        };
        return plain != null || value == null;
    }

    /// <summary>A value that people read by another text: a choice's label, a row's name.</summary>
    internal static bool HasLabel(object? value) => value is OptionSetValue or EntityReference or OptionSetValueCollection;

    /// <summary>Half a surrogate pair or NUL is legal in a column, but not in the JSON readers and stores behind the bus.</summary>
    internal static string Clean(string text)
    {
        StringBuilder? clean = null;
        for (int i = 0; i < text.Length; i++)
        {
            bool pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            bool bad = text[i] == '\0' || (char.IsSurrogate(text[i]) && !pair);
            if (bad) (clean ??= new StringBuilder(text))[i] = '\uFFFD';
            if (pair) i++;
        }

        return clean?.ToString() ?? text;
    }
}
