using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmBehavior.Definitions.Checks;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Pipeline.Explain;

/// <summary>What is known of a contact when somebody asks why.</summary>
/// <param name="Contact">The contact's state, with all timers run that are due by <paramref name="At"/>.</param>
/// <param name="At">As of when, milliseconds since 1970.</param>
/// <param name="Decisions">Decision lines about the contact with why, as JSON in UTF-8, in the order decided; those later than <paramref name="At"/> left out.</param>
/// <param name="Events">The contact's events as JSON in UTF-8, in order of arrival.</param>
public sealed record ContactFacts(ContactState Contact, long At, IReadOnlyList<byte[]> Decisions, IReadOnlyList<byte[]> Events);

/// <summary>Answers "why" and "why not, and what is missing". Plain data in and out; where the facts come from is the caller's.</summary>
public static class ContactExplainer
{
    /// <summary>More of a history nobody reads.</summary>
    const int MostDecisions = 40;

    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Explains how a definition stands for a contact.</summary>
    /// <param name="definitions">All definitions.</param>
    /// <param name="plan">They, compiled.</param>
    /// <param name="facts">What is known of the contact.</param>
    /// <param name="name">Name of the definition, or kind and name as <c>journey:welcome</c>.</param>
    /// <returns>The explanation.</returns>
    /// <exception cref="ExplainException">There is no such definition.</exception>
    public static Explanation Explain(IReadOnlyList<Definition> definitions, Plan plan, ContactFacts facts, string name)
    {
        ArgumentNullException.ThrowIfNull(facts);
        (Definition about, IReadOnlyList<Definition> others) = DefinitionName.Find(definitions, name);
        long at = Math.Max(facts.At, facts.Contact.Now);
        DefinitionStanding? standing = Explainer.Of(plan, facts.Contact, about, at);
        JsonElement[] decisions = [.. facts.Decisions.Select(d => JsonDocument.Parse(d).RootElement).Where(d => IsAbout(d, about, definitions))];
        IReadOnlyList<NearMiss> misses = NearMisses.Of(about, facts.Events);
        string text = Words(definitions, facts, about, others, at, standing, decisions, misses);
        return new Explanation(text, Json(facts, about, at, standing, decisions, misses));
    }

    /// <summary>Decisions of the definition; of a template those on its mails, of a policy those that it made.</summary>
    static bool IsAbout(JsonElement line, Definition about, IReadOnlyList<Definition> definitions) => about switch
    {
        TemplateDefinition => definitions.OfType<JourneyDefinition>().FirstOrDefault(j => j.Name == Text(line, "definition")) is { } journey
            && StepWalk.All(journey.Steps).OfType<MessageStep>().Any(m => m.Id == Text(line, "step") && m.Template == about.Name),
        PolicyDefinition => Text(line, "by")?.StartsWith(about.Name + "/", StringComparison.Ordinal) == true,
        _ => Text(line, "definition") == about.Name && Text(line, "kind") == about.Kind,
    };

    static string Words(
        IReadOnlyList<Definition> definitions, ContactFacts facts, Definition about, IReadOnlyList<Definition> others, long at, DefinitionStanding? standing,
        JsonElement[] decisions, IReadOnlyList<NearMiss> misses)
    {
        List<string> lines = [$"The {about.Kind} \"{about.Name}\" and contact {facts.Contact.Id}, as of {TimeWords.At(at)}", ""];
        lines.AddRange(DefinitionWords.Of(about).Take(about is JourneyDefinition or ScoreDefinition or PolicyDefinition ? 1 : 100));
        lines.Add("");
        if (standing != null) lines.AddRange(StandingWords.Of(standing, definitions));
        lines.AddRange(misses.Select(MissWords));
        lines.Add("");
        if (decisions.Length == 0) lines.Add(NothingYet(about));
        else
        {
            lines.Add(decisions.Length > MostDecisions ? $"What happened (the latest {MostDecisions} of {decisions.Length}):" : "What happened:");
            var words = new DecisionWords(definitions);
            lines.AddRange(decisions.TakeLast(MostDecisions).Select(d => $"  {words.Of(d)}."));
        }
        lines.AddRange(others.Select(o => $"There is also a {o.Kind} named \"{o.Name}\"; ask for it as {o.Kind}:{o.Name}."));
        return string.Join(Environment.NewLine, lines) + Environment.NewLine;
    }

    static string NothingYet(Definition about) => about switch
    {
        JourneyDefinition { Trigger: null } => "What happened: nothing; no journey has sent the contact into it.",
        JourneyDefinition { Run: JourneyRun.Draft } => "What happened: nothing.",
        JourneyDefinition => "What happened: nothing; its trigger has never come for this contact.",
        TemplateDefinition => "What happened: no journey has come to sending this mail to the contact.",
        PolicyDefinition => "What happened: the policy has held back no message to this contact.",
        _ => "What happened: nothing.",
    };

    static string MissWords(NearMiss miss)
    {
        string failed = string.Join(", ", miss.Failed.Select(f => $"{f.Test.Path.Short} is {(f.Value.IsMissing ? "missing" : EvidenceWords.Shown(f.Value))}"));
        return $"Of {miss.Heard} \"{miss.Event.Name}\" {(miss.Heard == 1 ? "event" : "events")}, {miss.Missed} {(miss.Missed == 1 ? "does" : "do")} not count ({EvidenceWords.Filter(miss.Event)}): in the latest, on {TimeWords.At(miss.At)}, {failed}.";
    }

    static byte[] Json(ContactFacts facts, Definition about, long at, DefinitionStanding? standing, JsonElement[] decisions, IReadOnlyList<NearMiss> misses)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("contactId", facts.Contact.Id);
            json.WriteString("definition", about.Name);
            json.WriteString("kind", about.Kind);
            if (about.Version > 0) json.WriteNumber("version", about.Version);
            json.WriteString("at", Instant.ToText(at));
            if (standing != null)
            {
                json.WritePropertyName("standing");
                StandingJson.Write(json, standing);
            }
            json.WriteStartArray("nearMisses");
            foreach (NearMiss miss in misses)
            {
                json.WriteStartObject();
                json.WriteString("event", miss.Event.Name);
                json.WriteNumber("heard", miss.Heard);
                json.WriteNumber("missed", miss.Missed);
                json.WriteString("latest", Instant.ToText(miss.At));
                json.WriteStartObject("has");
                foreach ((Engine.Rules.PathTest test, Engine.Values.Value value) in miss.Failed)
                {
                    json.WritePropertyName(test.Path.Short);
                    if (value.IsMissing) json.WriteNullValue();
                    else value.WriteTo(json);
                }
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("decisions");
            foreach (JsonElement decision in decisions) decision.WriteTo(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static string? Text(JsonElement json, string key) => json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
