using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace CrmBehavior.SolutionPacker.Packing;

/// <summary>
/// Writes a zip whose bytes depend on names and contents alone. Entries are stored, not deflated, and carry no time and no system:
/// the framework's own zip differs by processor (zlib) and by operating system (attributes). Format: PKWARE APPNOTE 6.3, without zip64.
/// </summary>
static class StoredZip
{
    // 1980-01-01 00:00, the first instant a zip can name.
    const ushort Date = (1 << 5) | 1;
    const ushort Version = 20;
    const ushort Utf8Names = 1 << 11;

    static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n => CrcOf((uint)n))];

    /// <summary>The zip, entries sorted by name.</summary>
    internal static byte[] Write(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> entries)
    {
        using var zip = new MemoryStream();
        using var directory = new MemoryStream();
        Span<byte> header = stackalloc byte[46];
        ushort count = 0;
        foreach ((string name, ReadOnlyMemory<byte> content) in entries.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            byte[] nameBytes = Encoding.UTF8.GetBytes(name);
            uint crc = Crc(content.Span);
            uint offset = checked((uint)zip.Position);
            header.Clear();
            Common(header[4..], nameBytes.Length, content.Length, crc);
            BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
            zip.Write(header[..30]);
            zip.Write(nameBytes);
            zip.Write(content.Span);

            header.Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(header, 0x02014b50);
            BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Version);
            Common(header[6..], nameBytes.Length, content.Length, crc);
            BinaryPrimitives.WriteUInt32LittleEndian(header[42..], offset);
            directory.Write(header);
            directory.Write(nameBytes);
            checked { count++; }
        }
        uint start = checked((uint)zip.Position);
        directory.WriteTo(zip);
        Span<byte> end = stackalloc byte[22];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], count);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], checked((uint)directory.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], start);
        zip.Write(end);
        return zip.ToArray();
    }

    // The fields that a local header and a directory entry have alike, from "version needed" on.
    static void Common(Span<byte> at, int nameLength, int size, uint crc)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], Utf8Names);
        BinaryPrimitives.WriteUInt16LittleEndian(at[8..], Date);
        BinaryPrimitives.WriteUInt32LittleEndian(at[10..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(at[14..], (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(at[18..], (uint)size);
        BinaryPrimitives.WriteUInt16LittleEndian(at[22..], checked((ushort)nameLength));
    }

    static uint Crc(ReadOnlySpan<byte> content)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in content) crc = CrcTable[(crc ^ b) & 0xff] ^ (crc >> 8);
        return ~crc;
    }

    static uint CrcOf(uint n)
    {
        for (int bit = 0; bit < 8; bit++) n = (n & 1) == 0 ? n >> 1 : 0xedb88320 ^ (n >> 1);
        return n;
    }
}
