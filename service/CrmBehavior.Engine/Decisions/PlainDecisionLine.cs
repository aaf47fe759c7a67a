using System;
using System.Buffers;
using System.Text;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Decisions;

/// <summary>
/// The short way of <see cref="DecisionLine"/>, for decisions of signals, segments and scores whose texts need no escape. Gives up on
/// everything else; what it writes is byte for byte what the long way does.
/// </summary>
public static class PlainDecisionLine
{
    /// <summary>Room for all but the texts.</summary>
    const int Frame = 160;

    static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Writes the line's object, without why, for readers that are no web pages.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="decision">The decision.</param>
    /// <returns>False when nothing was written and the long way must be gone.</returns>
    public static bool TryWrite(IBufferWriter<byte> to, Decision decision)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(decision);
        if (decision.IsOfJourney || decision.Version > 0) return false;
        string outcome = decision.Outcome ?? "";
        Span<byte> line = to.GetSpan(Frame + decision.ContactId.Length + decision.Definition.Length + decision.Kind.Length + decision.Effect.Length + outcome.Length);
        int at = 0;
        Put(line, ref at, "{\"at\":\""u8);
        at += Instant.Write(decision.At, line[at..]);
        Put(line, ref at, "\",\"contactId\":\""u8);
        if (!TryPut(line, ref at, decision.ContactId)) return false;
        Put(line, ref at, "\",\"definition\":\""u8);
        if (!TryPut(line, ref at, decision.Definition)) return false;
        Put(line, ref at, "\",\"kind\":\""u8);
        if (!TryPut(line, ref at, decision.Kind)) return false;
        Put(line, ref at, "\",\"effect\":\""u8);
        if (!TryPut(line, ref at, decision.Effect)) return false;
        if (decision.Outcome != null)
        {
            Put(line, ref at, "\",\"outcome\":\""u8);
            if (!TryPut(line, ref at, outcome)) return false;
        }
        Put(line, ref at, "\"}"u8);
        to.Advance(at);
        return true;
    }

    static void Put(Span<byte> line, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(line[at..]);
        at += text.Length;
    }

    static bool TryPut(Span<byte> line, ref int at, string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Plain)) return false;
        at += Encoding.Latin1.GetBytes(text, line[at..]);
        return true;
    }
}
