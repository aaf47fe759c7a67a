using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Mail.Templates.Values;

namespace CrmBehavior.Mail.Templates.Syntax;

/// <summary>Which columns of the contact a text shows, also inside <c>{{#with contact}}</c> and under names given by <c>as</c>.</summary>
static class ContactColumns
{
    sealed record Frame(string Prefix, IReadOnlyDictionary<string, string> Names);

    public static void AddTo(ISet<string> columns, IReadOnlyList<TemplateTag> tags)
    {
        var frames = new Stack<Frame>();
        frames.Push(new Frame("", new Dictionary<string, string>()));
        var changes = new Stack<bool>();
        foreach (TemplateTag tag in tags)
        {
            Add(columns, Values(tag.Words, tag.Kind != TagKind.Value), frames);
            if (tag.Kind == TagKind.Open)
            {
                bool isScope = tag.Head is "with" or "each" && tag.Words.Count > 1;
                if (isScope) frames.Push(Inner(tag, frames));
                changes.Push(isScope);
            }
            else if (tag.Kind == TagKind.Close && changes.TryPop(out bool wasScope) && wasScope) frames.Pop();
        }
    }

    static Frame Inner(TemplateTag tag, Stack<Frame> frames)
    {
        string path = Resolve(tag.Words[1].Text, frames) + (tag.Head == "each" ? ".*" : "");
        var names = new Dictionary<string, string>(frames.Peek().Names, StringComparer.Ordinal);
        if (tag.Names.Count > 0) names[tag.Names[0]] = path;
        return new Frame(path, names);
    }

    static void Add(ISet<string> columns, IEnumerable<TagWord> words, Stack<Frame> frames)
    {
        foreach (TagWord word in words)
        {
            if (word.Kind == WordKind.Call) Add(columns, Values(word.Inner, true), frames);
            if (word.Kind != WordKind.Path) continue;
            string[] parts = Resolve(word.Text, frames).Split('.');
            if (parts.Length >= 2 && parts[0] == "contact" && parts[1] != "*") columns.Add(parts[1]);
        }
    }

    // The first of several words names a block or a function.
    static IEnumerable<TagWord> Values(IReadOnlyList<TagWord> words, bool isNamed) => words.Skip(isNamed || words.Count > 1 ? 1 : 0);

    static string Resolve(string path, Stack<Frame> frames)
    {
        int up = 0;
        while (path.StartsWith("../", StringComparison.Ordinal))
        {
            path = path[3..];
            up++;
        }
        if (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        List<string> parts = [.. path.Split('.', '/').Select(p => p.Trim('[', ']')).Where(p => p.Length > 0)];
        if (parts is ["@root", ..]) return string.Join('.', parts.Skip(1));
        Frame frame = frames.Skip(Math.Min(up, frames.Count - 1)).First();
        if (parts is ["this", ..]) parts.RemoveAt(0);
        else if (parts.Count > 0 && frame.Names.TryGetValue(parts[0], out string? named)) return string.Join('.', [named, .. parts.Skip(1)]);
        else if (parts.Count > 0 && TextRoots.Names.Contains(parts[0])) return string.Join('.', parts);
        return string.Join('.', frame.Prefix.Length == 0 ? parts : [frame.Prefix, .. parts]);
    }
}
