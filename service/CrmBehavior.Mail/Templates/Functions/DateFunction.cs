using System;
using System.Globalization;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.Templates.Functions;

/// <summary>
/// <c>{{date value "format" "zone"}}</c>: an instant in a zone (IANA name, default UTC), or a date alone, which no zone moves. Names of
/// days and months are English.
/// </summary>
static class DateFunction
{
    const string DefaultFormat = "d MMMM yyyy";

    public static string Run(string value, string? format, string? zone)
    {
        try
        {
            return At(value, zone).ToString(string.IsNullOrEmpty(format) ? DefaultFormat : format, CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            throw new TemplateException($"date: '{format}' is no format of dates; write one like \"d MMMM yyyy HH:mm\".");
        }
    }

    static DateTimeOffset At(string value, string? zone)
    {
        if (DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
            return new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at))
            throw new TemplateException($"date: '{value}' is no date; it must look like 2026-03-01 or 2026-03-01T20:00:00Z.");
        if (string.IsNullOrEmpty(zone)) return at.ToUniversalTime();
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found)
            ? TimeZoneInfo.ConvertTime(at, found)
            : throw new TemplateException($"date: there is no time zone '{zone}'; write an IANA name like \"Europe/Berlin\".");
    }
}
