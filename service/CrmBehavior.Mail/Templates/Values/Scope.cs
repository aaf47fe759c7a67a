using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Mail.Templates.Values;

/// <summary>
/// Named values at one place of what a text sees. Members are looked up in a dictionary and nowhere else; what is not there is
/// <see cref="Missing"/>, so that nothing is ever silently empty.
/// </summary>
sealed class Scope(RenderSession session, string path, IReadOnlyDictionary<string, object> members, Scope? root)
{
    public string Path => path;

    public int Count => members.Count;

    /// <summary>Members in ordinal order of their names.</summary>
    public IEnumerable<KeyValuePair<string, object>> Members => members.OrderBy(m => m.Key, System.StringComparer.Ordinal);

    public object Member(string name)
    {
        if (members.TryGetValue(name, out object? value)) return value;
        if (root is not null && TextRoots.Names.Contains(name)) return root.Member(name);
        return new Missing(session, path.Length == 0 ? name : path + "." + name);
    }

    public void Loop() => session.Loop(path, Count);
}
