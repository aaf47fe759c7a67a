using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Definitions.Words;

/// <summary>Definitions in plain English, as a marketer would sign them.</summary>
public static class DefinitionWords
{
    /// <summary>The definition in words: a few sentences, for journeys also a numbered list.</summary>
    /// <param name="definition">A definition.</param>
    /// <returns>Lines.</returns>
    public static IReadOnlyList<string> Of(Definition definition) => definition switch
    {
        SignalDefinition signal => Signal(signal),
        SegmentDefinition segment => Segment(segment),
        ScoreDefinition score => Score(score),
        PredictionDefinition prediction =>
            [$"The prediction \"{prediction.Name}\" is the probability that there is {EventPhrases.A(prediction.Goal)} within {Duration.ToWords(prediction.Within)}."],
        TemplateDefinition template => Template(template),
        PolicyDefinition policy => PolicyWords.Of(policy),
        JourneyDefinition journey => JourneyWords.Of(journey),
        _ => [],
    };

    static List<string> Signal(SignalDefinition signal)
    {
        List<string> lines = [.. ConditionWords.Told($"The signal \"{signal.Name}\" fires whenever it becomes true that", signal.When)];
        lines.Add(signal.For is { } least
            ? $"It stays active as long as that is so, and for at least {Duration.ToWords(least)} after each firing."
            : "It stays active as long as that is so.");
        return lines;
    }

    static List<string> Segment(SegmentDefinition segment)
    {
        List<string> lines = [.. ConditionWords.Told($"A contact is in the segment \"{segment.Name}\" exactly as long as", segment.When)];
        if (segment.Tag != null) lines.Add($"Members have the tag \"{segment.Tag}\" in the CRM.");
        return lines;
    }

    static List<string> Score(ScoreDefinition score)
    {
        string decay = score.HalfLife is { } halfLife ? $" It loses half its value every {Duration.ToWords(halfLife)}." : " It does not decay.";
        List<string> lines = [$"The score \"{score.Name}\" is a number between {EventPhrases.Text(score.Min)} and {EventPhrases.Text(score.Max)} that starts at 0.{decay}"];
        foreach (PointRow row in score.Points)
        {
            string cap = row.Cap is { } c ? $", at most {Times(c.Max)} in any {Duration.ToWords(c.Per)}" : "";
            lines.Add($"  {(row.Add < 0 ? "−" : "+")}{EventPhrases.Text(Math.Abs(row.Add))} for each {EventPhrases.One(row.Event)}{cap}");
        }
        Grade[] grades = [.. score.Grades.OrderBy(g => g.From)];
        if (grades.Length == 1) lines.Add($"There is one grade, \"{grades[0].Name}\", and everybody has it.");
        else if (grades.Length > 0) lines.Add("Grades: " + Sentences.And(grades.Select((g, i) => i == 0 ? $"\"{g.Name}\" below {EventPhrases.Text(grades[1].From)}" : $"\"{g.Name}\" from {EventPhrases.Text(g.From)}")) + ".");
        return lines;
    }

    static List<string> Template(TemplateDefinition template)
    {
        string purpose = template.Purpose == TemplateDefinition.Transactional ? "It is transactional: it needs no consent, and no policy holds it back. It does not go to an address that bounced or complained, nor to contacts who get no mail at all." : $"Its purpose is \"{template.Purpose}\"; the policies say what consent that needs.";
        List<string> lines = [$"The mail \"{template.Name}\" has the subject \"{template.Subject}\". {purpose}"];
        if (template.Category != null) lines.Add($"Caps count it as \"{template.Category}\".");
        foreach ((string path, string text) in template.Fallbacks) lines.Add($"Where {path} is missing it says \"{text}\".");
        return lines;
    }

    /// <summary>"once", "twice", "3 times".</summary>
    internal static string Times(int count) => count switch { 1 => "once", 2 => "twice", _ => count.ToString(CultureInfo.InvariantCulture) + " times" };

    /// <summary>Text of a JSON member, or null.</summary>
    internal static string? TextOf(JsonElement args, string key) =>
        args.ValueKind == JsonValueKind.Object && args.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
