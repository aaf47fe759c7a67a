using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Reads the steps of a journey: one kind an object, told by its key beside <c>id</c>.</summary>
internal sealed class StepReader
{
    const int Deepest = 20;

    static readonly string[] Kinds =
    [
        "wait", "waitFor", "branch", "split", "sendEmail", "notifySales", "webhook", "addTag", "removeTag", "timeline", "setField", "addScore",
        "enroll", "pause", "review", "exit",
    ];

    readonly Dictionary<string, string> ids = [];

    /// <summary>A list of steps; those that are wrong are left out, with problems told.</summary>
    public IReadOnlyList<Step> List(Place place, int depth = 0)
    {
        var steps = new List<Step>();
        if (depth > Deepest)
        {
            place.Error($"steps are nested more than {Deepest} deep; move the inner ones to a journey of their own and \"enroll\" in it");
            return steps;
        }
        string? ended = null;
        foreach (Place item in place.Items("steps"))
        {
            if (ended != null)
            {
                item.Error($"this step is never reached: \"{ended}\" before it ends the journey; remove one of them");
                ended = null;
            }
            if (Read(item, depth) is not { } step) continue;
            steps.Add(step);
            if (Ends(step)) ended = step.Id;
        }
        return steps;
    }

    /// <summary>Whether nothing can follow a step: it ends the journey, or all of its ways do.</summary>
    static bool Ends(Step step) => step switch
    {
        ExitStep => true,
        BranchStep branch => branch.Else != null && Ends(branch.Else) && branch.Arms.All(a => Ends(a.Then)),
        SplitStep split => split.Arms.Count > 0 && split.Arms.All(a => Ends(a.Then)),
        WaitForStep wait => Ends(wait.Then) && Ends(wait.Else),
        ReviewStep review => Ends(review.Then) && Ends(review.Else),
        _ => false,
    };

    static bool Ends(IReadOnlyList<Step> steps) => steps.Count > 0 && Ends(steps[^1]);

    IReadOnlyList<Step> Arm(Place place, string key, int depth) => place.Find(key) is { } arm ? List(arm, depth + 1) : [];

    Step? Read(Place place, int depth)
    {
        if (!place.IsObject)
        {
            place.Error("a step is an object, as in {\"id\":\"w\",\"wait\":\"3d\"}");
            return null;
        }
        string? id = place.Text("id", "a name of the step, unique in the journey");
        if (id != null && !ids.TryAdd(id, place.Pointer)) place.At("id").Error($"the id \"{id}\" is used already at {ids[id]}; ids are unique in a journey");
        string[] kinds = [.. Kinds.Where(place.Has)];
        if (kinds.Length != 1)
        {
            string? other = place.Members().Select(m => m.Key).FirstOrDefault(k => k != "id");
            place.Error(kinds.Length == 0
                ? $"this step does nothing.{(other == null ? " Write what it does, as in \"wait\":\"3d\"." : Nearest.Hint(other, Kinds))}"
                : $"this step says {string.Join(" and ", kinds.Select(k => $"\"{k}\""))} at once; write one step each");
            return null;
        }
        string kind = kinds[0];
        string[] keys = kind switch
        {
            "waitFor" => ["id", kind, "atMost", "then", "else"],
            "split" => ["id", kind, "mode"],
            "review" => ["id", kind, "deadline", "default", "then", "else"],
            _ => ["id", kind],
        };
        place.IsObjectOf($"a \"{kind}\" step", keys);
        return id == null ? null : Read(place, id, kind, place.At(kind), depth);
    }

    Step? Read(Place step, string id, string kind, Place value, int depth) => kind switch
    {
        "wait" => Wait(id, value),
        "waitFor" => WaitFor(step, id, value, depth),
        "branch" => Branch(id, value, depth),
        "split" => Split(step, id, value, depth),
        "review" => Review(step, id, value, depth),
        "exit" => value.IsObjectOf("\"exit\"", "reason") ? new ExitStep(id, value.Has("reason") ? value.Text("reason", "") ?? "" : "exit") : null,
        _ => Action(id, kind, value),
    };

    static Step? Wait(string id, Place value)
    {
        if (!value.IsObject) return value.Duration("how long to wait") is { } length ? new WaitStep(id, length, null) : null;
        if (value.Find("until") is { IsObject: true } until) return WaitUntil(id, value, until);
        value.IsObjectOf("\"wait\"", "for", "until", "weekday", "zone");
        long? after = value.Duration("for", "how long to wait at least");
        if (value.Has("for") && after == null) return null;
        if (!value.Has("until"))
        {
            if (value.Has("weekday") || value.Has("zone") || after == null)
            {
                value.Missing("until", "a time of the day, as in \"09:00\", or an instant, as in {\"property\":\"startsAt\"}");
                return null;
            }
            return new WaitStep(id, after.Value, null);
        }
        long? time = LocalTimes.Time(value.At("until"), "the time of the day", allowEnd: false);
        Weekdays days = LocalTimes.Weekdays(value);
        string? zone = LocalTimes.Zone(value);
        return time == null ? null : new WaitStep(id, after ?? 0, new LocalTimeOfDay(time.Value, days, zone));
    }

    static WaitUntilStep? WaitUntil(string id, Place value, Place until)
    {
        value.IsObjectOf("\"wait\" until an instant", "until", "offset");
        until.IsObjectOf("\"until\"", "property", "trait");
        long offset = 0;
        if (value.Find("offset") is { } at)
        {
            string? problem = "write \"offset\" as a duration in quotes, with a minus for before, as in \"-24h\"";
            if (!at.IsText || !Duration.TryParseSigned(at.Element.GetString()!, out offset, out problem)) at.Error(problem ?? "");
        }
        if (until.Has("property") == until.Has("trait"))
        {
            until.Error("say where the instant is: {\"property\":\"startsAt\"} of the triggering event, or {\"trait\":\"renewalDate\"} of the contact");
            return null;
        }
        string? property = until.Text("property", "a property", required: false), trait = until.Text("trait", "a trait", required: false);
        return property == null && trait == null ? null : new WaitUntilStep(id, property == null ? null : new EventPath(property), trait, offset);
    }

    WaitForStep? WaitFor(Place step, string id, Place value, int depth)
    {
        Condition? condition = ConditionReader.Read(value);
        long? atMost = step.Duration("atMost", "how long to wait at most", required: true);
        IReadOnlyList<Step> then = Arm(step, "then", depth), otherwise = Arm(step, "else", depth);
        return condition == null || atMost == null ? null : new WaitForStep(id, condition, atMost.Value, then, otherwise);
    }

    BranchStep? Branch(string id, Place value, int depth)
    {
        var arms = new List<BranchArm>();
        IReadOnlyList<Step>? otherwise = null;
        Place[] items = [.. value.Items("\"branch\"")];
        for (int i = 0; i < items.Length; i++)
        {
            Place item = items[i];
            if (item.Has("else") && !item.Has("if"))
            {
                item.IsObjectOf("the last arm of a branch", "else");
                if (i != items.Length - 1) item.Error("the arm with \"else\" comes last; the arms behind it are never taken");
                otherwise = List(item.At("else"), depth + 1);
                continue;
            }
            if (!item.IsObjectOf("an arm of a branch", "name", "if", "then")) continue;
            string? name = item.Text("name", "a name", required: false);
            Condition? condition = ConditionReader.Read(item, "if", "when this arm is taken");
            IReadOnlyList<Step> then = Arm(item, "then", depth);
            if (condition != null) arms.Add(new BranchArm(name, condition, then));
        }
        if (items.Length == 0 && value.Element.ValueKind == JsonValueKind.Array) value.Error("a branch needs an arm, as in {\"if\":…,\"then\":[…]}");
        return new BranchStep(id, arms, otherwise);
    }

    SplitStep? Split(Place step, string id, Place value, int depth)
    {
        var arms = new List<SplitArm>();
        foreach (Place item in value.Items("\"split\""))
        {
            if (!item.IsObjectOf("an arm of a split", "name", "weight", "then")) continue;
            string? name = item.Text("name", "a name of the arm");
            double? weight = item.Has("weight") ? item.Number("weight", "the weight") : 1;
            if (weight < 0) item.At("weight").Error("a weight is 0 or more");
            if (name != null && arms.Exists(a => a.Name == name)) item.At("name").Error($"two arms are named \"{name}\"; names of arms are unique");
            IReadOnlyList<Step> then = Arm(item, "then", depth);
            if (name != null && weight >= 0) arms.Add(new SplitArm(name, weight.Value, then));
        }
        if (arms.Sum(a => a.Weight) <= 0 && !value.Problems.HasErrorsIn(value.File)) value.Error("the weights of a split add up to 0; give one arm a weight");
        string? mode = step.Word("mode", "\"mode\"", ["fixed", "bandit"], "fixed");
        return new SplitStep(id, arms, mode == "bandit");
    }

    ReviewStep? Review(Place step, string id, Place value, int depth)
    {
        if (value.IsObjectOf("\"review\"", "subject", "queue", "description")) value.Text("subject", "the question to be answered");
        long? deadline = step.Duration("deadline", "when the default holds", required: true);
        string? otherwise = step.Word("default", "\"default\"", ["approve", "reject"], "reject");
        IReadOnlyList<Step> then = Arm(step, "then", depth), reject = Arm(step, "else", depth);
        return deadline == null ? null : new ReviewStep(id, value.Element.Clone(), deadline.Value, otherwise == "approve", then, reject);
    }

    static ActionStep? Action(string id, string kind, Place value)
    {
        JsonElement args = value.Element.Clone();
        switch (kind)
        {
            case "sendEmail":
                if (value.IsText) value.Error($"\"sendEmail\" must be an object; write {{\"template\":{value.Element.GetRawText()}}}");
                else value.IsObjectOf("\"sendEmail\"", "template");
                return value.IsObject && value.Text("template", "the name of the template") is { } template ? new MessageStep(id, kind, args, template) : null;
            case "notifySales":
                if (!value.IsObjectOf("\"notifySales\"", "subject", "description", "priority", "dueIn", "queue")) return null;
                value.Text("subject", "what the task says");
                value.Text("description", "more of it", required: false);
                Shown(value, "subject", "description");
                value.Word("priority", "\"priority\"", ["low", "normal", "high"], "normal");
                value.Duration("dueIn", "when the task is due");
                value.Text("queue", "the name of a queue", required: false);
                return new MessageStep(id, kind, args, null);
            case "webhook":
                if (!value.IsObjectOf("\"webhook\"", "url", "body")) return null;
                string? url = value.Text("url", "where to post");
                Uri? uri = null;
                if (url != null && (!Uri.TryCreate(url, UriKind.Absolute, out uri) || uri.Scheme != Uri.UriSchemeHttps)) value.At("url").Error("webhooks are posted to an address that begins with https://");
                else if (url != null && uri!.Port is not (443 or 8443)) value.At("url").Error($"webhooks are posted to port 443 or 8443, not to {uri.Port}");
                return new MessageStep(id, kind, args, null);
            case "addTag" or "removeTag": return value.Text("the tag") != null ? new EffectStep(id, kind, args) : null;
            case "timeline":
                Shown(value, "subject", "description");
                return value.IsObjectOf("\"timeline\"", "subject", "description") && value.Text("subject", "what the entry says") != null ? new EffectStep(id, kind, args) : null;
            case "setField":
                if (!value.IsObjectOf("\"setField\"", "field", "value")) return null;
                string? field = value.Text("field", "the name of the field");
                if (!value.Has("value")) value.Missing("value", "the new value, null to clear the field");
                else if (value.At("value").Element.ValueKind is JsonValueKind.Object or JsonValueKind.Array) value.At("value").Error("a field is set to text, a number, true, false or null");
                return field == null || !value.Has("value") ? null : new SetFieldStep(id, args, field, value.At("value").Element.Clone());
            case "addScore":
                if (!value.IsObjectOf("\"addScore\"", "score", "add")) return null;
                string? score = value.Text("score", "the name of the score");
                double? add = value.Number("add", "how much", required: true);
                return score == null || add == null ? null : new AddScoreStep(id, args, score, add.Value);
            case "enroll":
                value.IsObjectOf("\"enroll\"", "journey");
                return value.IsObject && value.Text("journey", "the name of the journey") is { } journey ? new EnrollStep(id, args, journey) : null;
            default: return Pause(id, value, args);
        }
    }

    /// <summary>Texts that show values must close what they open.</summary>
    static void Shown(Place value, params string[] keys)
    {
        foreach (string key in keys)
        {
            if (value.Find(key) is { IsText: true } text && TemplateText.Problem(text.Element.GetString()!) is { } problem) text.Error(problem);
        }
    }

    static PauseStep? Pause(string id, Place value, JsonElement args)
    {
        if (!value.IsObjectOf("\"pause\"", "journeys", "for")) return null;
        long? length = value.Duration("for", "how long they pause", required: true);
        if (!value.Has("journeys"))
        {
            value.Missing("journeys", "a list of names, or \"all\" for all others");
            return null;
        }
        Place journeys = value.At("journeys");
        if (journeys.IsText && journeys.Element.GetString() == "all") return length == null ? null : new PauseStep(id, args, null, length.Value);
        string?[] names = [.. journeys.Items("\"journeys\"").Select(j => j.Text("the name of a journey"))];
        return length == null || names.Any(n => n == null) ? null : new PauseStep(id, args, [.. names.Select(n => n!)], length.Value);
    }
}
