using System;
using System.Buffers.Binary;
using System.Numerics;

namespace CrmBehavior.Engine.Events;

/// <summary>
/// Steps through JSON as programs write it: no blanks between tokens, no escapes in texts, numbers of at most fifteen digits without an
/// exponent. Whatever else it meets, right or wrong, makes it give up: then <see cref="System.Text.Json.Utf8JsonReader"/> is asked, which
/// takes over a third longer. What it does accept, that one accepts too, with the same values.
/// </summary>
/// <param name="buffer">The bytes.</param>
/// <param name="at">Where it stands.</param>
/// <param name="end">Where the text ends.</param>
internal ref struct PlainJson(byte[] buffer, int at, int end)
{
    const int Deepest = 32, MostDigits = 15;
    const ulong Ones = 0x0101010101010101, Highs = 0x8080808080808080;

    static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    readonly byte[] buffer = buffer;
    readonly int end = end;

    /// <summary>Where the next token begins.</summary>
    public int At { get; private set; } = at;

    public readonly bool IsAtEnd => At == end;

    /// <summary>The byte that the next token begins with; 0 at the end.</summary>
    public readonly byte Next => At < end ? buffer[At] : (byte)0;

    /// <summary>Steps over one byte, if it is the next.</summary>
    public bool TryTake(byte expected)
    {
        if (Next != expected) return false;
        At++;
        return true;
    }

    /// <summary>Steps over a text.</summary>
    public bool TryText(out int start, out int length)
    {
        start = At + 1;
        length = 0;
        if (Next != '"') return false;
        int place = start;
        for (; place + 8 <= end; place += 8)
        {
            // Eight bytes at a time: a bit is set at the first that is a quote, a backslash or a control character.
            ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(place));
            ulong quotes = bytes ^ (Ones * '"'), slashes = bytes ^ (Ones * '\\');
            ulong found = ((quotes - Ones & ~quotes) | (slashes - Ones & ~slashes) | (bytes - Ones * 0x20 & ~bytes)) & Highs;
            if (found == 0) continue;
            place += BitOperations.TrailingZeroCount(found) >> 3;
            break;
        }
        while (place < end && buffer[place] >= 0x20 && buffer[place] != '"' && buffer[place] != '\\') place++;
        if (place >= end || buffer[place] != '"') return false;
        length = place - start;
        At = place + 1;
        return true;
    }

    /// <summary>Steps over the name of a member and its colon.</summary>
    public bool TryName(out ReadOnlySpan<byte> name)
    {
        bool isName = TryText(out int start, out int length);
        name = buffer.AsSpan(start, length);
        return isName && TryTake((byte)':');
    }

    /// <summary>Steps over a number.</summary>
    public bool TryNumber(out double number)
    {
        number = 0;
        int place = At;
        bool isNegative = Next == '-';
        if (isNegative) place++;
        int first = place;
        long digits = 0;
        for (; place < end && (uint)(buffer[place] - '0') <= 9; place++) digits = digits * 10 + (buffer[place] - '0');
        int count = place - first, decimals = 0;
        if (count == 0 || count > MostDigits || (count > 1 && buffer[first] == '0')) return false;
        if (place < end && buffer[place] == '.')
        {
            int point = place++;
            for (; place < end && place - point <= MostDigits && (uint)(buffer[place] - '0') <= 9; place++) digits = digits * 10 + (buffer[place] - '0');
            decimals = place - point - 1;
            if (decimals == 0 || count + decimals > MostDigits) return false;
        }
        if (place < end && (buffer[place] is (byte)'e' or (byte)'E' or (byte)'.' || (uint)(buffer[place] - '0') <= 9)) return false;
        // Both numbers are exact, so the quotient is the nearest double, as a parser would find it.
        number = digits / Powers[decimals];
        if (isNegative) number = -number;
        At = place;
        return true;
    }

    /// <summary>Steps over a word: true, false or null.</summary>
    public bool TryWord(ReadOnlySpan<byte> word)
    {
        if (!buffer.AsSpan(At, end - At).StartsWith(word)) return false;
        At += word.Length;
        return true;
    }

    /// <summary>Steps over a value of any kind.</summary>
    public bool TrySkip(int depth = 0)
    {
        switch (Next)
        {
            case (byte)'"': return TryText(out _, out _);
            case (byte)'t': return TryWord("true"u8);
            case (byte)'f': return TryWord("false"u8);
            case (byte)'n': return TryWord("null"u8);
            case (byte)'{':
                At++;
                if (TryTake((byte)'}')) return true;
                if (depth == Deepest) return false;
                do
                {
                    if (!TryName(out _) || !TrySkip(depth + 1)) return false;
                }
                while (TryTake((byte)','));
                return TryTake((byte)'}');
            case (byte)'[':
                At++;
                if (TryTake((byte)']')) return true;
                if (depth == Deepest) return false;
                do
                {
                    if (!TrySkip(depth + 1)) return false;
                }
                while (TryTake((byte)','));
                return TryTake((byte)']');
            default: return TryNumber(out _);
        }
    }
}
