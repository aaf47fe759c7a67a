using System;
using System.Text;

namespace CrmBehavior.Storage.Characters;

/// <summary>
/// Text that every store keeps as it is. PostgreSQL takes neither U+0000 nor lone surrogates, SQLite takes the first; so that both behave
/// the same, text that identifies something is refused with them, and text for people is mended.
/// </summary>
internal static class StoredText
{
    /// <summary>The position of the first character that cannot be kept, or -1.</summary>
    public static int FindFault(string text)
    {
        int nul = text.IndexOf('\0', StringComparison.Ordinal);
        ReadOnlySpan<char> rest = nul < 0 ? text : text.AsSpan(0, nul);
        int from = rest.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (from < 0) return nul;
        for (int i = from; i < rest.Length; i++)
        {
            if (!char.IsSurrogate(rest[i])) continue;
            if (!char.IsHighSurrogate(rest[i]) || i + 1 == rest.Length || !char.IsLowSurrogate(rest[i + 1])) return i;
            i++;
        }
        return nul;
    }

    /// <summary>Refuses text that cannot be kept.</summary>
    /// <param name="text">The text.</param>
    /// <param name="row">What it belongs to, as it is named in the error.</param>
    /// <param name="what">Which text of that.</param>
    /// <exception cref="StoreException">It holds U+0000 or a lone surrogate.</exception>
    public static void Check<T>(string text, T row, string what)
    {
        int at = FindFault(text);
        if (at < 0) return;
        throw new StoreException(
            $"{row}: its {what} holds U+{(int)text[at]:X4} at position {at}, which a store cannot keep. Refuse or replace it where it comes in.", isTransient: false);
    }

    /// <summary>The text with U+FFFD in place of what cannot be kept.</summary>
    public static string Mend(string text)
    {
        int at = FindFault(text);
        if (at < 0) return text;
        var mended = new StringBuilder(text.Length).Append(text, 0, at);
        foreach (Rune rune in text.AsSpan(at).EnumerateRunes())
        {
            // The enumeration yields U+FFFD for a lone surrogate already.
            mended.Append((rune.Value == 0 ? Rune.ReplacementChar : rune).ToString());
        }
        return mended.ToString();
    }
}
