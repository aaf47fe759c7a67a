namespace CrmBehavior.Engine.Time;

/// <summary>Time zones by their IANA names.</summary>
public static class TimeZones
{
    /// <summary>Whether a name is one that wall clocks can be read in.</summary>
    /// <param name="name">For instance <c>Europe/Berlin</c>.</param>
    /// <returns>True if so.</returns>
    public static bool IsKnown(string name) => ZoneClock.Find(name) != null;
}
