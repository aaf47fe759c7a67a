using System;

namespace CrmBehavior.Engine.Definitions;

/// <summary>A set of days of the week.</summary>
/// <param name="Mask">Bit n set: the day with number n of <see cref="DayOfWeek"/> is in it.</param>
public readonly record struct Weekdays(byte Mask)
{
    /// <summary>Every day.</summary>
    public static Weekdays All { get; } = new(0x7F);

    /// <summary>Whether the day is in the set.</summary>
    /// <param name="day">A day.</param>
    /// <returns>True if so.</returns>
    public bool Includes(DayOfWeek day) => (Mask >> (int)day & 1) != 0;

    /// <summary>The set with the day in it.</summary>
    /// <param name="day">A day.</param>
    /// <returns>A new set.</returns>
    public Weekdays With(DayOfWeek day) => new((byte)(Mask | 1 << (int)day));
}
