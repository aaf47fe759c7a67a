using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;

namespace CrmBehavior.Benchmarks.Workload;

/// <summary>Lines of events and the order in which they arrive.</summary>
internal sealed class EventLog(int limit)
{
    /// <summary>2026-01-05T00:00:00Z, a Monday.</summary>
    public const long Start = 1767571200000;

    const int IndexBits = 25;

    readonly List<(int Block, int At, int Length)> lines = [];
    readonly List<byte[]> blocks = [];
    // Arrival since the start, then the line's number, so that sorting the numbers sorts the lines.
    readonly List<long> arrivals = [];
    int filled;

    public bool IsFull => lines.Count >= limit;

    public int Count => arrivals.Count;

    public void Add(long at, long arrival, int contact, string name, string key, string properties, ulong id, uint idTail)
    {
        arrivals.Add((arrival - Start) << IndexBits | (uint)lines.Count);
        Append(string.Create(CultureInfo.InvariantCulture,
            $"{{\"id\":\"{id:x16}{idTail:x8}\",\"name\":\"{name}\",\"at\":\"{DateTimeOffset.FromUnixTimeMilliseconds(at):yyyy-MM-ddTHH:mm:ss.fff}Z\",\"contactId\":\"c{contact}\",\"{key}\":{{{properties}}}}}\n"));
    }

    /// <summary>Has lines arrive once more, later, and then puts all in the order of arrival.</summary>
    public void Repeat(int count, SplitMix random)
    {
        int n = arrivals.Count;
        for (int i = 0; i < count; i++)
        {
            ulong r = random.Next();
            long key = arrivals[(int)((r >> 20) % (ulong)n)];
            long delay = 1000 + (long)((r >> 4) % (r % 3 != 0 ? 5000ul : 3ul * 3_600_000));
            arrivals.Add((key >> IndexBits) + delay << IndexBits | (key & (1 << IndexBits) - 1));
        }
        arrivals.Sort();
    }

    /// <summary>A line in the order of arrival: where in a buffer it lies, without its line feed.</summary>
    public (byte[] Buffer, int Start, int Length) this[int place]
    {
        get
        {
            (int block, int at, int length) = lines[(int)(arrivals[place] & (1 << IndexBits) - 1)];
            return (blocks[block], at, length - 1);
        }
    }

    public void WriteTo(Stream stream)
    {
        for (int i = 0; i < Count; i++)
        {
            (byte[] buffer, int start, int length) = this[i];
            stream.Write(buffer, start, length + 1);
        }
    }

    /// <summary>SHA-256 of the file that the lines make.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < Count; i++)
        {
            (byte[] buffer, int start, int length) = this[i];
            hash.AppendData(buffer, start, length + 1);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    void Append(string line)
    {
        if (blocks.Count == 0 || filled + line.Length > blocks[^1].Length)
        {
            blocks.Add(new byte[1 << 24]);
            filled = 0;
        }
        int n = Encoding.ASCII.GetBytes(line, blocks[^1].AsSpan(filled));
        lines.Add((blocks.Count - 1, filled, n));
        filled += n;
    }
}
