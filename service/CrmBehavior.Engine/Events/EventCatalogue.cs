using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Events;

/// <summary>The shapes of all events that a plan listens to, found by the bytes of their names.</summary>
internal sealed class EventCatalogue
{
    readonly Dictionary<byte[], EventShape> byName = new(Utf8Names.Instance);

    /// <summary>The shape of events whose name nobody asks for; values that every event may carry are still taken.</summary>
    public EventShape Other { get; } = new("");

    public IEnumerable<EventShape> All => byName.Values;

    public EventShape Of(string name)
    {
        byte[] key = System.Text.Encoding.UTF8.GetBytes(name);
        if (!byName.TryGetValue(key, out EventShape? shape)) byName.Add(key, shape = new EventShape(name));
        return shape;
    }

    public bool TryFind(string name, [MaybeNullWhen(false)] out EventShape shape) =>
        byName.TryGetValue(System.Text.Encoding.UTF8.GetBytes(name), out shape);

    public EventShape Find(ReadOnlySpan<byte> name) =>
        byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out EventShape? shape) ? shape : Other;

    sealed class Utf8Names : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8Names Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)StableHash.Of(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
