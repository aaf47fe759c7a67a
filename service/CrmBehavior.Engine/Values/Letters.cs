using System;
using System.Text;

namespace CrmBehavior.Engine.Values;

/// <summary>Comparison of UTF-8 text ordinally by its upper case, ASCII without leaving UTF-8.</summary>
internal static class Letters
{
    public static bool AreEqual(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (BeginOtherwise(a, b)) return false;
        if (Ascii.IsValid(a) && Ascii.IsValid(b)) return a.Length == b.Length && Ascii.EqualsIgnoreCase(a, b);
        return string.Equals(Text(a), Text(b), StringComparison.OrdinalIgnoreCase);
    }

    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (!Ascii.IsValid(a) || !Ascii.IsValid(b)) return string.Compare(Text(a), Text(b), StringComparison.OrdinalIgnoreCase);
        int n = Math.Min(a.Length, b.Length);
        for (int i = 0; i < n; i++)
        {
            int order = Upper(a[i]) - Upper(b[i]);
            if (order != 0) return order;
        }
        return a.Length - b.Length;
    }

    public static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> head)
    {
        if (BeginOtherwise(text, head)) return false;
        if (Ascii.IsValid(head) && text.Length >= head.Length && Ascii.IsValid(text[..head.Length])) return Ascii.EqualsIgnoreCase(text[..head.Length], head);
        return Text(text).StartsWith(Text(head), StringComparison.OrdinalIgnoreCase);
    }

    public static bool EndsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tail)
    {
        if (Ascii.IsValid(text) && Ascii.IsValid(tail)) return text.Length >= tail.Length && Ascii.EqualsIgnoreCase(text[^tail.Length..], tail);
        return Text(text).EndsWith(Text(tail), StringComparison.OrdinalIgnoreCase);
    }

    public static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) return true;
        if (!Ascii.IsValid(text) || !Ascii.IsValid(part)) return Text(text).Contains(Text(part), StringComparison.OrdinalIgnoreCase);
        byte first = Upper(part[0]), small = Lower(part[0]);
        while (text.Length >= part.Length)
        {
            int at = text[..(text.Length - part.Length + 1)].IndexOfAny(first, small);
            if (at < 0) return false;
            if (Ascii.EqualsIgnoreCase(text.Slice(at, part.Length), part)) return true;
            text = text[(at + 1)..];
        }
        return false;
    }

    /// <summary>A hash of the upper case, the same in every process.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> text)
    {
        if (!Ascii.IsValid(text)) return HashOfUpper(Encoding.UTF8.GetBytes(Text(text).ToUpperInvariant()));
        if (text.Length > 256) return HashOfUpper(Encoding.UTF8.GetBytes(Text(text).ToUpperInvariant()));
        Span<byte> upper = stackalloc byte[256];
        Ascii.ToUpper(text, upper, out int n);
        return HashOfUpper(upper[..n]);
    }

    static ulong HashOfUpper(ReadOnlySpan<byte> text) => StableHash.Of(text);

    static byte Upper(byte c) => (uint)(c - 'a') <= 'z' - 'a' ? (byte)(c & ~0x20) : c;

    static byte Lower(byte c) => (uint)(c - 'A') <= 'Z' - 'A' ? (byte)(c | 0x20) : c;

    /// <summary>Whether both begin with letters of ASCII, and with different ones: then no more has to be looked at.</summary>
    static bool BeginOtherwise(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a.Length > 0 && b.Length > 0 && a[0] < 0x80 && b[0] < 0x80 && Upper(a[0]) != Upper(b[0]);

    static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
