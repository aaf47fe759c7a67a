using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using CrmBehavior.SolutionPacker.Packing;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Packing;

public sealed class StoredZipTests
{
    [Fact]
    public void The_checksum_is_that_of_the_standard()
    {
        byte[] zip = Zip(("a", "123456789"));

        // Offset 14 of the first local header (APPNOTE 4.3.7); the check value of CRC-32 is that of these nine digits.
        BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(14)).ShouldBe(0xCBF43926);
    }

    [Fact]
    public void Entries_come_out_of_the_framework_as_they_went_in_sorted()
    {
        using var archive = new ZipArchive(new MemoryStream(Zip(("b/ü.txt", "two"), ("[a].xml", "one"), ("b/empty", ""))), ZipArchiveMode.Read);

        archive.Entries.Select(e => e.FullName).ShouldBe(["[a].xml", "b/empty", "b/ü.txt"]);
        archive.Entries.Select(e =>
        {
            using var reader = new StreamReader(e.Open());
            return reader.ReadToEnd();
        }).ShouldBe(["one", "", "two"]);
    }

    [Fact]
    public void The_order_of_the_input_does_not_matter() => Zip(("a", "1"), ("b", "2")).ShouldBe(Zip(("b", "2"), ("a", "1")));

    [Fact]
    public void Nothing_at_all_is_an_empty_zip()
    {
        using var archive = new ZipArchive(new MemoryStream(Zip()), ZipArchiveMode.Read);

        archive.Entries.ShouldBeEmpty();
    }

    static byte[] Zip(params (string Name, string Text)[] entries)
        => StoredZip.Write(entries.Select(e => KeyValuePair.Create(e.Name, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(e.Text))));
}
