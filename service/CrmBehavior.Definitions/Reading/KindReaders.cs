using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Rules;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Reads signals, segments, scores, predictions and templates.</summary>
internal static class KindReaders
{
    public static SignalDefinition? Signal(Place place, string name)
    {
        place.IsObjectOf("a signal", "kind", "name", "when", "for");
        Condition? when = ConditionReader.Read(place, "when", "the condition that fires the signal");
        long? length = place.Duration("for", "how long it stays active at least");
        return when == null ? null : new SignalDefinition(name, when, length);
    }

    public static SegmentDefinition? Segment(Place place, string name)
    {
        place.IsObjectOf("a segment", "kind", "name", "when", "tag");
        Condition? when = ConditionReader.Read(place, "when", "the condition of membership");
        string? tag = place.Text("tag", "the tag in the CRM", required: false);
        return when == null ? null : new SegmentDefinition(name, when, tag);
    }

    public static PredictionDefinition? Prediction(Place place, string name)
    {
        place.IsObjectOf("a prediction", "kind", "name", "goal", "within");
        EventPattern? goal = null;
        if (place.Find("goal") is { } at) goal = at.IsEventOf("\"goal\"", "event", "where") ? TestReader.Pattern(at) : null;
        else place.Missing("goal", "the event foretold, as in {\"event\":\"order_completed\"}");
        long? within = place.Duration("within", "within how long", required: true);
        return goal == null || within == null ? null : new PredictionDefinition(name, goal, within.Value);
    }

    public static ScoreDefinition? Score(Place place, string name)
    {
        place.IsObjectOf("a score", "kind", "name", "halfLife", "min", "max", "points", "grades");
        long? halfLife = place.Duration("halfLife", "the time in which the value halves");
        double min = place.Number("min", "the least value") ?? 0, max = place.Number("max", "the greatest value") ?? 100;
        if (min >= max) place.Error($"\"min\" ({min}) must be less than \"max\" ({max}); left out they are 0 and 100");
        var points = new List<PointRow>();
        if (place.Find("points") is { } rows) points.AddRange(rows.Items("\"points\"").Select(Row).OfType<PointRow>());
        else place.Missing("points", "what scores, as in [{\"event\":\"page_viewed\",\"add\":1}]");
        var grades = new List<Grade>();
        if (place.Find("grades") is { } list)
        {
            foreach (Place item in list.Items("\"grades\""))
            {
                if (!item.IsObjectOf("a grade", "name", "from")) continue;
                string? grade = item.Text("name", "the name of the grade");
                double? from = item.Number("from", "its lower end", required: true);
                if (grades.Exists(g => g.Name == grade)) item.At("name").Error($"two grades are named \"{grade}\"");
                if (grades.Exists(g => g.From == from)) item.At("from").Error($"two grades begin at {from}");
                if (grade != null && from != null) grades.Add(new Grade(grade, from.Value));
            }
        }
        return new ScoreDefinition(name, halfLife, min, max, points, grades);
    }

    static PointRow? Row(Place place)
    {
        if (!place.IsObjectOf("a row of points", "event", "where", "add", "cap")) return null;
        EventPattern? pattern = TestReader.Pattern(place);
        double? add = place.Number("add", "how many points", required: true);
        PointCap? cap = null;
        if (place.Find("cap") is { } at && at.IsObjectOf("\"cap\"", "max", "per"))
        {
            int? max = at.Whole("max", "how often at most", 1, 1000, required: true);
            long? per = at.Duration("per", "within how long", required: true);
            if (max != null && per != null) cap = new PointCap(max.Value, per.Value);
        }
        return pattern == null || add == null ? null : new PointRow(pattern, add.Value, cap);
    }

    public static TemplateDefinition? Template(Place place, string name)
    {
        place.IsObjectOf("a template", "kind", "name", "category", "purpose", "subject", "html", "text", "fallbacks");
        string? category = place.Text("category", "what caps count it as", required: false);
        string? purpose = place.Has("purpose") ? place.Text("purpose", "what consent is asked for") : "marketing";
        string? subject = place.Text("subject", "the subject line"), html = place.Text("html", "the body of the mail"), text = place.Text("text", "the body as plain text", required: false);
        var fallbacks = new Dictionary<string, string>(StringComparer.Ordinal);
        if (place.Find("fallbacks") is { } list)
        {
            if (!list.IsObject) list.Error("\"fallbacks\" is an object of path to text, as in {\"contact.firstname\":\"hello\"}");
            else
            {
                foreach ((string path, Place value) in list.Members())
                {
                    if (value.Element.ValueKind == JsonValueKind.String) fallbacks[path] = value.Element.GetString()!;
                    else value.Error("a fallback is text in quotes");
                }
            }
        }
        foreach (string key in new[] { "subject", "html", "text" })
        {
            if (place.Find(key) is { IsText: true } body && TemplateText.Problem(body.Element.GetString()!) is { } problem) body.Error(problem);
        }
        return purpose == null || subject == null || html == null ? null : new TemplateDefinition(name, category, purpose, subject, html, text, fallbacks);
    }
}
