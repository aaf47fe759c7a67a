using System;
using System.IO;

namespace CrmBehavior.Cli.Commands;

/// <summary>Reads a file of one event a line, block by block, whatever its size; a line that is too long is told and passed over.</summary>
internal static class EventLines
{
    const int Block = 1 << 20, LongestLine = 64 << 20;

    /// <summary>Takes a line: where in the buffer it lies; the buffer is used again.</summary>
    public delegate void Take(byte[] buffer, int start, int length, long number);

    /// <summary>Reads the lines of a file in order.</summary>
    /// <param name="file">The file, or - for standard input.</param>
    /// <param name="take">Takes each.</param>
    /// <param name="progress">Where it tells how far it is.</param>
    /// <param name="clock">The clock by which it does.</param>
    /// <param name="afterBlock">Is called before the buffer is used again, and at the end.</param>
    public static void Read(string file, Take take, TextWriter progress, TimeProvider? clock = null, Action? afterBlock = null)
    {
        using Stream stream = file == "-" ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        byte[] buffer = new byte[Block];
        int filled = 0;
        TimeProvider time = clock ?? TimeProvider.System;
        long number = 0, told = time.GetTimestamp();
        long size = stream.CanSeek ? stream.Length : 0, read = 0;
        while (true)
        {
            if (filled == buffer.Length) Array.Resize(ref buffer, checked(buffer.Length * 2));
            int n = stream.Read(buffer, filled, buffer.Length - filled);
            if (n == 0) break;
            filled += n;
            read += n;
            int start = 0;
            for (int end; (end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
            {
                TakeLine(take, buffer, start, end, ++number);
            }
            afterBlock?.Invoke();
            Buffer.BlockCopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            if (filled > LongestLine) throw new CliException($"{file}: line {number + 1} is longer than {LongestLine >> 20} MB; is this a file of one event a line?");
            if (time.GetElapsedTime(told) > TimeSpan.FromSeconds(2))
            {
                told = time.GetTimestamp();
                progress.WriteLine(size > 0 ? $"{number:N0} lines, {100.0 * read / size:0} %" : $"{number:N0} lines");
            }
        }
        if (filled > 0) TakeLine(take, buffer, 0, filled, number + 1);
        afterBlock?.Invoke();
    }

    static void TakeLine(Take take, byte[] buffer, int start, int length, long number)
    {
        if (length > 0 && buffer[start + length - 1] == '\r') length--;
        if (!buffer.AsSpan(start, length).ContainsAnyExcept(" \t"u8)) return;
        take(buffer, start, length, number);
    }
}
