using System;
using System.Security.Cryptography;
using System.Text;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Ids that follow from what they stand for, so that doing it twice has one effect.</summary>
public static class EffectIds
{
    /// <summary>A name-based UUID: the first 16 bytes of SHA-256 over the parts, marked as version 8 (RFC 9562).</summary>
    /// <param name="parts">What it stands for.</param>
    /// <returns>The id.</returns>
    public static Guid Of(params ReadOnlySpan<string> parts)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)), hash);
        hash[7] = (byte)((hash[7] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16]);
    }

    /// <summary>Id of a contact's row for a score.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="score">Name of the score.</param>
    /// <returns>The id.</returns>
    public static Guid OfScore(Guid contact, string score) => Of("score", contact.ToString("D"), score);
}
