using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace CrmBehavior.Mail.Links;

/// <summary>
/// Makes and reads the signed part of unsubscribe and preference links: base64url of version, key id, use, contact, purpose and the first
/// 160 bits of an HMAC-SHA256 over them. Several keys are valid at once, so that links in old mails survive a rotation.
/// </summary>
public sealed class LinkTokens
{
    const byte Version = 1;
    const int FixedBytes = 3 + 16;
    const int SignatureBytes = 20;
    const int LongestPurpose = 100;
    static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    readonly LinkKey newest;
    readonly Dictionary<byte, LinkKey> keys;

    /// <summary>Links under some keys.</summary>
    /// <param name="keys">The keys, newest first: the first one signs, all are valid.</param>
    /// <exception cref="ArgumentException">There is none, one is too short, or two have one number.</exception>
    public LinkTokens(IReadOnlyList<LinkKey> keys)
    {
        if (keys.Count == 0) throw new ArgumentException("Links need at least one key.", nameof(keys));
        foreach (LinkKey key in keys)
            if (key.Secret.Length < 32) throw new ArgumentException($"Link key {key.Id} has {key.Secret.Length} bytes; give it 32 random bytes.", nameof(keys));
        if (keys.Select(k => k.Id).Distinct().Count() != keys.Count)
            throw new ArgumentException("Two link keys have one number; number them apart.", nameof(keys));
        newest = keys[0];
        this.keys = keys.ToDictionary(k => k.Id);
    }

    /// <summary>Signs a link with the newest key.</summary>
    /// <param name="token">Whose it is and what for.</param>
    /// <returns>Text that can stand in a URL as it is.</returns>
    /// <exception cref="ArgumentException">The purpose is too long.</exception>
    public string Write(LinkToken token)
    {
        byte[] purpose = Utf8.GetBytes(token.Purpose);
        if (purpose.Length > LongestPurpose) throw new ArgumentException($"The purpose is longer than {LongestPurpose} bytes.", nameof(token));
        byte[] bytes = new byte[FixedBytes + purpose.Length + SignatureBytes];
        bytes[0] = Version;
        bytes[1] = newest.Id;
        bytes[2] = (byte)token.Use;
        token.Contact.TryWriteBytes(bytes.AsSpan(3), bigEndian: true, out _);
        purpose.CopyTo(bytes, FixedBytes);
        Sign(newest, bytes.AsSpan(..^SignatureBytes), bytes.AsSpan(^SignatureBytes..));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a link; unknown, foreign, changed and cut ones look alike.</summary>
    /// <param name="text">What <see cref="Write"/> gave out.</param>
    /// <param name="use">What it must be for.</param>
    /// <param name="token">Whose it is.</param>
    /// <returns>Whether it is one of ours.</returns>
    public bool TryRead(string text, LinkUse use, [NotNullWhen(true)] out LinkToken? token)
    {
        token = null;
        if (text.Length > 300 || !TryDecode(text, out byte[] bytes) || bytes.Length < FixedBytes + SignatureBytes
            || bytes.Length > FixedBytes + LongestPurpose + SignatureBytes)
            return false;
        // An unknown key costs the same time as a wrong signature.
        bool isKnown = keys.TryGetValue(bytes[1], out LinkKey? key);
        Span<byte> expected = stackalloc byte[SignatureBytes];
        Sign(key ?? newest, bytes.AsSpan(..^SignatureBytes), expected);
        bool isSigned = CryptographicOperations.FixedTimeEquals(expected, bytes.AsSpan(^SignatureBytes..));
        if (!isSigned || !isKnown || bytes[0] != Version || bytes[2] != (byte)use) return false;
        token = new LinkToken(use, new Guid(bytes.AsSpan(3, 16), bigEndian: true),
            Utf8.GetString(bytes, FixedBytes, bytes.Length - FixedBytes - SignatureBytes));
        return true;
    }

    static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        // Only the one spelling that we write; blanks and padding are not ours.
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out int written)) return false;
        bytes = bytes[..written];
        return Base64Url.EncodeToString(bytes) == text;
    }

    static void Sign(LinkKey key, ReadOnlySpan<byte> content, Span<byte> signature)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret.Span, content, whole);
        whole[..SignatureBytes].CopyTo(signature);
    }
}
