using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Journeys;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Scores;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Conditions;

/// <summary>A trait passes tests.</summary>
internal sealed class TraitPasses(TraitIs source, int trait) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => source.Test.Passes(default);

    public override bool CanFailWithoutEvents => !source.Test.Passes(default);

    public override bool Holds(View view, ref long due) => source.Test.Passes(view.Contact.Traits[trait]);

    protected override Evidence Observe(Evidence evidence, View view) => evidence with { Value = view.Contact.Traits[trait] };
}

/// <summary>A score's value passes a test.</summary>
internal sealed class ScorePasses(ScoreIs source, CompiledScore score) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => source.Is.Passes(0);

    public override bool CanFailWithoutEvents => !source.Is.Passes(0);

    public override bool Holds(View view, ref long due)
    {
        DecayingValue value = score.ValueOf(view.Contact);
        Lower(ref due, value.NextChange(view.Now, source.Is));
        return source.Is.Passes(value.At(view.Now));
    }

    protected override Evidence Observe(Evidence evidence, View view) => evidence with { Number = score.ValueOf(view.Contact).At(view.Now) };
}

/// <summary>A signal is active, or the contact is in a segment.</summary>
internal sealed class DefinitionHolds(Condition source, CompiledDefinition definition) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => definition.CanHoldWithoutEvents;

    public override bool CanFailWithoutEvents => true;

    public override bool Holds(View view, ref long due) => definition.IsActive(view.Contact.Definitions.ValueOf(definition.Index));

    protected override Evidence Observe(Evidence evidence, View view) => evidence;
}

/// <summary>How the contact stands with a journey.</summary>
internal sealed class JourneyStands(InJourney source, string journey) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => source.State == Enrolled.Never;

    public override bool CanFailWithoutEvents => source.State != Enrolled.Never;

    public override bool Holds(View view, ref long due)
    {
        JourneyRecord? record = view.Contact.Journeys?.Find(journey);
        return source.State switch
        {
            Enrolled.Active => record is { Running: > 0 },
            Enrolled.Completed => record is { HasCompleted: true },
            Enrolled.Converted => record is { HasConverted: true },
            _ => record is null or { Entries: 0 },
        };
    }

    protected override Evidence Observe(Evidence evidence, View view) => evidence with { Count = view.Contact.Journeys?.Find(journey)?.Entries ?? 0 };
}

/// <summary>Consent is granted and not withdrawn.</summary>
internal sealed class ConsentGiven(HasConsent source) : CompiledCondition(source)
{
    public override bool CanHoldWithoutEvents => false;

    public override bool CanFailWithoutEvents => true;

    public override bool Holds(View view, ref long due) => view.Contact.Consents.Find(source.Channel, source.Purpose) == true;

    protected override Evidence Observe(Evidence evidence, View view)
    {
        long at = view.Contact.Consents.AtOf(source.Channel, source.Purpose);
        return evidence with { Last = at == Instant.None ? null : at };
    }
}

/// <summary>Local time lies in a part of the week.</summary>
internal sealed class InLocalTime(LocalTime source, ZoneRule zones) : CompiledCondition(source)
{
    readonly LocalWindow window = new(source.From, source.To, source.Days);

    public override bool CanHoldWithoutEvents => true;

    public override bool CanFailWithoutEvents => true;

    public override bool Holds(View view, ref long due)
    {
        ZoneClock clock = zones.Of(view.Contact, source.Zone);
        Lower(ref due, window.NextChange(clock, view.Now));
        return window.IsOpen(clock, view.Now);
    }

    protected override Evidence Observe(Evidence evidence, View view)
    {
        ZoneClock clock = zones.Of(view.Contact, source.Zone);
        return evidence with { Value = Value.Of(Instant.ToText(clock.WallAt(view.Now))[..16].Replace('T', ' ')), Number = (int)clock.Read(view.Now).Day };
    }
}
