using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Process;

/// <summary>How long writes may wait to be carried out with others.</summary>
public sealed class EffectOptions
{
    /// <summary>How long a score without a new grade, and what else is only shown, may wait. Setting <c>Crm:ScoreDelay</c>.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan ScoreDelay { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Turns decisions into what is stored of them and what is to be done outside.</summary>
public sealed class EffectFactory(EffectOptions options)
{
    /// <summary>Adds a contact's decisions and their effects to a commit.</summary>
    internal void Add(ActivePlan plan, ContactState state, Guid contact, BatchSink sink, long? seenAt, ProfileCommit commit)
    {
        var own = new List<Effect>();
        string? why = null;
        long whyAt = 0;
        foreach (Decision decision in sink.Decisions)
        {
            PipelineTelemetry.Decided(decision.Kind, decision.Definition, decision.Effect);
            commit.Decisions.Add(new StoredDecision(contact, decision.Ordinal, decision.Id, decision.At, decision.Definition, decision.Kind, decision.Effect, Line(decision)));
            if (Of(plan, state, contact, decision) is { } effect) own.Add(effect);
            if (decision.Effect is "fired" or "entered" or "graded" or "action" && Reason(decision) is { Length: > 0 } reason) (why, whyAt) = ($"{Headline(decision)}: {reason}", decision.At);
        }
        foreach (ScoreReading reading in sink.Scores.Values)
        {
            TimeSpan delay = reading.IsNewGrade ? TimeSpan.Zero : options.ScoreDelay;
            var body = new ScoreBody(reading.Score, reading.Value, reading.At, reading.HalfLife, reading.Grade);
            own.Add(Keyed(contact, EffectKind.Score, reading.Score, reading.At, EffectBody.Write(body), delay));
        }
        if (seenAt is { } seen) own.Add(Column(contact, "crmb_lastseen", seen, Instant.ToText(seen)));
        if (why != null) own.Add(Column(contact, "crmb_why", whyAt, why.Length > 2000 ? why[..1999] + "…" : why));
        // Those of one instant stay in the order in which they were decided: the last of a key is the one that stands.
        commit.Effects.AddRange(own.OrderBy(e => e.At).Select(e => e with { Body = EffectTrace.Add(e.Body, sink.Trace) }));
    }

    Effect Column(Guid contact, string column, long at, object? value) =>
        Keyed(contact, EffectKind.Contact, column, at, EffectBody.Write(new ColumnBody(column, EffectBody.Element(value))), options.ScoreDelay);

    static Effect? Of(ActivePlan plan, ContactState state, Guid contact, Decision decision)
    {
        if (decision is { Kind: "segment" }) return Tagged(plan, state, contact, decision);
        if (decision is { Effect: "step", Outcome: "waiting" } && plan.Reviews.TryGetValue((decision.Definition, decision.Step!), out ReviewStep? review)) return Review(contact, decision, Text(review.Args, "subject"), review.ApproveByDefault ? "approve" : "reject");
        if (decision is { Effect: "deferred", Outcome: "review" }) return Review(contact, decision, null, null);
        if (decision.Effect != "action") return null;
        JsonElement args = decision.Args!.Value;
        switch (decision.Action)
        {
            case "addTag" or "removeTag":
                string tag = args.GetString()!;
                return Keyed(contact, EffectKind.Tag, tag, decision.At, EffectBody.Write(new TagBody(tag, decision.Action == "addTag", Lasting: true)), TimeSpan.Zero);
            case "setField":
                string column = CrmColumns.Of(args.GetProperty("field").GetString()!);
                return Keyed(contact, EffectKind.Contact, column, decision.At, EffectBody.Write(new ColumnBody(column, args.GetProperty("value"))), TimeSpan.Zero);
            case "sendEmail": return Action(plan, contact, decision, EffectKind.Mail);
            case "notifySales": return Action(plan, contact, decision, EffectKind.Task);
            case "timeline": return Action(plan, contact, decision, EffectKind.Touchpoint);
            case "webhook": return Action(plan, contact, decision, EffectKind.Webhook);
            default: return null;
        }
    }

    /// <summary>A row that a person answers; the deadline is the engine's, whether or not somebody does.</summary>
    static Effect Review(Guid contact, Decision decision, string? subject, string? byDefault)
    {
        var body = new ReviewBody(
            decision.Definition, decision.Step!, decision.Entry ?? 0, subject ?? $"{decision.Definition}: {decision.Action ?? "message"} at step {decision.Step}", decision.Until!.Value, byDefault,
            Capital(Reason(decision)), decision.Args?.GetRawText(), decision.Trigger is { Length: > 0 } json ? JsonDocument.Parse(json).RootElement : null);
        return new Effect(decision.Id, contact, EffectKind.Review, "", decision.At, EffectBody.Write(body));
    }

    static string? Text(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The tag of a segment: wanted while one of the segments that claim it has the contact.</summary>
    static Effect? Tagged(ActivePlan plan, ContactState state, Guid contact, Decision decision)
    {
        if (!plan.Tags.TryGetValue(decision.Definition, out string? tag)) return null;
        bool wanted = plan.SegmentsByTag[tag].Any(segment => Standing.IsIn(plan.Plan, state, segment));
        return Keyed(contact, EffectKind.Tag, tag, decision.At, EffectBody.Write(new TagBody(tag, wanted, Lasting: false)), TimeSpan.Zero);
    }

    static Effect Action(ActivePlan plan, Guid contact, Decision decision, string kind)
    {
        JsonElement? trigger = decision.Trigger is { Length: > 0 } json ? JsonDocument.Parse(json).RootElement : null;
        var body = new ActionBody(
            decision.Definition, decision.Version, decision.Entry ?? 0, decision.Key, decision.Step!, decision.Action!, decision.Args!.Value, Capital(Reason(decision)), trigger,
            decision.CauseAt, plan.MaxAgeOf(decision.Definition));
        return new Effect(decision.Id, contact, kind, "", decision.At, EffectBody.Write(body));
    }

    static Effect Keyed(Guid contact, string kind, string key, long at, byte[] body, TimeSpan delay) =>
        new(EffectIds.Of(kind, contact.ToString("D"), key), contact, kind, key, at, body, delay);

    static string Reason(Decision decision)
    {
        if (decision.Why != null) return decision.Why;
        if (decision.Because is not { } because) return "";
        return decision.Kind == "score" && because.Number is { } points ? string.Create(CultureInfo.InvariantCulture, $"{points:0.#} points") : EvidenceWords.Why(because);
    }

    static string Capital(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    static string Headline(Decision decision) => decision.Kind switch
    {
        "signal" => $"Signal {decision.Definition}",
        "segment" => $"Segment {decision.Definition}",
        "score" => $"Score {decision.Definition} is {decision.Outcome}",
        _ => $"Journey {decision.Definition}",
    };

    static byte[] Line(Decision decision)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer)) DecisionLine.Write(json, decision, EvidenceJson.Write);
        return buffer.WrittenSpan.ToArray();
    }
}
