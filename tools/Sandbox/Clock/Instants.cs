using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CrmBehavior.Sandbox.Clock;

/// <summary>Durations and instants as the definition language writes them.</summary>
internal static partial class Instants
{
    /// <summary>Reads <c>90s</c>, <c>5m</c>, <c>24h</c>, <c>1d</c>, or ISO 8601 in weeks, days, hours, minutes and seconds. Months, years and zero
    /// are refused.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        Match match = Short().Match(text);
        if (match.Success)
            return TrySeconds(match.Groups[1].Value, match.Groups[2].Value switch { "s" => 1, "m" => 60, "h" => 3600, _ => 86400 }, ref duration)
                && duration > TimeSpan.Zero;
        match = Iso().Match(text);
        if (!match.Success) return false;
        int[] units = [604800, 86400, 3600, 60, 1];
        for (int i = 0; i < units.Length; i++)
            if (match.Groups[i + 1].Success && !TrySeconds(match.Groups[i + 1].Value, units[i], ref duration)) return false;
        return duration > TimeSpan.Zero;
    }

    /// <summary>Reads an RFC 3339 instant.</summary>
    public static bool TryInstant(string text, out DateTimeOffset instant)
    {
        instant = default;
        return Rfc3339().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out instant);
    }

    /// <summary>Writes an instant in UTC with milliseconds.</summary>
    public static string Write(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    static bool TrySeconds(string number, int unit, ref TimeSpan sum)
    {
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count > 100L * 366 * 86400 / unit) return false;
        sum += TimeSpan.FromSeconds(count * unit);
        return true;
    }

    [GeneratedRegex("^([0-9]{1,12})([smhd])$")]
    private static partial Regex Short();

    [GeneratedRegex("^P(?=[0-9T])(?:([0-9]+)W)?(?:([0-9]+)D)?(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?$")]
    private static partial Regex Iso();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$")]
    private static partial Regex Rfc3339();
}
