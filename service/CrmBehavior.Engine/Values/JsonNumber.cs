using System;
using System.Buffers.Text;

namespace CrmBehavior.Engine.Values;

/// <summary>Text that is written as a JSON number (RFC 8259 section 6): no plus, no leading zeros, no blanks, finite.</summary>
internal static class JsonNumber
{
    /// <summary>The number that the text is written as.</summary>
    /// <returns>False when it is not written as a JSON number, or is beyond the range of a double.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        return IsWrittenSo(text) && Utf8Parser.TryParse(text, out number, out int used) && used == text.Length && double.IsFinite(number);
    }

    static bool IsWrittenSo(ReadOnlySpan<byte> text)
    {
        int i = text.Length > 0 && text[0] == '-' ? 1 : 0;
        int whole = Digits(text, i);
        if (whole == 0 || (whole > 1 && text[i] == '0')) return false;
        i += whole;
        if (i < text.Length && text[i] == '.')
        {
            int fraction = Digits(text, i + 1);
            if (fraction == 0) return false;
            i += 1 + fraction;
        }
        if (i < text.Length && (text[i] | 0x20) == 'e')
        {
            i++;
            if (i < text.Length && text[i] is (byte)'+' or (byte)'-') i++;
            int exponent = Digits(text, i);
            if (exponent == 0) return false;
            i += exponent;
        }
        return i == text.Length;
    }

    static int Digits(ReadOnlySpan<byte> text, int from)
    {
        int n = 0;
        while (from + n < text.Length && (uint)(text[from + n] - '0') <= 9) n++;
        return n;
    }
}
