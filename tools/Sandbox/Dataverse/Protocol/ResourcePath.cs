using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>A path segment: a name, and what stands in parentheses behind it (null without them).</summary>
internal sealed record PathSegment(string Name, string? Arguments)
{
    /// <summary>The name without <c>Microsoft.Dynamics.CRM.</c>; null when it has not that prefix.</summary>
    public string? Qualified => Name.StartsWith(Prefix, StringComparison.Ordinal) ? Name[Prefix.Length..] : null;

    const string Prefix = "Microsoft.Dynamics.CRM.";
}

/// <summary>The address behind the service root, cut into segments; slashes and parentheses inside quotes belong to the value.</summary>
internal sealed class ResourcePath
{
    ResourcePath(string text, IReadOnlyList<PathSegment> segments)
    {
        Text = text;
        Segments = segments;
    }

    /// <summary>The whole, decoded.</summary>
    public string Text { get; }

    public IReadOnlyList<PathSegment> Segments { get; }

    /// <summary>The last segment.</summary>
    public PathSegment Last => Segments[^1];

    /// <summary>Parses an address that is still percent-encoded.</summary>
    public static ResourcePath Parse(string encoded)
    {
        string text = Uri.UnescapeDataString(encoded).Trim('/');
        return new ResourcePath(text, [.. Split(text, '/').Select(Segment)]);
    }

    /// <summary>Splits at a character outside quotes and parentheses.</summary>
    public static IEnumerable<string> Split(string text, char separator)
    {
        int depth = 0, start = 0;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\'') quoted = !quoted;
            else if (quoted) continue;
            else if (c is '(' or '[' or '{') depth++;
            else if (c is ')' or ']' or '}') depth--;
            else if (c == separator && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    static PathSegment Segment(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return new PathSegment(text, null);
        if (!text.EndsWith(')')) throw Failure.BadRequest($"Bad Request - Error in query syntax. ('{text}')");
        return new PathSegment(text[..open], text[(open + 1)..^1]);
    }
}
