using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Tests.Journeys;

/// <summary>
/// What may be written of journeys, from their authored form alone: follows every enrollment line by line, and at the end of each instant
/// asks that nothing was left undone. It shares no code with the engine but the throw of the dice.
/// </summary>
internal sealed class JourneyModel
{
    readonly Dictionary<(string Name, int Version), JourneyMap> journeys = [];
    readonly Dictionary<string, JourneyMap> current = [];
    readonly List<ModelRun> runs = [];
    readonly Dictionary<string, int> entries = [];
    readonly Dictionary<string, long> pausedUntil = [];
    readonly List<(JourneyMap Journey, string Key, long Start)> starts = [];
    readonly List<string> decided = [];
    readonly MessageRules messages;
    (long At, string Value)? tier;
    ModelInput? input;
    int arrivals;
    long now;

    public JourneyModel(IEnumerable<JsonObject> definitions)
    {
        messages = new MessageRules(definitions);
        Publish(definitions, "", 1);
    }

    public IEnumerable<ModelRun> Running => runs.Where(r => !r.IsOver);

    /// <summary>Another version of one journey; what runs keeps its own.</summary>
    public void Publish(IEnumerable<JsonObject> definitions, string changed, int version)
    {
        foreach (JsonObject journey in definitions.Where(d => (string)d["kind"]! == "journey"))
        {
            string name = (string)journey["name"]!;
            if (current.ContainsKey(name) && name != changed) continue;
            journeys[(name, version)] = current[name] = new JourneyMap(name, version, journey);
        }
    }

    /// <summary>Begins an instant: an input, or with null the timers due at a time.</summary>
    public void Begin(long instant, ModelInput? at)
    {
        now = instant;
        input = at;
        decided.Clear();
        if (at == null) return;
        at.Arrival = ++arrivals;
        if (at.Tier != null && (tier == null || at.At >= tier.Value.At)) tier = (at.At, at.Tier);
        foreach (ModelRun run in runs) run.See(at, now);
    }

    /// <summary>Takes a line; throws what is wrong with it.</summary>
    public void Take(Decision line)
    {
        Ask(line.At == now, "every line of an instant has its time");
        switch (line.Effect)
        {
            case "enrolled": Enroll(line); return;
            case "refused":
                Ask(Refusal(current[line.Definition], KeyOf(current[line.Definition])) == line.Outcome, $"refused because \"{Refusal(current[line.Definition], KeyOf(current[line.Definition]))}\"");
                decided.Add(line.Definition);
                return;
        }
        ModelRun run = runs.Single(r => r.Journey.Name == line.Definition && r.Entry == line.Entry);
        switch (line.Effect)
        {
            case "converted":
                Ask(run.HasGoal && !run.IsConverted && now < run.GoalEnd && !run.IsForgotten, "a conversion is one, and in time");
                run.IsConverted = true;
                return;
            case "exited": Exit(run, line); return;
        }
        Ask(!run.IsOver, "nothing happens after the end");
        Ask(!run.HasGoal && run.Left(now) == null, "goal and exits come before every step");
        Ask(!IsPaused(run.Journey), "no step is taken during a pause");
        Step(run, line);
    }

    /// <summary>Ends an instant: nothing that was due may be left.</summary>
    public void End()
    {
        foreach (JourneyMap journey in current.Values)
        {
            Ask(decided.Count(d => d == journey.Name) == (input?.Name == journey.Trigger ? 1 : 0), $"{journey.Name} takes in or refuses once for each of its triggers, and only then");
        }
        foreach (ModelRun run in runs)
        {
            if (run.IsOver)
            {
                Ask(run.IsConverted || run.IsForgotten || !run.IsWatched || !run.HasGoal || run.GoalAt >= run.GoalEnd, "a goal within its time is a conversion, also after the end");
                continue;
            }
            Ask(!run.HasGoal, "a goal ends the enrollment at once");
            Ask(run.Left(now) == null, "an exit ends the enrollment at once");
            if (IsPaused(run.Journey)) continue;
            Ask(run.Rest != ModelRest.None, "an enrollment goes on until it rests or ends");
            Ask(run.Until > now, "waits end on time");
            Ask(run.Rest != ModelRest.WaitFor || !run.HasCome, "what is waited for is taken at once");
        }
    }

    void Enroll(Decision line)
    {
        JourneyMap journey = current[line.Definition];
        string key = KeyOf(journey);
        Ask(Refusal(journey, key) == null, $"refused: {Refusal(journey, key)}");
        Ask(line.Version == journey.Version, "contacts come into the current version");
        int entry = entries[journey.Name] = entries.GetValueOrDefault(journey.Name) + 1;
        Ask(line.Entry == entry, $"entry {entry}");
        foreach (ModelRun before in runs.Where(r => r.Journey.Name == journey.Name && r.Key == key)) before.IsForgotten = true;
        runs.Add(new ModelRun(journey, entry, key, now));
        starts.Add((journey, key, now));
        decided.Add(journey.Name);
    }

    string? Refusal(JourneyMap journey, string key)
    {
        if (IsPaused(journey)) return "paused";
        if (runs.Any(r => !r.IsOver && r.Journey.Name == journey.Name && r.Key == key)) return "active";
        if (runs.Count(r => !r.IsOver && r.Journey.Name == journey.Name) >= 20) return "limit";
        if (journey.NeedsGold && !IsGold) return "if";
        var before = starts.Where(s => s.Journey.Name == journey.Name && s.Key == key).ToList();
        if (before.Count > 0)
        {
            if (before.Count >= journey.Most) return "max";
            if (journey.After is { } after && now < before[^1].Start + after) return "after";
        }
        return journey.Rollout is { } share && Chance.Of("rollout", journey.Name, "c") >= share ? "rollout" : null;
    }

    void Exit(ModelRun run, Decision line)
    {
        Ask(!run.IsOver, "an enrollment ends once");
        string? expected = run.HasGoal ? "goal" : run.Left(now);
        if (expected == null)
        {
            GoOn(run);
            Ask(run.Position == null && run.Rest == ModelRest.None, "an enrollment is complete when it has no step left");
            expected = "completed";
        }
        else if (expected == "goal")
        {
            Ask(run.IsConverted || now >= run.GoalEnd, "a goal in time is a conversion first");
        }
        Ask(line.Outcome == expected, $"it ends by \"{expected}\"");
        run.IsOver = true;
        run.IsWatched = expected != "goal" && run.Journey.GoalWithin != null;
    }

    void Step(ModelRun run, Decision line)
    {
        if (run.Rest is ModelRest.WaitFor && line.Effect == "branch")
        {
            Ask(line.Outcome == (run.HasCome ? "then" : "else"), run.HasCome ? "what was waited for has come" : "what was waited for has not come");
            if (!run.HasCome) AskOnTime(run);
            run.Rest = ModelRest.None;
            run.Position = run.Position!.Arms[line.Outcome!];
            return;
        }
        GoOn(run);
        StepMap step = run.Position ?? throw new ModelException("there is no step left");
        Ask(line.Step == step.Id, $"the next step is {step.Id}");
        if (run.Rest != ModelRest.Deferred && line.Effect != "deferred") Ask(run.Taken.Add(step.Id), "no step is taken twice");
        switch (step.Kind)
        {
            case "wait": Wait(run, line, step.WaitEnd(now)); break;
            case "waitFor":
                run.Rest = ModelRest.WaitFor;
                run.Until = now + step.AtMost;
                run.HasCome = false;
                Ask(line.Effect == "step" && line.Until == run.Until, $"waits until {run.Until}");
                break;
            case "branch" or "split":
                string expected = step.Kind == "split" ? step.ArmOf(run.Journey.Name, run.Entry) : IsGold ? "gold" : step.Arms.ContainsKey("else") ? "else" : "none";
                Ask(line.Effect == step.Kind && line.Outcome == expected, $"takes \"{expected}\"");
                run.Position = expected == "none" ? step.Next : step.Arms[expected];
                break;
            case "sendEmail":
                if (messages.Judge(line, step.Template, now, ref run.FirstTried) is { } until) (run.Rest, run.Until) = (ModelRest.Deferred, until);
                else (run.Rest, run.Position, run.FirstTried) = (ModelRest.None, step.Next, null);
                break;
            default:
                Ask(line.Effect == "action", "is done");
                if (step.Kind == "pause") pausedUntil["j0"] = Math.Max(pausedUntil.GetValueOrDefault("j0", long.MinValue), now + step.PauseFor);
                run.Position = step.Next;
                break;
        }
    }

    static void Wait(ModelRun run, Decision line, long until)
    {
        Ask(line.Effect == "step" && line.Outcome == "waiting" && line.Until == until, $"waits until {until}");
        if (until > line.At) (run.Rest, run.Until) = (ModelRest.Wait, until);
        else run.Position = run.Position!.Next;
    }

    /// <summary>What rested for a time goes on at that time, or when the pause over it ends.</summary>
    void GoOn(ModelRun run)
    {
        if (run.Rest is ModelRest.None) return;
        AskOnTime(run);
        if (run.Rest == ModelRest.Wait) (run.Rest, run.Position) = (ModelRest.None, run.Position!.Next);
    }

    void AskOnTime(ModelRun run) => Ask(now == run.Until || (now > run.Until && now == pausedUntil.GetValueOrDefault(run.Journey.Name)), "goes on exactly when the wait ends, or the pause");

    bool IsPaused(JourneyMap journey) => current[journey.Name].IsPaused || pausedUntil.GetValueOrDefault(journey.Name, long.MinValue) > now;

    bool IsGold => tier?.Value == "gold";

    string KeyOf(JourneyMap journey) => journey.HasKey ? input?.Order ?? "" : "";

    static void Ask(bool holds, string what)
    {
        if (!holds) throw new ModelException(what);
    }
}
