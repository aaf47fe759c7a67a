using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Storage.Erasure;

/// <summary>
/// What stays of an erased contact: HMAC-SHA256 of its id under a secret. It tells whether a given contact was erased, and nothing else.
/// </summary>
/// <param name="key">The secret from outside; null for the store's own, see <see cref="FindKeyAsync"/>.</param>
internal sealed class ErasureMarks(byte[]? key)
{
    private const string Setting = "erasure.key";

    private byte[]? key = key;

    /// <summary>Takes the store's own secret, which is made at the first time, unless one came from outside.</summary>
    public async Task FindKeyAsync(IServiceStore store, CancellationToken cancellation) =>
        key ??= Convert.FromBase64String(await store.EnsureSettingAsync(Setting, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellation));

    /// <summary>The mark of a contact, 32 bytes.</summary>
    public byte[] Of(Guid contact)
    {
        Span<byte> id = stackalloc byte[16];
        contact.TryWriteBytes(id, bigEndian: true, out _);
        return HMACSHA256.HashData(key ?? throw new InvalidOperationException("The store was not migrated: call MigrateAsync first."), id);
    }

    /// <summary>A number for a contact that tells as little as the mark.</summary>
    public long NumberOf(Guid contact) => BinaryPrimitives.ReadInt64BigEndian(Of(contact));
}
