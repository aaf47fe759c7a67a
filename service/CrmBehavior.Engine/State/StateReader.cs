using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.State;

/// <summary>Reads what <see cref="StateWriter"/> wrote.</summary>
/// <param name="bytes">The bytes.</param>
internal ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> bytes = bytes;
    int at;

    /// <summary>Whether all has been read.</summary>
    public readonly bool IsAtEnd => at >= bytes.Length;

    /// <exception cref="InvalidDataException">The bytes end too early, or a number is too long.</exception>
    public long Long()
    {
        ulong number = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = Byte();
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return (long)number;
        }
        throw new InvalidDataException("A number in a contact's state is too long; the state is damaged.");
    }

    public int Count()
    {
        long number = Long();
        if (number is < 0 or > 1 << 24) throw new InvalidDataException("A count in a contact's state is out of range; the state is damaged.");
        return (int)number;
    }

    public long Signed()
    {
        ulong number = (ulong)Long();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    public long Time(long now) => now - Signed();

    public void Times(Span<long> times, long now)
    {
        for (int i = times.Length - 1; i >= 0; i--) times[i] = now -= Signed();
    }

    public long TimeOrNone(long now)
    {
        ulong number = (ulong)Long();
        if (number < 2) return number == 0 ? Instant.None : Instant.Never;
        number -= 2;
        return now - ((long)(number >> 1) ^ -(long)(number & 1));
    }

    public long Bits() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public double Number()
    {
        long hundredths = Signed();
        if (hundredths == 0) return BitConverter.Int64BitsToDouble(Bits());
        return (hundredths > 0 ? hundredths - 1 : hundredths) / 100.0;
    }

    public string Text() => Encoding.UTF8.GetString(Take(Count()));

    public string? OptionalText() => Byte() == 0 ? null : Text();

    public ReadOnlySpan<byte> Bytes() => Take(Count());

    public byte Byte() => Take(1)[0];

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - at) throw new InvalidDataException("A contact's state ends too early; the state is damaged.");
        ReadOnlySpan<byte> taken = bytes.Slice(at, count);
        at += count;
        return taken;
    }
}
