using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Compile;

/// <summary>Which wall clock is a contact's: the trait <c>timeZone</c>, else that of the first policy that has one, else UTC.</summary>
internal sealed class ZoneRule(int timeZoneTrait, string? policyZone)
{
    readonly ZoneClock fallback = (policyZone == null ? null : ZoneClock.Find(policyZone)) ?? ZoneClock.Utc;

    /// <summary>The clock of a zone that is named, or of the contact where it is null.</summary>
    public ZoneClock Of(ContactState contact, string? zone)
    {
        if (zone != null) return ZoneClock.Find(zone) ?? fallback;
        Value own = contact.Traits[timeZoneTrait];
        return own.Kind == ValueKind.Text ? ZoneClock.Find(own.ToString()) ?? fallback : fallback;
    }
}
