using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrmBehavior.Definitions.Reading;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Explain;

namespace CrmBehavior.Cli.Commands;

/// <summary>The events of one contact out of a file of many, with those of visitors that it is known to be.</summary>
internal sealed class ContactEvents
{
    readonly string contact;
    readonly HashSet<string> contacts = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<(long Number, byte[] Line)>> visitors = new(StringComparer.Ordinal);
    readonly HashSet<string> own = new(StringComparer.Ordinal);
    readonly List<(long Number, byte[] Line)> lines = [];

    ContactEvents(string contact) => this.contact = contact;

    /// <summary>The events in the order of the file.</summary>
    public IReadOnlyList<byte[]> Lines => [.. lines.OrderBy(l => l.Number).Select(l => l.Line)];

    /// <summary>The latest time in the file.</summary>
    public long Latest { get; private set; } = Instant.None;

    /// <exception cref="CliException">The contact does not occur.</exception>
    public static ContactEvents Read(string file, string contact, TextWriter progress)
    {
        var events = new ContactEvents(contact);
        EventLines.Read(file, events.Take, progress);
        if (events.lines.Count == 0) throw new CliException($"contact \"{contact}\" does not occur in {file}.{Nearest.Hint(contact, events.contacts)}");
        return events;
    }

    void Take(byte[] buffer, int start, int length, long number)
    {
        ReadOnlySpan<byte> line = buffer.AsSpan(start, length);
        if (EventHead.Read(line) is not { } head) return;
        Latest = Math.Max(Latest, head.At);
        if (head.Contact == null)
        {
            if (head.Visitor == null) return;
            if (own.Contains(head.Visitor)) lines.Add((number, line.ToArray()));
            else if (visitors.TryGetValue(head.Visitor, out List<(long, byte[])>? kept)) kept.Add((number, line.ToArray()));
            else visitors.Add(head.Visitor, [(number, line.ToArray())]);
            return;
        }
        if (head.Contact == contact) lines.Add((number, line.ToArray()));
        else contacts.Add(head.Contact);
        // A visitor who becomes known as somebody takes his earlier events along.
        if (head.Visitor == null) return;
        if (visitors.Remove(head.Visitor, out List<(long, byte[])>? earlier) && head.Contact == contact) lines.AddRange(earlier);
        if (head.Contact == contact) own.Add(head.Visitor);
        else own.Remove(head.Visitor);
    }
}
