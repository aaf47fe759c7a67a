using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using Shouldly;
using Xunit;

namespace CrmBehavior.Engine.Tests.Journeys;

/// <summary>Stories that once broke a rule of the model, as small as they could be made.</summary>
public sealed class CounterExampleTests
{
    [Fact]
    public void Goal_is_seen_by_another_evaluator_than_the_one_that_began_the_enrollment() =>
        Run("""{"kind":"journey","name":"j","trigger":{"event":"b"},"goal":{"when":{"event":"g"}},"steps":[{"id":"s","wait":"1d"}]}""", ("b", 0), ("g", 60))
            .ShouldBe(["0 enrolled ", "0 step waiting", "60 converted ", "60 exited goal"]);

    [Fact]
    public void What_is_waited_for_is_seen_by_another_evaluator_than_the_one_that_came_to_the_step() =>
        Run("""{"kind":"journey","name":"j","trigger":{"event":"a"},"steps":[{"id":"w","wait":"10m"},{"id":"s","waitFor":{"event":"c"},"atMost":"1h"}]}""", ("a", 0), ("c", 20))
            .ShouldBe(["0 enrolled ", "0 step waiting", "10 step waiting", "20 branch then", "20 exited completed"]);

    /// <summary>Events by the minute, each handled by an evaluator of its own; decisions by the minute.</summary>
    static IEnumerable<string> Run(string definition, params ReadOnlySpan<(string Name, int Minute)> events)
    {
        const long start = 1767600000000;
        Plan plan = Plan.Compile(DefinitionSet.Read([new DefinitionSource("j", definition)]).Definitions);
        (ContactState contact, DecisionList decisions, EventFrame frame) = (new("c"), new(), new());
        foreach ((string name, int minute) in events)
        {
            byte[] line = Encoding.UTF8.GetBytes($$"""{"id":"{{minute}}","name":"{{name}}","at":"{{Instant.ToText(start + minute * 60_000L)}}","contactId":"c"}""");
            new EventReader(plan).TryRead(line, 0, line.Length, frame, out _).ShouldBeTrue();
            new Evaluator(plan).Handle(contact, frame, decisions);
        }
        return [.. decisions.Decisions.Select(d => $"{(d.At - start) / 60_000} {d.Effect} {d.Outcome}")];
    }
}
