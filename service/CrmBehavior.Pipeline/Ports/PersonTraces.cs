using System;
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;

namespace CrmBehavior.Pipeline.Ports;

/// <summary>
/// By what somebody is found in what came from outside and names no contact: the id, and addresses as they stand in text, in JSON and in web
/// addresses. Letters of ASCII count the same in either case. What only ends or begins like an address is another person's.
/// </summary>
public sealed class PersonTraces
{
    readonly byte[][] ids, addresses;

    /// <summary>Traces of some people.</summary>
    /// <param name="contacts">The contacts.</param>
    /// <param name="emails">Their addresses.</param>
    public PersonTraces(IEnumerable<Guid> contacts, IEnumerable<string> emails)
    {
        ids = [.. contacts.SelectMany(c => new[] { c.ToString("D"), c.ToString("N") }).Select(Encoding.UTF8.GetBytes)];
        addresses = [.. emails.SelectMany(e => new[] { e, JavaScriptEncoder.Default.Encode(e), Uri.EscapeDataString(e) }).Select(Lower).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The traces, letters of ASCII in lower case: what contains none of these needs not be looked at.</summary>
    public IEnumerable<byte[]> Words => [.. ids, .. addresses];

    /// <summary>Whether there is a trace in some bytes.</summary>
    /// <param name="content">The bytes.</param>
    /// <returns>True when there is.</returns>
    public bool AreIn(ReadOnlySpan<byte> content)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(content.Length);
        try
        {
            Span<byte> lower = rented.AsSpan(0, content.Length);
            for (int i = 0; i < lower.Length; i++) lower[i] = content[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(content[i] | 0x20) : content[i];
            foreach (byte[] id in ids)
            {
                if (lower.IndexOf(id) >= 0) return true;
            }
            foreach (byte[] address in addresses)
            {
                if (Contains(lower, address)) return true;
            }
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>Whether there is a trace in a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>True when there is.</returns>
    public bool AreIn(string text) => AreIn(Encoding.UTF8.GetBytes(text));

    static string Lower(string text) => string.Create(text.Length, text, (lower, from) =>
    {
        for (int i = 0; i < lower.Length; i++) lower[i] = char.IsAsciiLetterUpper(from[i]) ? char.ToLowerInvariant(from[i]) : from[i];
    });

    static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> address)
    {
        for (int from = 0; ; from++)
        {
            int at = text[from..].IndexOf(address);
            if (at < 0) return false;
            from += at;
            if (!BeginsEarlier(text[..from]) && !GoesOn(text[(from + address.Length)..])) return true;
        }
    }

    /// <summary>Whether what stands before an address belongs to it, as "jo" before "ann@example.org".</summary>
    static bool BeginsEarlier(ReadOnlySpan<byte> before)
    {
        if (before.IsEmpty || before is [.., (byte)'\\', _]) return false;
        int last = before[^1];
        if (before.Length >= 6 && before[^6..].StartsWith("\\u"u8) && HexOf(before[^4..]) is { } escaped) last = escaped;
        else if (before.Length >= 3 && before[^3] == '%' && HexOf(before[^2..]) is { } encoded) last = encoded;
        return IsLetterOrDigit(last) || last is '.' or '_' or '+' or '-';
    }

    /// <summary>Whether what stands behind an address belongs to it, as ".uk" behind "ann@example.org".</summary>
    static bool GoesOn(ReadOnlySpan<byte> behind) => behind switch
    {
        [] => false,
        [(byte)'.', var next, ..] => IsLetterOrDigit(next),
        [var next, ..] => IsLetterOrDigit(next) || next == '-',
    };

    static int? HexOf(ReadOnlySpan<byte> digits) => Utf8Parser.TryParse(digits, out int value, out int read, 'x') && read == digits.Length ? value : null;

    static bool IsLetterOrDigit(int character) => character < 128 && char.IsAsciiLetterOrDigit((char)character);
}
