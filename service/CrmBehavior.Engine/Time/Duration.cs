using System;
using System.Collections.Generic;
using System.Globalization;

namespace CrmBehavior.Engine.Time;

/// <summary>
/// Durations of the language, in milliseconds: a whole number with s, m, h or d, or ISO 8601 in weeks, days, hours, minutes, seconds.
/// A day is 24 hours. Months, years and zero have no meaning as durations.
/// </summary>
public static class Duration
{
    /// <summary>Milliseconds of a day of 24 hours.</summary>
    public const long Day = 86_400_000;

    /// <summary>Milliseconds of an hour.</summary>
    public const long Hour = 3_600_000;

    /// <summary>Milliseconds of a minute.</summary>
    public const long Minute = 60_000;

    /// <summary>A thousand years; longer ones are refused so that sums of instants stay within the calendar.</summary>
    const long Longest = 365_250L * Day;

    /// <summary>Reads a duration.</summary>
    /// <param name="text"><c>90s</c>, <c>5m</c>, <c>24h</c>, <c>7d</c>, <c>PT5M</c>, <c>P1DT6H</c>, <c>P2W</c>.</param>
    /// <param name="milliseconds">Its length, greater than 0.</param>
    /// <param name="problem">What is wrong and what to write instead, or null.</param>
    /// <returns>False when it is no duration.</returns>
    public static bool TryParse(string text, out long milliseconds, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        milliseconds = 0;
        problem = null;
        decimal total;
        if (text.StartsWith('P'))
        {
            if (text.Contains('Y') || text[..(text.IndexOf('T') is var t and >= 0 ? t : text.Length)].Contains('M'))
            {
                problem = $"\"{text}\" uses months or years, whose length varies; write days, as in \"30d\" or \"P30D\"";
                return false;
            }
            if (!TryParseIso(text, out total))
            {
                problem = Explain(text);
                return false;
            }
        }
        else if (text.Length >= 2 && Unit(text[^1]) is var unit and > 0 && IsDigits(text.AsSpan(0, text.Length - 1)))
        {
            if (text.Length > 15)
            {
                problem = $"\"{text}\" is too long; at most a thousand years";
                return false;
            }
            total = decimal.Parse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture) * unit;
        }
        else
        {
            problem = Explain(text);
            return false;
        }
        if (total < 1) problem = $"\"{text}\" is zero; a duration must be longer";
        else if (total > Longest) problem = $"\"{text}\" is too long; at most a thousand years";
        else milliseconds = (long)decimal.Truncate(total);
        return problem == null;
    }

    /// <summary>A signed duration, as the offset of a wait: <c>-24h</c>, <c>30m</c>.</summary>
    /// <param name="text">A duration, with a minus before it or not.</param>
    /// <param name="milliseconds">Its length, negative with a minus.</param>
    /// <param name="problem">What is wrong and what to write instead, or null.</param>
    /// <returns>False when it is no duration.</returns>
    public static bool TryParseSigned(string text, out long milliseconds, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool minus = text.StartsWith('-');
        bool ok = TryParse(minus || text.StartsWith('+') ? text[1..] : text, out milliseconds, out problem);
        if (minus) milliseconds = -milliseconds;
        return ok;
    }

    /// <summary>The shortest form in one unit: <c>36h</c>, <c>7d</c>, <c>90s</c>; odd milliseconds as ISO 8601.</summary>
    /// <param name="milliseconds">A length.</param>
    /// <returns>The text.</returns>
    public static string ToText(long milliseconds)
    {
        foreach ((long unit, char letter) in new[] { (Day, 'd'), (Hour, 'h'), (Minute, 'm'), (1000L, 's') })
        {
            if (milliseconds % unit == 0) return (milliseconds / unit).ToString(CultureInfo.InvariantCulture) + letter;
        }
        return "PT" + (milliseconds / 1000m).ToString(CultureInfo.InvariantCulture) + "S";
    }

    /// <summary>In words: "7 days", "1 hour 30 minutes", "90 seconds".</summary>
    /// <param name="milliseconds">A length.</param>
    /// <returns>The words.</returns>
    public static string ToWords(long milliseconds)
    {
        if (milliseconds < 0) return "minus " + ToWords(-milliseconds);
        if (milliseconds is > 0 and < 1000) return milliseconds == 1 ? "1 millisecond" : $"{milliseconds} milliseconds";
        var parts = new List<string>();
        long rest = milliseconds;
        foreach ((long unit, string name) in new[] { (Day, "day"), (Hour, "hour"), (Minute, "minute"), (1000L, "second") })
        {
            // A single day reads better as 24 hours: that is what it means, also over a clock change.
            if (unit == Day && rest is >= Day and < 2 * Day) continue;
            long n = rest / unit;
            if (n == 0) continue;
            parts.Add(n == 1 ? "1 " + name : $"{n.ToString(CultureInfo.InvariantCulture)} {name}s");
            rest -= n * unit;
        }
        return parts.Count == 0 ? "0 seconds" : string.Join(' ', parts);
    }

    static bool TryParseIso(string text, out decimal total)
    {
        total = 0;
        bool time = false, any = false;
        string order = "";
        for (int i = 1; i < text.Length;)
        {
            if (text[i] == 'T' && !time)
            {
                time = true;
                if (++i == text.Length) return false;
                continue;
            }
            int start = i;
            while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] is '.' or ',')) i++;
            if (i == start || i == text.Length) return false;
            char unit = text[i];
            string number = text[start..i++].Replace(',', '.');
            long size = (unit, time) switch { ('W', false) => 7 * Day, ('D', false) => Day, ('H', true) => Hour, ('M', true) => Minute, ('S', true) => 1000, _ => 0 };
            if (size == 0 || number.Length > 15 || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal n)) return false;
            // A fraction is allowed in the smallest unit alone (ISO 8601), and here only in seconds.
            if (n != decimal.Truncate(n) && unit != 'S') return false;
            total += n * size;
            order += unit;
            any = true;
        }
        return any && IsOrdered(order);
    }

    static bool IsOrdered(string units)
    {
        int last = -1;
        foreach (char unit in units)
        {
            int place = "WDHMS".IndexOf(unit, StringComparison.Ordinal);
            if (place <= last) return false;
            last = place;
        }
        return true;
    }

    static long Unit(char letter) => letter switch { 's' => 1000, 'm' => Minute, 'h' => Hour, 'd' => Day, _ => 0 };

    static bool IsDigits(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
        }
        return text.Length > 0;
    }

    static string Explain(string text) =>
        $"\"{text}\" is no duration; write a whole number with s, m, h or d, as in \"30m\" or \"7d\", or ISO 8601, as in \"PT30M\"";
}
