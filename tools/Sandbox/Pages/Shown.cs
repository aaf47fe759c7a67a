using System;
using System.Globalization;

namespace CrmBehavior.Sandbox.Pages;

/// <summary>Values as the pages show them.</summary>
internal static class Shown
{
    /// <summary>A time to the minute, UTC; a dash for none.</summary>
    public static string Time(DateTime? time) => time is { } value ? value.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "–";

    /// <summary>A time as an element that machines can read.</summary>
    public static Html TimeElement(DateTime? time) => time is { } value
        ? Html.Of($"<time datetime=\"{value.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\">{Time(value)}</time>")
        : Html.Of($"–");

    /// <summary>A number with at most two places; a dash for none.</summary>
    public static string Number(object? number) =>
        number is null ? "–" : Convert.ToDecimal(number, CultureInfo.InvariantCulture).ToString("#,0.##", CultureInfo.InvariantCulture);
}
