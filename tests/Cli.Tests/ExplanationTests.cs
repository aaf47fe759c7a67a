using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Explain;
using Shouldly;
using Xunit;

namespace CrmBehavior.Cli.Tests;

/// <summary>Why and why not, in the stories: the texts as somebody has signed them, and that they agree with what was decided.</summary>
public sealed class ExplanationTests
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "Scenarios");

    /// <summary>A file's name asks the question: <c>story~contact~definition~instant</c>.</summary>
    public static TheoryData<string> Questions => [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Explanations"), "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Stories => [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Questions))]
    public void Explanation_reads_as_signed(string question)
    {
        string[] parts = question.Split('~');
        (DefinitionSet set, Plan plan, JsonObject story) = Read(parts[0]);
        Instant.TryParse(parts[3].Replace('.', ':'), out long at).ShouldBeTrue();
        ContactFacts facts = EventHistory.Run(plan, parts[1], EventsOf(story, parts[1]), at)!;
        ContactExplainer.Explain(set.Definitions, plan, facts, parts[2]).Text.ReplaceLineEndings("\n")
            .ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Explanations", question + ".txt")).ReplaceLineEndings("\n"));
    }

    /// <summary>Whatever the trigger was refused for is among what would keep the contact out just then.</summary>
    [Theory]
    [MemberData(nameof(Stories))]
    public void Refusals_are_among_the_obstacles_told(string name)
    {
        (DefinitionSet set, Plan plan, JsonObject story) = Read(name);
        foreach (JsonNode? line in story["expect"]!.AsArray().Where(e => (string?)e!["effect"] == "refused"))
        {
            Instant.TryParse((string)line!["at"]!, out long at).ShouldBeTrue();
            string contact = (string)line["contactId"]!, journey = (string)line["definition"]!, reason = (string)line["outcome"]!;
            ContactFacts facts = EventHistory.Run(plan, contact, EventsOf(story, contact), at)!;
            Definition definition = set.Definitions.First(d => d.Kind == "journey" && d.Name == journey);
            var standing = (JourneyStanding)Explainer.Of(plan, facts.Contact, definition, at)!;
            standing.Obstacles.Select(o => o.Reason).ShouldContain(reason, $"{name}, {line["at"]}");
        }
    }

    /// <summary>Every definition of every story can be explained at every instant at which something was decided, in words and as JSON.</summary>
    [Theory]
    [MemberData(nameof(Stories))]
    public void Everything_can_be_explained_at_every_decision(string name)
    {
        (DefinitionSet set, Plan plan, JsonObject story) = Read(name);
        foreach (string contact in story["events"]!.AsArray().Select(e => (string?)e!["contactId"]).OfType<string>().Distinct())
        {
            foreach (string time in story["expect"]!.AsArray().Where(e => (string?)e!["contactId"] == contact).Select(e => (string)e!["at"]!).Distinct())
            {
                Instant.TryParse(time, out long at).ShouldBeTrue();
                if (EventHistory.Run(plan, contact, EventsOf(story, contact), at) is not { } facts) continue;
                foreach (Definition definition in set.Definitions)
                {
                    Explanation explanation = ContactExplainer.Explain(set.Definitions, plan, facts, $"{definition.Kind}:{definition.Name}");
                    explanation.Text.ShouldContain($"\"{definition.Name}\"");
                    JsonNode.Parse(explanation.Json)!["definition"]!.ToString().ShouldBe(definition.Name);
                }
            }
        }
    }

    static (DefinitionSet Set, Plan Plan, JsonObject Story) Read(string story)
    {
        JsonObject file = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, story + ".json")))!.AsObject();
        DefinitionSet set = DefinitionSet.Read(file["definitions"]!.AsArray().Select((d, i) => new DefinitionSource($"{i}", d!.ToJsonString())));
        return (set, Plan.Compile(set.Definitions, new PlanOptions { MailIsDeliveredAtOnce = true }), file);
    }

    static IEnumerable<byte[]> EventsOf(JsonObject story, string contact) =>
        story["events"]!.AsArray().Where(e => (string?)e!["contactId"] == contact).Select(e => Encoding.UTF8.GetBytes(e!.ToJsonString()));
}
