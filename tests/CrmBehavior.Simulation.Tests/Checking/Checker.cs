using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Story;

namespace CrmBehavior.Simulation.Tests.Checking;

/// <summary>
/// Holds what is left in the end against the invariants. It reads the rows themselves, works out from the story and from the pure engine what
/// they ought to be, and uses nothing of the pipeline.
/// </summary>
public sealed class Checker(Simulation simulation, BehaviorWeek week)
{
    readonly MemoryDatabase database = simulation.Database;
    readonly List<string> problems = [];

    public IReadOnlyList<string> Check()
    {
        CheckAccepted();
        foreach (Person person in week.People.Where(p => !p.IsDeleted && p.Known != Acquaintance.Never)) CheckOrder(person);
        foreach (Person person in week.People.Where(p => p.IsDeleted)) CheckErased(person);
        CheckParkedInputs();
        var replay = new EngineReplay(week.IsRepublished);
        foreach (Guid contact in database.Log.Keys.Where(c => !week.IsPaired(c))) Say(replay.Compare(contact, database.Log[contact], database.Decisions.GetValueOrDefault(contact, []), database.Profiles.TryGetValue(contact, out (Profile Profile, long? Due) row) ? row.Profile.State : [], simulation.World.Clock.Now));
        CheckPair();
        Say(new EffectCheck(simulation, replay).Check());
        return problems;
    }

    void Say(IEnumerable<string> found) => problems.AddRange(found);

    /// <summary>1: what was accepted is in the log of its contact exactly once, or kept of a visitor nobody knows, and nothing else is there.</summary>
    void CheckAccepted()
    {
        ILookup<Guid, string> reported = simulation.Observer.Reports.ToLookup(r => r.Contact, r => r.Id);
        foreach (Person person in week.People.Where(p => !p.IsDeleted))
        {
            List<string> logged = [.. database.Log.GetValueOrDefault(person.Contact, []).Select(e => e.Id)];
            List<string> kept = [.. database.Kept.GetValueOrDefault("a:" + person.Visitor, []).Select(e => e.Id)];
            HashSet<string> accepted = [.. person.Accepted, .. person.AcceptedElsewhere, .. reported[person.Contact]];
            if (person.Known == Acquaintance.ByForm) accepted.Add($"created:{person.Contact:D}");
            List<string> there = person.Known == Acquaintance.Never ? kept : logged, elsewhere = person.Known == Acquaintance.Never ? logged : kept;
            string who = $"person {person.Number} ({person.Known})";
            if (accepted.Except(there).ToArray() is { Length: > 0 } lost) problems.Add($"1: accepted, but lost, of {who}: {string.Join(' ', lost)}");
            if (there.Except(accepted).ToArray() is { Length: > 0 } strange) problems.Add($"1: nobody sent of {who}: {string.Join(' ', strange)}");
            if (there.Count != there.Distinct().Count()) problems.Add($"1: counted twice of {who}: {string.Join(' ', there.GroupBy(i => i).Where(g => g.Count() > 1).Select(g => g.Key))}");
            if (elsewhere.Count > 0) problems.Add($"1: in a wrong place, of {who}: {string.Join(' ', elsewhere)}");
        }
        foreach ((Guid contact, List<LoggedEvent> log) in database.Log)
        {
            if (!log.Select(e => e.Sequence).SequenceEqual(Enumerable.Range(1, log.Count).Select(n => (long)n))) problems.Add($"1: the log of {contact} has gaps");
            if (week.People.TrueForAll(p => p.Contact != contact)) problems.Add($"1: a log of {contact}, whom nobody knows");
        }
    }

    /// <summary>What one sender sent, each after the one before was answered, is in the log in that order; the identify before what was kept.</summary>
    void CheckOrder(Person person)
    {
        List<string> logged = [.. database.Log.GetValueOrDefault(person.Contact, []).Select(e => e.Id)];
        string? identify = database.Log.GetValueOrDefault(person.Contact, []).Find(e => person.Known is Acquaintance.ByForm or Acquaintance.ByLogin && e.Name is "identified" or "identify" or "form_submitted")?.Id;
        List<string> sent = [.. person.Accepted.OrderBy(i => i == identify ? 0 : 1)];
        List<string> found = [.. logged.Where(person.Accepted.Contains)];
        if (!found.SequenceEqual(sent.Where(found.Contains))) problems.Add($"order of person {person.Number} ({person.Known}): sent {string.Join(' ', sent)}; in the log {string.Join(' ', found)}");
    }

    /// <summary>Of who was deleted nothing is left but the mark.</summary>
    void CheckErased(Person person)
    {
        Guid contact = person.Contact;
        Profile? profile = simulation.Store.FindAsync(contact, default).Result;
        bool isLeft = profile is not { IsErased: true } || database.Log.ContainsKey(contact) || database.Decisions.ContainsKey(contact) || database.Claims.ContainsValue(contact)
            || database.Outbox.Values.Any(e => e.Effect.Contact == contact) || database.Emails.ContainsValue(contact) || database.LastingTags.Any(t => t.Contact == contact);
        if (isLeft) problems.Add($"erasure: something is left of person {person.Number}: {profile}");
        if (simulation.Crm.Contacts.ContainsKey(contact) || simulation.Crm.Rows.Values.Any(r => r.Contact == contact)) problems.Add($"erasure: person {person.Number} is in the CRM again");
    }

    /// <summary>Whoever was merged has no life of his own until he is separated; what was both's enrollment runs once.</summary>
    void CheckPair()
    {
        if (week.Pair is not { } pair) return;
        (Profile Profile, long? Due) merged = database.Profiles[pair.Merged.Contact];
        if (merged.Profile.Master != (week.IsPairSeparated ? null : pair.Master.Contact)) problems.Add($"E3: {pair.Merged.Contact} counts for {merged.Profile.Master}");
        if (merged.Profile.Master != null && merged.Due != null) problems.Add($"E3: {pair.Merged.Contact} was merged and has timers of its own");
        foreach (Guid contact in new[] { pair.Merged.Contact, pair.Master.Contact })
        {
            long[] ordinals = [.. database.Decisions.GetValueOrDefault(contact, []).Select(d => d.Ordinal)];
            if (!ordinals.SequenceEqual(Enumerable.Range(0, ordinals.Length).Select(n => (long)n))) problems.Add($"E3: the decisions about {contact} have gaps");
        }
        // Each enrollment that was begun goes on for one of the two only.
        var steps = new[] { pair.Merged.Contact, pair.Master.Contact }.SelectMany(c => database.Decisions.GetValueOrDefault(c, [])).Where(d => d is { Kind: "journey", Effect: "enrolled" or "exited" }).ToLookup(d => d.Effect);
        if (steps["exited"].Count() > steps["enrolled"].Count()) problems.Add($"E3: {steps["enrolled"].Count()} enrollments of {pair.Merged.Contact} and {pair.Master.Contact} have ended {steps["exited"].Count()} times");
    }

    void CheckParkedInputs()
    {
        int garbage = database.ParkedInputs.Count(p => p.Input.Door == "bus");
        if (week.Garbage.Count > 0 && garbage == 0) problems.Add("4: what could not be read was not set aside");
        foreach (ParkedInput parked in database.ParkedInputs.Select(p => p.Input).Where(p => p.Door != "bus" || JsonDocument.Parse(p.Content).RootElement.GetProperty("SharedVariables").ValueKind != JsonValueKind.Number))
            problems.Add($"4: an input was set aside that is sound ({parked.Door}): {parked.Reason}");
    }
}
