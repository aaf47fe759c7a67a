using System;
using System.Security.Cryptography;
using System.Text;

namespace CrmBehavior.Dataverse.Tags;

/// <summary>Ids that follow from a name, so that two processes make the same row (RFC 9562, version 5).</summary>
static class NameBasedId
{
    /// <summary>Fixed for ever: other tags would have other ids.</summary>
    static readonly Guid Tags = Guid.Parse("7c0d8f52-3f0b-4f4e-9a54-41033c0de7a6");

    /// <summary>The id of a tag, the same however its letters are cased.</summary>
    public static Guid OfTag(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name.Trim().ToUpperInvariant());
        byte[] input = new byte[16 + text.Length];
        Tags.TryWriteBytes(input, bigEndian: true, out _);
        text.CopyTo(input, 16);
        // SHA-1 is what the version is defined with; nothing secret depends on it.
#pragma warning disable CA5350
        byte[] id = SHA1.HashData(input)[..16];
#pragma warning restore CA5350
        id[6] = (byte)((id[6] & 0x0f) | 0x50);
        id[8] = (byte)((id[8] & 0x3f) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
