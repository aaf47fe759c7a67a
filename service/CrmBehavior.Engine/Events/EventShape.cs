using System;
using System.Collections.Generic;
using System.Text;
using CrmBehavior.Engine.Rules;

namespace CrmBehavior.Engine.Events;

/// <summary>What the plan wants to know of the events of one name: where their values are, and which patterns they may match.</summary>
internal sealed class EventShape(string name)
{
    readonly Dictionary<string, int> slots = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    /// <summary>The name in UTF-8.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>Whether events of this name speak of consent, or of the address.</summary>
    public bool IsAboutConsent { get; set; }

    /// <summary>Number of values taken from an event.</summary>
    public int SlotCount => slots.Count;

    /// <summary>Where in an event the values are, by parts of their paths.</summary>
    public PathTree Paths { get; } = new();

    /// <summary>The patterns of this name.</summary>
    public PatternIndex Patterns { get; } = new();

    /// <summary>Slot of the value at the path, taken from now on.</summary>
    public int SlotOf(EventPath path)
    {
        if (!slots.TryGetValue(path.Text, out int slot))
        {
            slots.Add(path.Text, slot = slots.Count);
            Paths.Add(path.Parts, slot);
        }
        return slot;
    }

    /// <summary>Slot of the value at the path, or -1 where nobody asks for it.</summary>
    public int FindSlot(string path) => slots.TryGetValue(path, out int slot) ? slot : -1;
}

/// <summary>Names inside an event that lead to values wanted.</summary>
internal sealed class PathTree
{
    (byte[] Name, PathTree Node)[] children = [];

    /// <summary>Slot of the value here, or -1.</summary>
    public int Slot { get; private set; } = -1;

    /// <summary>Whether something below is wanted.</summary>
    public bool HasChildren => children.Length > 0;

    public ReadOnlySpan<(byte[] Name, PathTree Node)> Children => children;

    public void Add(IReadOnlyList<string> parts, int slot)
    {
        PathTree node = this;
        foreach (string part in parts)
        {
            byte[] name = Encoding.UTF8.GetBytes(part);
            PathTree? next = node.Find(name);
            if (next == null) node.children = [.. node.children, (name, next = new PathTree())];
            node = next;
        }
        node.Slot = slot;
    }

    public PathTree? Find(ReadOnlySpan<byte> name)
    {
        foreach ((byte[] key, PathTree node) in children)
        {
            if (name.SequenceEqual(key)) return node;
        }
        return null;
    }
}
