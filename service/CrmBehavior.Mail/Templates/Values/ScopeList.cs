using System.Collections;
using System.Collections.Generic;
using System.Globalization;

namespace CrmBehavior.Mail.Templates.Values;

/// <summary>A list of values at one place of what a text sees.</summary>
sealed class ScopeList(RenderSession session, string path, IReadOnlyList<object> items) : IEnumerable<object>
{
    public string Path => path;

    public IReadOnlyList<object> Items => items;

    /// <summary>An item by its number from 0, or <c>length</c>.</summary>
    public object Member(string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < items.Count) return items[index];
        return name == "length" ? (long)items.Count : new Missing(session, path + "." + name);
    }

    public void Loop() => session.Loop(path, items.Count);

    public IEnumerator<object> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
