using System;
using System.Buffers.Binary;
using System.Text;

namespace CrmBehavior.Engine.State;

/// <summary>Writes numbers compactly: whole ones in 7-bit groups, times as their distance from now.</summary>
internal sealed class StateWriter
{
    byte[] buffer = new byte[512];
    int length;

    public int Length => length;

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    public void Clear() => length = 0;

    public void Count(long number)
    {
        Ensure(10);
        ulong rest = (ulong)number;
        while (rest >= 0x80)
        {
            buffer[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }
        buffer[length++] = (byte)rest;
    }

    public void Signed(long number) => Count(number << 1 ^ number >> 63);

    /// <summary>A time in the past of `now`, as events have it; another one costs a little more.</summary>
    public void Time(long time, long now) => Signed(now - time);

    public void Times(ReadOnlySpan<long> times, long now)
    {
        // Each as its distance from the next later one, so that a cluster costs little.
        for (int i = times.Length - 1; i >= 0; now = times[i], i--) Signed(now - times[i]);
    }

    public void TimeOrNone(long time, long now)
    {
        if (time == Engine.Time.Instant.None || time == Engine.Time.Instant.Never)
        {
            Count(time == Engine.Time.Instant.None ? 0 : 1);
            return;
        }
        long distance = now - time;
        Count((distance << 1 ^ distance >> 63) + 2);
    }

    public void Bits(long bits)
    {
        Ensure(8);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(length), bits);
        length += 8;
    }

    /// <summary>A double: whole numbers and hundredths in a few bytes, others in nine.</summary>
    public void Number(double number)
    {
        double hundredths = number * 100;
        bool isShort = Math.Abs(hundredths) < 1e13 && hundredths == Math.Floor(hundredths) && (long)hundredths / 100.0 == number;
        if (isShort && !(number == 0 && double.IsNegative(number)))
        {
            // One more than the number of hundredths, counted away from 0, so that 0 is left to mark the long form.
            Signed((long)hundredths >= 0 ? (long)hundredths + 1 : (long)hundredths);
            return;
        }
        Count(0);
        Bits(BitConverter.DoubleToInt64Bits(number));
    }

    public void Text(string text)
    {
        int n = Encoding.UTF8.GetByteCount(text);
        Count(n);
        Ensure(n);
        Encoding.UTF8.GetBytes(text, buffer.AsSpan(length));
        length += n;
    }

    public void OptionalText(string? text)
    {
        Byte(text == null ? (byte)0 : (byte)1);
        if (text != null) Text(text);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Count(bytes.Length);
        Ensure(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    public void Byte(byte value)
    {
        Ensure(1);
        buffer[length++] = value;
    }

    void Ensure(int more)
    {
        if (length + more > buffer.Length) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
    }
}
