using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Compile;

/// <summary>Which wall clock is a contact's: the trait <c>timeZone</c>, else what the browser told, else that of the first policy that has one, else UTC.</summary>
internal sealed class ZoneRule(int timeZoneTrait, int toldTrait, string? policyZone)
{
    readonly ZoneClock fallback = (policyZone == null ? null : ZoneClock.Find(policyZone)) ?? ZoneClock.Utc;

    /// <summary>The clock of a zone that is named, or of the contact where it is null.</summary>
    public ZoneClock Of(ContactState contact, string? zone)
    {
        if (zone != null) return ZoneClock.Find(zone) ?? fallback;
        return ClockOf(contact.Traits[timeZoneTrait]) ?? ClockOf(contact.Traits[toldTrait]) ?? fallback;
    }

    static ZoneClock? ClockOf(in Value zone) => zone.Kind == ValueKind.Text ? ZoneClock.Find(zone.ToString()) : null;
}
