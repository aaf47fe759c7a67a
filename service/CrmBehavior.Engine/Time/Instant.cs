using System;
using System.Globalization;
using System.Text;

namespace CrmBehavior.Engine.Time;

/// <summary>
/// Instants of the language: whole milliseconds since 1970-01-01T00:00:00Z, written as RFC 3339. Anything finer is cut off.
/// </summary>
public static class Instant
{
    /// <summary>Stands for "never": later than every instant that can be written.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Stands for "nothing yet": earlier than every instant that can be written.</summary>
    public const long None = long.MinValue;

    /// <summary>9999-12-31T23:59:59.999Z, the latest instant that can be written.</summary>
    public const long Latest = 253402300799999;

    /// <summary>0001-01-01T00:00:00.000Z, the earliest instant that can be written.</summary>
    public const long Earliest = -62135596800000;

    /// <summary>Reads an RFC 3339 instant (<c>2026-01-05T10:00:00.5+01:00</c>); a leap second counts as the last millisecond before it.</summary>
    /// <param name="text">UTF-8 text without quotes.</param>
    /// <param name="instant">Milliseconds since 1970, UTC.</param>
    /// <returns>False when the text is no RFC 3339 instant.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out long instant)
    {
        instant = 0;
        if (text.Length < 20 || !TryParseDate(text[..10], out long days) || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':') return false;
        int hour = Two(text, 11), minute = Two(text, 14), second = Two(text, 17);
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60) return false;
        int milliseconds = 0, at = 19;
        if (text[at] == '.')
        {
            int digits = 0;
            for (at++; at < text.Length && char.IsAsciiDigit((char)text[at]); at++, digits++)
            {
                if (digits < 3) milliseconds = milliseconds * 10 + (text[at] - '0');
            }
            if (digits == 0) return false;
            for (; digits < 3; digits++) milliseconds *= 10;
        }
        if (second == 60) (second, milliseconds) = (59, 999);
        if (!TryParseOffset(text[at..], out long offset)) return false;
        instant = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milliseconds - offset;
        return instant is >= Earliest and <= Latest;
    }

    /// <summary>The same for text in memory as a string.</summary>
    /// <param name="text">The text.</param>
    /// <param name="instant">Milliseconds since 1970, UTC.</param>
    /// <returns>False when the text is no RFC 3339 instant.</returns>
    public static bool TryParse(string text, out long instant)
    {
        ArgumentNullException.ThrowIfNull(text);
        instant = 0;
        Span<byte> bytes = stackalloc byte[64];
        return text.Length <= 64 && Encoding.UTF8.TryGetBytes(text, bytes, out int n) && TryParse(bytes[..n], out instant);
    }

    /// <summary>Reads a date alone, <c>2026-01-05</c>, as days since 1970-01-01.</summary>
    /// <param name="text">UTF-8 text of exactly ten characters.</param>
    /// <param name="days">Days since 1970-01-01.</param>
    /// <returns>False when the text is no date.</returns>
    public static bool TryParseDate(ReadOnlySpan<byte> text, out long days)
    {
        days = 0;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-') return false;
        int century = Two(text, 0), year = Two(text, 2), month = Two(text, 5), day = Two(text, 8);
        if (century < 0 || year < 0 || month is < 1 or > 12 || day < 1) return false;
        year += century * 100;
        if (year == 0 || day > DateTime.DaysInMonth(year, month)) return false;
        // Days from a civil date, counted from March so that the leap day is the last of its year (proleptic Gregorian calendar).
        int y = month <= 2 ? year - 1 : year, m = (month + 9) % 12;
        days = 365L * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + (day - 1) - 719468;
        return true;
    }

    static bool TryParseOffset(ReadOnlySpan<byte> text, out long offset)
    {
        offset = 0;
        if (text.Length == 1) return (text[0] | 0x20) == 'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':') return false;
        int hours = Two(text, 1), minutes = Two(text, 4);
        if (hours is < 0 or > 23 || minutes is < 0 or > 59) return false;
        offset = (hours * 60L + minutes) * 60000;
        if (text[0] == '-') offset = -offset;
        return true;
    }

    static int Two(ReadOnlySpan<byte> text, int at)
    {
        int high = text[at] - '0', low = text[at + 1] - '0';
        return (uint)high > 9 || (uint)low > 9 ? -1 : high * 10 + low;
    }

    /// <summary>Writes an instant with milliseconds: <c>2026-01-05T10:00:00.000Z</c>.</summary>
    /// <param name="instant">Milliseconds since 1970, UTC.</param>
    /// <returns>The text.</returns>
    public static string ToText(long instant) =>
        ToDateTime(instant).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Writes an instant with milliseconds into a buffer of at least 24 bytes.</summary>
    /// <param name="instant">Milliseconds since 1970, UTC.</param>
    /// <param name="buffer">Where to.</param>
    /// <returns>The number of bytes written, always 24.</returns>
    public static int Write(long instant, Span<byte> buffer)
    {
        long since = Math.Clamp(instant, Earliest, Latest) - Earliest;
        (int year, int month, int day) = DateOnly.FromDayNumber((int)(since / 86400000));
        int milliseconds = (int)(since % 86400000), seconds = milliseconds / 1000, minutes = seconds / 60;
        "0000-00-00T00:00:00.000Z"u8.CopyTo(buffer);
        Put(buffer, 0, year / 100);
        Put(buffer, 2, year % 100);
        Put(buffer, 5, month);
        Put(buffer, 8, day);
        Put(buffer, 11, minutes / 60);
        Put(buffer, 14, minutes % 60);
        Put(buffer, 17, seconds % 60);
        milliseconds %= 1000;
        buffer[20] += (byte)(milliseconds / 100);
        Put(buffer, 21, milliseconds % 100);
        return 24;
    }

    static void Put(Span<byte> buffer, int at, int two)
    {
        buffer[at + 1] = (byte)('0' + two % 10);
        buffer[at] = (byte)('0' + two / 10);
    }

    /// <summary>The instant as a .NET date and time in UTC; beyond the range of the calendar, its nearest end.</summary>
    /// <param name="instant">Milliseconds since 1970, UTC.</param>
    /// <returns>The date and time.</returns>
    public static DateTime ToDateTime(long instant) =>
        DateTime.UnixEpoch.AddMilliseconds(Math.Clamp(instant, Earliest, Latest));

    /// <summary>The instant of a .NET date and time; anything finer than a millisecond is cut off.</summary>
    /// <param name="time">The date and time.</param>
    /// <returns>Milliseconds since 1970, UTC.</returns>
    public static long From(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    /// <summary>The sum, or <see cref="Never"/> where it would lie beyond the calendar.</summary>
    /// <param name="instant">Milliseconds since 1970.</param>
    /// <param name="duration">Milliseconds.</param>
    /// <returns>Milliseconds since 1970.</returns>
    internal static long Add(long instant, long duration)
    {
        if (instant == Never) return Never;
        long sum = instant + duration;
        return sum > Latest ? Never : sum;
    }
}
