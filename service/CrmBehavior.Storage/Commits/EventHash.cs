using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CrmBehavior.Storage.Commits;

/// <summary>
/// The id of an event as 64 bits. It stands beside the contact (or visitor) in the key against repetition, so a thousand ids of one contact
/// fall together by chance once in 10^13; and who makes two ids fall together on purpose loses an event of his own.
/// </summary>
internal static class EventHash
{
    public static long Of(string id)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(MemoryMarshal.AsBytes(id.AsSpan()), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
