using System;

namespace CrmBehavior.Mail.Links;

/// <summary>A key that signs links.</summary>
/// <param name="Id">Its number, which every link carries; never used again for another key.</param>
/// <param name="Secret">At least 32 bytes.</param>
public sealed record LinkKey(byte Id, ReadOnlyMemory<byte> Secret);
