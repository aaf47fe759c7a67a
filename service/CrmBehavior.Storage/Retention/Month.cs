using System;

namespace CrmBehavior.Storage.Retention;

/// <summary>A calendar month in UTC, as the event log and the decisions are kept and dropped by in PostgreSQL.</summary>
/// <param name="Year">1970 to 9999.</param>
/// <param name="Number">1 to 12.</param>
internal readonly record struct Month(int Year, int Number)
{
    /// <summary>The month an instant lies in.</summary>
    /// <param name="at">Milliseconds since 1970.</param>
    public static Month Of(long at)
    {
        DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(at);
        return new Month(time.Year, time.Month);
    }

    /// <summary>Its first instant, milliseconds since 1970.</summary>
    public long Start => new DateTimeOffset(Year, Number, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>The instant after its last.</summary>
    public long End => this == Last ? Latest + 1 : Next.Start;

    /// <summary>The month after.</summary>
    public Month Next => Number == 12 ? new Month(Year + 1, 1) : new Month(Year, Number + 1);

    /// <summary>The last month there is.</summary>
    public static readonly Month Last = new(9999, 12);

    /// <summary>The last instant there is.</summary>
    public static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
