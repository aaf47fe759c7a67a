using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Words;

/// <summary>Times as people write them.</summary>
public static class TimeWords
{
    static readonly DayOfWeek[] Week = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>"5 January 2026, 10:05 UTC"; nobody who reads why something happened asks for its seconds.</summary>
    /// <param name="instant">Milliseconds since 1970.</param>
    /// <returns>The words.</returns>
    public static string At(long instant) => Instant.ToDateTime(instant).ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>"09:00".</summary>
    /// <param name="time">Millisecond of the day.</param>
    /// <returns>The words.</returns>
    public static string Hour(long time) => $"{time / Duration.Hour:00}:{time / Duration.Minute % 60:00}";

    /// <summary>"Monday and Tuesday", "Monday to Friday", "any day".</summary>
    /// <param name="days">The days.</param>
    /// <returns>The words.</returns>
    internal static string Days(Weekdays days) => Days(days, Sentences.And);

    /// <summary>"Monday or Tuesday", "Monday to Friday": the first of them that comes.</summary>
    /// <param name="days">The days.</param>
    /// <returns>The words.</returns>
    internal static string AnyDay(Weekdays days) => Days(days, Sentences.Or);

    static string Days(Weekdays days, Func<IEnumerable<string>, string> joined)
    {
        if (days == Weekdays.All) return "any day";
        DayOfWeek[] named = [.. Week.Where(d => days.Includes(d))];
        int first = Array.IndexOf(Week, named[0]);
        bool isRun = named.Length > 2 && named.Select((d, i) => Array.IndexOf(Week, d) == first + i).All(r => r);
        return isRun ? $"{named[0]} to {named[^1]}" : joined(named.Select(d => d.ToString()));
    }

    /// <summary>"in the contact's time zone", "in Europe/Berlin".</summary>
    /// <param name="zone">IANA name, or null for the contact's.</param>
    /// <returns>The words.</returns>
    public static string Zone(string? zone) => zone == null ? "in the contact's time zone" : "in " + zone;
}
