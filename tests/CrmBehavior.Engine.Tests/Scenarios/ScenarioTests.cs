using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Replay;
using Shouldly;
using Xunit;

namespace CrmBehavior.Engine.Tests.Scenarios;

/// <summary>
/// Every story in this folder, decision for decision. A story is a file: title, why, definitions, events in order of arrival, until, and
/// expect, all decisions in order for each contact. Add one by adding a file.
/// </summary>
public sealed class ScenarioTests
{
    static string Folder => Path.Combine(System.AppContext.BaseDirectory, "Scenarios");

    public static TheoryData<string> Stories => [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Stories))]
    public void Story_decides_as_written(string story)
    {
        JsonObject file = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, story + ".json")))!.AsObject();
        DefinitionSet set = DefinitionSet.Read(file["definitions"]!.AsArray().Select((d, i) => new DefinitionSource($"{story} definition {i + 1}", d!.ToJsonString())));
        set.Errors.ShouldBeEmpty();
        var decisions = new DecisionList();
        var replay = new Replayer(Plan.Compile(set.Definitions, new PlanOptions { MailIsDeliveredAtOnce = true }), decisions);
        foreach (JsonNode? line in file["events"]!.AsArray())
        {
            byte[] bytes = Encoding.UTF8.GetBytes(line!.ToJsonString());
            replay.Take(bytes, 0, bytes.Length, out string? problem).ShouldBeTrue(problem);
        }
        Instant.TryParse((string)file["until"]!, out long until).ShouldBeTrue();
        replay.RunTimers(until);
        ByContact(decisions.Decisions.Select(Line)).ShouldBe(ByContact(file["expect"]!.AsArray().Select(e => Compared(e!.AsObject()))));
    }

    static string ByContact(IEnumerable<string> lines) => string.Join('\n', lines.OrderBy(l => (string)JsonNode.Parse(l)!["contactId"]!));

    static string Line(Decision decision)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) DecisionLine.Write(json, decision);
        return Compared(JsonNode.Parse(buffer.ToArray())!.AsObject());
    }

    /// <summary>The line in one spelling: keys in order, times to the millisecond, without what is not compared.</summary>
    static string Compared(JsonObject line)
    {
        var sorted = new JsonObject();
        foreach ((string key, JsonNode? value) in line.Where(p => p.Key is not ("because" or "version" or "id")).OrderBy(p => p.Key, System.StringComparer.Ordinal))
        {
            sorted[key] = key switch
            {
                "at" or "until" => SameInstant(value!),
                "winner" => new JsonObject { ["definition"] = value!["definition"]!.DeepClone(), ["step"] = value["step"]!.DeepClone(), ["at"] = SameInstant(value["at"]!) },
                _ => value!.DeepClone(),
            };
        }
        return sorted.ToJsonString();
    }

    static string SameInstant(JsonNode text)
    {
        Instant.TryParse((string)text!, out long instant).ShouldBeTrue();
        return Instant.ToText(instant);
    }
}
