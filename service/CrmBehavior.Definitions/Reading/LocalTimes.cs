using System;
using System.Collections.Generic;
using System.Globalization;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Reads times of the day, weekdays and zones.</summary>
internal static class LocalTimes
{
    static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>A time of the day as <c>"09:00"</c>, in milliseconds; <c>"24:00"</c> is the end of the day.</summary>
    public static long? Time(Place place, string what, bool allowEnd)
    {
        string? text = place.IsText ? place.Element.GetString() : null;
        if (text is { Length: 5 } && text[2] == ':' && int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int hour)
            && int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int minute) && minute < 60)
        {
            if (hour < 24 || (hour == 24 && minute == 0 && allowEnd)) return hour * Duration.Hour + minute * Duration.Minute;
        }
        place.Error($"write {what} as \"hh:mm\", from \"00:00\" to {(allowEnd ? "\"24:00\"" : "\"23:59\"")}");
        return null;
    }

    /// <summary>The weekdays under a key; all when it is left out.</summary>
    public static Weekdays Weekdays(Place place, string key = "weekday")
    {
        if (!place.Has(key)) return Engine.Definitions.Weekdays.All;
        var days = new Weekdays(0);
        bool wrong = place.At(key).Element.ValueKind != System.Text.Json.JsonValueKind.Array;
        foreach (Place item in place.At(key).Items("\"weekday\""))
        {
            int day = Array.IndexOf(Days, item.IsText ? item.Element.GetString() : null);
            if (day < 0) wrong = true;
            if (day < 0) item.Error("weekdays are \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"");
            else days = days.With((DayOfWeek)day);
        }
        if (days.Mask == 0 && !wrong) place.At(key).Error("name one weekday at least, or leave \"weekday\" out for every day");
        return days;
    }

    /// <summary>The zone under a key: null for the contact's.</summary>
    public static string? Zone(Place place, bool allowContact = true)
    {
        if (place.Find("zone") is not { } at) return null;
        string? zone = at.Text("a time zone");
        if (zone == null || (allowContact && zone == "contact")) return null;
        if (TimeZones.IsKnown(zone)) return zone;
        at.Error($"\"{zone}\" is no IANA time zone; write one as in \"Europe/Berlin\"{(allowContact ? ", or \"contact\" for the contact's own" : "")}");
        return null;
    }

    /// <summary>The short names of weekdays, Sunday first.</summary>
    public static IReadOnlyList<string> Names => Days;
}
