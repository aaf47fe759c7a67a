using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Outside;
using CrmBehavior.Simulation.Tests.Story;

namespace CrmBehavior.Simulation.Tests.Checking;

/// <summary>What is outside against what was decided: each row of the CRM, each tag and column, each mail.</summary>
public sealed class EffectCheck(Simulation simulation, EngineReplay replay)
{
    const int Cap = 4;

    /// <summary>Who asks whether a mail may go must send it within ten seconds, however long it then stands still.</summary>
    static readonly TimeSpan Notice = TimeSpan.FromSeconds(11);

    static readonly Dictionary<string, string> TagOf = new() { ["engaged"] = "Engaged", ["away"] = "Away", ["buyers"] = "Buyer" };

    readonly SimulatedCrm crm = simulation.Crm;
    readonly List<string> problems = [];
    readonly HashSet<(string Set, Guid Id)> expected = [];
    readonly HashSet<(Guid, string)> tags = [];
    readonly Dictionary<(Guid, string), string> columns = [];
    readonly Dictionary<Guid, MemoryEffect> parked = simulation.Database.Outbox;

    public IEnumerable<string> Check()
    {
        foreach ((Guid contact, List<StoredDecision> decisions) in simulation.Database.Decisions)
        {
            if (!crm.Contacts.ContainsKey(contact)) continue;
            foreach (StoredDecision decision in decisions) Expect(contact, decision);
        }
        CheckRows();
        CheckScores();
        CheckMails();
        foreach (MemoryEffect left in parked.Values.Where(e => e.State != EffectState.Parked || e.Reason.Length == 0)) problems.Add($"4: an effect is left half done: {left.Effect.Kind} {left.State}");
        if (crm.Intruded > 0) problems.Add($"C1: {crm.Intruded} requests although the CRM had asked for a pause");
        return problems;
    }

    void Expect(Guid contact, StoredDecision decision)
    {
        JsonElement line = JsonDocument.Parse(decision.Line).RootElement;
        if (decision.Kind == "segment" && TagOf.TryGetValue(decision.Definition, out string? tag)) Set(tags, (contact, tag), decision.Effect == "entered");
        if (decision.Effect != "action") return;
        JsonElement args = line.GetProperty("args");
        switch (line.GetProperty("action").GetString())
        {
            case "addTag": tags.Add((contact, args.GetString()!)); break;
            case "removeTag": tags.Remove((contact, args.GetString()!)); break;
            case "setField": columns[(contact, args.GetProperty("field").GetString()!.ToLowerInvariant())] = args.GetProperty("value").GetString()!; break;
            case "timeline": expected.Add(("crmb_touchpoints", decision.Id)); break;
            case "notifySales" when crm.Refused.Contains(contact):
                if (!IsParked(decision.Id)) problems.Add($"4: the CRM refused a task for good, and it is not set aside: {decision.Id}");
                break;
            case "notifySales": expected.Add(("tasks", decision.Id)); break;
            case "sendEmail": ExpectMail(contact, decision.Id); break;
        }
    }

    /// <summary>3: a mail is in the inbox once, or was not sent for a reason that is there to be read.</summary>
    void ExpectMail(Guid contact, Guid mail)
    {
        (string, Guid) entry = ("crmb_touchpoints", BehaviorWeek.NameBased("touchpoint", mail.ToString("D")));
        bool isSent = simulation.Mail.Has(mail), isRefused = simulation.Mail.Refused.Contains(mail);
        string? said = crm.Rows.TryGetValue(entry, out (Guid Contact, Dictionary<string, object?> Columns) row) ? row.Columns["crmb_effect"] as string : null;
        if (IsParked(mail))
        {
            if (isSent) problems.Add($"4: mail {mail} is set aside although it was accepted and reported: {parked[mail].Reason}");
            if (said != null) problems.Add($"3: mail {mail} is set aside, and the timeline says \"{said}\" of it");
            (string, Guid) aside = ("crmb_touchpoints", BehaviorWeek.NameBased("touchpoint", mail.ToString("D"), "parked"));
            if (crm.Rows.ContainsKey(aside)) expected.Add(aside);
            return;
        }
        expected.Add(entry);
        if (isSent != (said == "sendEmail")) problems.Add($"3: mail {mail} was {(isSent ? "" : "not ")}sent, and the timeline says \"{said}\"");
        bool mayBeDropped = (simulation.Behavior.Pair is { } pair && simulation.Behavior.IsPaired(contact)
                && (row.Columns?.GetValueOrDefault("description") as string == "dropped: merged" || simulation.Observer.Withdrawn.ContainsKey(pair.Merged.Contact) || simulation.Observer.Withdrawn.ContainsKey(pair.Master.Contact)))
            || isRefused || simulation.Observer.Withdrawn.ContainsKey(contact);
        if (!isSent && !mayBeDropped) problems.Add($"3: mail {mail} is lost; the timeline says \"{said}\": {row.Columns?.GetValueOrDefault("description")}");
    }

    void CheckRows()
    {
        foreach ((string set, Guid id) in expected.Where(e => !crm.Rows.ContainsKey(e))) problems.Add($"3: a row is missing in {set}: {id}");
        foreach ((string set, Guid id) in crm.Rows.Keys.Where(r => r.Set is "tasks" or "crmb_touchpoints" && !expected.Contains(r))) problems.Add($"3: a row that nobody decided in {set}: {id}");
        foreach ((Guid contact, string tag) in tags.Except(crm.Tags).Where(t => !IsPaired(t.Item1))) problems.Add($"6: {contact} lacks the tag {tag}");
        foreach ((Guid contact, string tag) in crm.Tags.Except(tags).Where(t => !IsPaired(t.Item1))) problems.Add($"6: {contact} has the tag {tag} that it should not have");
        foreach (((Guid contact, string column), string value) in columns.Where(c => !IsPaired(c.Key.Item1)))
        {
            if (crm.Contacts[contact].GetValueOrDefault(column) as string != value) problems.Add($"6: {column} of {contact} is {crm.Contacts[contact].GetValueOrDefault(column)}, decided was {value}");
        }
        HashSet<Guid> people = [.. simulation.Behavior.People.Select(p => p.Contact)];
        foreach (Guid ghost in crm.Contacts.Keys.Where(c => !people.Contains(c) || crm.Deleted.Contains(c))) problems.Add($"C3: a contact that nobody made: {ghost}");
        foreach (MemoryEffect other in parked.Values.Where(e => e.Effect.Kind is not EffectKind.Mail && !(e.Effect.Kind == EffectKind.Task && crm.Refused.Contains(e.Effect.Contact))))
            problems.Add($"4: set aside without need: {other.Effect.Kind} {other.Effect.Key}: {other.Reason}");
    }

    void CheckScores()
    {
        foreach (((Guid contact, string score), ScoreReading reading) in replay.Scores)
        {
            if (!crm.Contacts.TryGetValue(contact, out Dictionary<string, object?>? shown)) continue;
            (string, Guid) id = ("crmb_contactscores", BehaviorWeek.NameBased("score", contact.ToString("D"), score));
            decimal value = Math.Round((decimal)reading.Value, 4);
            if (!crm.Rows.TryGetValue(id, out (Guid Contact, Dictionary<string, object?> Columns) row)) problems.Add($"6: the score {score} of {contact} is not in the CRM");
            else if (!Equals(row.Columns["crmb_value"], value) || row.Columns["crmb_grade"] as string != reading.Grade) problems.Add($"6: the score of {contact} is {row.Columns["crmb_value"]} {row.Columns["crmb_grade"]}, it ought to be {value} {reading.Grade}");
            else if (!Equals(shown.GetValueOrDefault("crmb_score"), value)) problems.Add($"6: the score shown on {contact} is {shown.GetValueOrDefault("crmb_score")}, it ought to be {value}");
        }
    }

    void CheckMails()
    {
        foreach (IGrouping<Guid, (Pipeline.Ports.RenderedMail Mail, TimeSpan At, TimeSpan Called)> same in simulation.Mail.Inbox.GroupBy(m => m.Mail.Id).Where(g => g.Count() > 1)) problems.Add($"3: mail {same.Key} was sent {same.Count()} times");
        foreach (IGrouping<Guid, (Pipeline.Ports.RenderedMail Mail, TimeSpan At, TimeSpan Called)> own in simulation.Mail.Inbox.GroupBy(m => m.Mail.Contact))
        {
            if (own.Count() > (IsPaired(own.Key) ? 2 * Cap : Cap)) problems.Add($"7: {own.Key} got {own.Count()} mails");
            if (simulation.Observer.Withdrawn.TryGetValue(own.Key, out TimeSpan withdrawn) && own.Any(m => m.Called > withdrawn + Notice)) problems.Add($"5: {own.Key} was mailed {own.Max(m => m.Called) - withdrawn} after consent was withdrawn");
            if (simulation.Observer.Erased.TryGetValue(own.Key, out TimeSpan erased) && own.Any(m => m.Called > erased + Notice)) problems.Add($"5: {own.Key} was mailed {own.Max(m => m.Called) - erased} after it was erased");
        }
        HashSet<Guid> decided = [.. simulation.Database.Decisions.Values.SelectMany(d => d.Select(x => x.Id))];
        foreach ((Pipeline.Ports.RenderedMail mail, _, _) in simulation.Mail.Inbox.Where(m => crm.Contacts.ContainsKey(m.Mail.Contact) && !decided.Contains(m.Mail.Id))) problems.Add($"3: mail {mail.Id} that nobody decided");
    }

    /// <summary>What two people who were one for a while have is theirs together.</summary>
    bool IsPaired(Guid contact) => simulation.Behavior.IsPaired(contact);

    bool IsParked(Guid effect) => parked.TryGetValue(effect, out MemoryEffect? row) && row.State == EffectState.Parked;

    static void Set<T>(HashSet<T> set, T item, bool isIn)
    {
        if (isIn) set.Add(item);
        else set.Remove(item);
    }
}
