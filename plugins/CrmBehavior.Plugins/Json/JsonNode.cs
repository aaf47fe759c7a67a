using System;
using System.Collections.Generic;

namespace CrmBehavior.Plugins.Json;

/// <summary>A JSON value with the place where it began, counted from 1.</summary>
sealed class JsonNode
{
    static readonly JsonNode[] NoItems = [];
    static readonly KeyValuePair<string, JsonNode>[] NoMembers = [];

    internal JsonNode(JsonKind kind, string text, int line, int column)
        : this(kind, text, NoItems, NoMembers, line, column)
    {
    }

    internal JsonNode(IReadOnlyList<JsonNode> items, int line, int column)
        : this(JsonKind.Array, "", items, NoMembers, line, column)
    {
    }

    internal JsonNode(IReadOnlyList<KeyValuePair<string, JsonNode>> members, int line, int column)
        : this(JsonKind.Object, "", NoItems, members, line, column)
    {
    }

    JsonNode(JsonKind kind, string text, IReadOnlyList<JsonNode> items, IReadOnlyList<KeyValuePair<string, JsonNode>> members, int line, int column)
    {
        Kind = kind;
        Text = text;
        Items = items;
        Members = members;
        Line = line;
        Column = column;
    }

    internal JsonKind Kind { get; }

    /// <summary>The text of a string, unescaped; a number, <c>true</c>, <c>false</c> or <c>null</c> as written; else empty.</summary>
    internal string Text { get; }

    /// <summary>Elements of an array.</summary>
    internal IReadOnlyList<JsonNode> Items { get; }

    /// <summary>Members of an object in the order written; no name comes twice.</summary>
    internal IReadOnlyList<KeyValuePair<string, JsonNode>> Members { get; }

    internal int Line { get; }

    internal int Column { get; }

    /// <summary>A member of an object, or null.</summary>
    internal JsonNode? Member(string name)
    {
        foreach (KeyValuePair<string, JsonNode> member in Members)
        {
            if (string.Equals(member.Key, name, StringComparison.Ordinal)) return member.Value;
        }

        return null;
    }
}
