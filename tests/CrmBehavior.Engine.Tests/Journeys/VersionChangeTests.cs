using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using Shouldly;
using Xunit;

namespace CrmBehavior.Engine.Tests.Journeys;

/// <summary>What becomes of contacts on their way when a journey is published anew.</summary>
public sealed class VersionChangeTests
{
    const string Before = """
        {"kind":"journey","name":"j","trigger":{"event":"begin"},"entry":{"reentry":{}},"goal":{"when":{"event":"bought"},"within":"30d"},
         "steps":[{"id":"hello","addTag":"Hello"},{"id":"rest","wait":"2d"},{"id":"bye","addTag":"Bye"}]}
        """;

    [Fact]
    public void Migrated_enrollment_keeps_its_until_and_goes_on_in_the_new_version()
    {
        List<string> lines = Run(Before, Before.Replace("\"steps\"", "\"onNewVersion\":\"migrate\",\"steps\"", StringComparison.Ordinal).Replace("\"addTag\":\"Bye\"", "\"addTag\":\"Farewell\"", StringComparison.Ordinal).Replace("\"wait\":\"2d\"", "\"wait\":\"9d\"", StringComparison.Ordinal));
        lines.ShouldBe(["day 0 v1 enrolled", "day 0 v1 action hello", "day 0 v1 step rest waiting", "day 2 v2 action bye", "day 2 v2 exited completed"]);
    }

    [Fact]
    public void Enrollment_whose_step_is_gone_or_of_another_kind_ends_with_migrated()
    {
        const string Another = """{"kind":"journey","name":"j","onNewVersion":"migrate","trigger":{"event":"begin"},"steps":[{"id":"rest","addTag":"Bye"}]}""";
        Run(Before, Another)[3..].ShouldBe(["day 1 v1 exited migrated"]);
        Run(Before, Another.Replace("\"rest\"", "\"other\"", StringComparison.Ordinal))[3..].ShouldBe(["day 1 v1 exited migrated"]);
    }

    [Fact]
    public void Restarted_enrollment_begins_the_new_version_at_once_without_its_rules_of_entry()
    {
        string after = Before.Replace("\"entry\":{\"reentry\":{}}", "\"onNewVersion\":\"restart\",\"entry\":{\"if\":{\"trait\":\"tier\",\"eq\":\"gold\"},\"reentry\":{\"max\":1}}", StringComparison.Ordinal);
        Run(Before, after)[3..].ShouldBe(
            ["day 1 v1 exited restarted", "day 1 v2 enrolled", "day 1 v2 action hello", "day 1 v2 step rest waiting", "day 3 v2 action bye", "day 3 v2 exited completed"]);
    }

    [Fact]
    public void Drained_enrollment_finishes_the_version_in_which_it_began()
    {
        string after = Before.Replace("\"Bye\"", "\"Farewell\"", StringComparison.Ordinal);
        Run(Before, after)[3..].ShouldBe(["day 2 v1 action bye", "day 2 v1 exited completed"]);
    }

    [Fact]
    public void Goal_that_did_not_change_remembers_and_one_that_did_starts_anew()
    {
        string twice = Before.Replace("{\"event\":\"bought\"}", "{\"event\":\"bought\",\"count\":2}", StringComparison.Ordinal), same = twice.Replace("\"steps\"", "\"onNewVersion\":\"migrate\",\"steps\"", StringComparison.Ordinal);
        string[] events = ["bought 0", "bought 1.5"];
        Run(twice, same, events)[3..].ShouldBe(["day 1.5 v2 converted", "day 1.5 v2 exited goal"]);
        string another = same.Replace("\"event\":\"bought\",\"count\":2", "\"event\":\"bought\",\"count\":2,\"within\":\"20d\"", StringComparison.Ordinal);
        Run(twice, another, events)[3..].ShouldBe(["day 2 v2 action bye", "day 2 v2 exited completed"]);
        // An absence counts from the new beginning, not from the enrollment's.
        string silent = same.Replace("{\"event\":\"bought\",\"count\":2}", "{\"absent\":{\"event\":\"bought\"},\"for\":\"18h\"}", StringComparison.Ordinal);
        Run(twice, silent)[3..].ShouldBe(["day 1.75 v2 converted", "day 1.75 v2 exited goal"]);
    }

    /// <summary>Begins on day 0 in the first version; the second is published on day 1; then time goes by.</summary>
    static List<string> Run(string first, string second, params string[] events)
    {
        const long Day = Duration.Day;
        Instant.TryParse("2026-03-02T08:00:00Z", out long begin).ShouldBeTrue();
        DefinitionSet one = Read(first, 1), two = Read(second, 2);
        Plan before = Plan.Compile(one.Definitions, null, new StateLayout());
        var contact = new ContactState("c");
        var decisions = new DecisionList();
        Handle(before, contact, decisions, "begin", begin);
        foreach ((string name, double day) in Parse(events).Where(e => e.Day < 1)) Handle(before, contact, decisions, name, begin + (long)(day * Day));
        new Evaluator(before).RunTimers(contact, begin + Day, decisions);

        Plan after = Plan.Compile(two.Definitions, new PlanOptions { Draining = [.. one.Definitions.OfType<JourneyDefinition>()] }, new StateLayout(before.Layout.Keys));
        contact = new StateCodec(after).Read("c", new StateCodec(before).Write(contact));
        var evaluator = new Evaluator(after);
        evaluator.ChangeVersions(contact, begin + Day, decisions);
        // What is carried over is stored, and nothing is left to be carried over.
        contact = new StateCodec(after).Read("c", new StateCodec(after).Write(contact));
        int decided = decisions.Decisions.Count;
        evaluator.ChangeVersions(contact, begin + Day, decisions);
        decisions.Decisions.Count.ShouldBe(decided);
        foreach ((string name, double day) in Parse(events).Where(e => e.Day >= 1)) Handle(after, contact, decisions, name, begin + (long)(day * Day));
        evaluator.RunTimers(contact, begin + 20 * Day, decisions);
        return [.. decisions.Decisions.Select(d => string.Join(' ', new[] { $"day {((d.At - begin) / (double)Day).ToString(System.Globalization.CultureInfo.InvariantCulture)}", $"v{d.Version}", d.Effect, d.Step, d.Outcome }.Where(t => !string.IsNullOrEmpty(t))))];
    }

    static IEnumerable<(string Name, double Day)> Parse(string[] events) => events.Select(e => (e.Split(' ')[0], double.Parse(e.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));

    static DefinitionSet Read(string json, int version)
    {
        DefinitionSet set = DefinitionSet.Read([new DefinitionSource("j", json) { Version = version }]);
        set.Errors.ShouldBeEmpty();
        return set;
    }

    static void Handle(Plan plan, ContactState contact, DecisionList decisions, string name, long at)
    {
        var frame = new EventFrame();
        byte[] bytes = Encoding.UTF8.GetBytes($$"""{"id":"{{name}}{{at}}","name":"{{name}}","at":"{{Instant.ToText(at)}}"}""");
        new EventReader(plan).TryRead(bytes, 0, bytes.Length, frame, out string? problem).ShouldBeTrue(problem);
        new Evaluator(plan).Handle(contact, frame, decisions);
    }
}
