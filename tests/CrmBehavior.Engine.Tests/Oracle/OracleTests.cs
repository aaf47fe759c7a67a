using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using Shouldly;
using Xunit;

namespace CrmBehavior.Engine.Tests.Oracle;

/// <summary>The engine against the oracle, over rulebooks and streams made by chance. A story that differs is shrunk before it is shown.</summary>
public sealed class OracleTests
{
    delegate string Story(IReadOnlyList<JsonObject> definitions, IReadOnlyList<JsonObject> events);

    const long Later = 3 * 86_400_000;

    static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("ORACLE_SEEDS"), out int seeds) ? seeds : 200;

    [Fact]
    public void Engine_decides_as_the_oracle() => Check((definitions, events) => Engine(definitions, events, storedAfterEach: false));

    [Fact]
    public void State_stored_and_read_back_after_every_input_changes_nothing() => Check((definitions, events) => Engine(definitions, events, storedAfterEach: true));

    [Fact]
    public void Definitions_that_come_and_go_decide_as_if_always_there_and_leave_the_others_as_they_are() => Check(EngineWithChanges, OracleSinceLastChange);

    static void Check(Story engine) => Check(engine, ByOracle);

    static void Check(Story engine, Story oracle)
    {
        int decisions = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var story = new RandomStory(seed);
            if (DefinitionSet.Read(Sources(story.Definitions)).HasErrors) continue;
            decisions += ByOracle(story.Definitions, story.Events).Count('\n'.Equals);
            if (!Differs(story.Definitions, story.Events)) continue;
            (IReadOnlyList<JsonObject> definitions, IReadOnlyList<JsonObject> events) = Shrink(story.Definitions, story.Events, Differs);
            engine(definitions, events).ShouldBe(oracle(definitions, events), $"seed {seed}\n{string.Join('\n', definitions.Select(d => d.ToJsonString()))}\n{string.Join('\n', events.Select(e => e.ToJsonString()))}");
        }
        decisions.ShouldBeGreaterThan(5 * Seeds, "the stories say too little to test anything");

        bool Differs(IReadOnlyList<JsonObject> definitions, IReadOnlyList<JsonObject> events) =>
            DefinitionSet.Read(Sources(definitions)) is { HasErrors: false } && oracle(definitions, events) != engine(definitions, events);
    }

    static string ByOracle(IReadOnlyList<JsonObject> definitions, IReadOnlyList<JsonObject> events) => string.Join('\n', Lines(definitions, events));

    static List<string> Lines(IReadOnlyList<JsonObject> definitions, IReadOnlyList<JsonObject> events)
    {
        var oracle = new Oracle(definitions);
        foreach (JsonObject line in events)
        {
            oracle.Handle((string)line["id"]!, (string)line["name"]!, (long)line["at"]!, line["properties"] as JsonObject ?? [], line["traits"] as JsonObject ?? []);
        }
        if (events.Count > 0) oracle.RunTimers(oracle.Now + Later);
        return oracle.Lines;
    }

    static string Engine(IReadOnlyList<JsonObject> definitions, IReadOnlyList<JsonObject> events, bool storedAfterEach)
    {
        var run = new EngineRun(definitions);
        foreach (JsonObject line in events)
        {
            run.Handle(line);
            if (storedAfterEach) run.StoreAndRead();
        }
        if (events.Count > 0) run.RunOut();
        return string.Join('\n', run.Decisions.Select(Line));
    }

    /// <summary>
    /// The second half of the definitions is published when a third of the events is in, taken back after two thirds and published again for
    /// the last events. Of what they decide only that counts which comes after.
    /// </summary>
    static string EngineWithChanges(IReadOnlyList<JsonObject> definitions, IReadOnlyList<JsonObject> events)
    {
        JsonObject[] lasting = [.. definitions.Take((definitions.Count + 1) / 2)];
        var run = new EngineRun(lasting);
        int third = events.Count / 3, end = events.Count * 5 / 6;
        for (int i = 0; i < events.Count; i++)
        {
            if (i == 2 * third) run.Change(lasting);
            if (i == third || i == end) run.Change(definitions);
            run.Handle(events[i]);
        }
        if (events.Count > 0) run.RunOut();
        return string.Join('\n', run.Decisions.Where(d => d.At > run.ChangedAt || lasting.Any(l => (string)l["name"]! == d.Definition)).Select(Line));
    }

    static string OracleSinceLastChange(IReadOnlyList<JsonObject> definitions, IReadOnlyList<JsonObject> events)
    {
        JsonObject[] lasting = [.. definitions.Take((definitions.Count + 1) / 2)];
        long changedAt = events.Take(events.Count * 5 / 6).DistinctBy(e => (string)e["id"]!).Select(e => (long)e["at"]!).DefaultIfEmpty(long.MinValue).Max();
        return string.Join('\n', Lines(definitions, events).Where(l => long.Parse(l.Split(' ')[0], CultureInfo.InvariantCulture) > changedAt || lasting.Any(d => (string)d["name"]! == l.Split(' ')[2])));
    }

    static string Line(Decision d) => $"{d.At} {d.Kind} {d.Definition} {d.Effect} {d.Outcome}";

    static IEnumerable<DefinitionSource> Sources(IEnumerable<JsonObject> definitions) => definitions.Select(d => new DefinitionSource((string)d["name"]!, d.ToJsonString()));

    /// <summary>Leaves out definitions and events as long as the difference stays.</summary>
    static (IReadOnlyList<JsonObject>, IReadOnlyList<JsonObject>) Shrink(IReadOnlyList<JsonObject> definitions, IReadOnlyList<JsonObject> events, Func<IReadOnlyList<JsonObject>, IReadOnlyList<JsonObject>, bool> differs)
    {
        for (bool smaller = true; smaller;)
        {
            smaller = false;
            for (int i = definitions.Count - 1; i >= 0; i--)
            {
                JsonObject[] fewer = [.. definitions.Where((_, n) => n != i)];
                if (differs(fewer, events)) (definitions, smaller) = (fewer, true);
            }
            for (int i = events.Count - 1; i >= 0; i--)
            {
                JsonObject[] fewer = [.. events.Where((_, n) => n != i)];
                if (differs(definitions, fewer)) (events, smaller) = (fewer, true);
            }
        }
        return (definitions, events);
    }

    sealed class EngineRun(IReadOnlyList<JsonObject> definitions)
    {
        readonly DecisionList decisions = new();
        readonly HashSet<string> seen = [];
        readonly List<byte[]> log = [];
        readonly EventFrame frame = new();
        Plan plan = Compile(definitions, new StateLayout());
        ContactState contact = new("c");

        public IEnumerable<Decision> Decisions => decisions.Decisions;

        /// <summary>The contact's now when definitions last changed.</summary>
        public long ChangedAt { get; private set; } = long.MinValue;

        static Plan Compile(IReadOnlyList<JsonObject> definitions, StateLayout layout) => Plan.Compile(DefinitionSet.Read(Sources(definitions)).Definitions, null, layout);

        public void Handle(JsonObject line)
        {
            if (!seen.Add((string)line["id"]!)) return;
            JsonObject copy = line.DeepClone().AsObject();
            copy["at"] = Instant.ToText((long)line["at"]!);
            log.Add(Encoding.UTF8.GetBytes(copy.ToJsonString()));
            Read(log[^1]);
            new Evaluator(plan).Handle(contact, frame, decisions);
        }

        void Read(byte[] bytes) => new EventReader(plan).TryRead(bytes, 0, bytes.Length, frame, out string? problem).ShouldBeTrue(problem);

        public void StoreAndRead()
        {
            var codec = new StateCodec(plan);
            byte[] bytes = codec.Write(contact);
            contact = codec.Read("c", bytes);
            codec.Write(contact).ShouldBe(bytes);
        }

        /// <summary>As the pipeline does it: the state is read under the new plan, and what is new is worked out from the log.</summary>
        public void Change(IReadOnlyList<JsonObject> to)
        {
            (Plan before, byte[] bytes) = (plan, new StateCodec(plan).Write(contact));
            plan = Compile(to, new StateLayout(before.Layout.Keys));
            if (log.Count == 0) return;
            contact = new StateCodec(plan).Read("c", bytes);
            ChangedAt = contact.Now;
            var newcomers = new Newcomers(plan, before);
            var rebuilt = new ContactState("c");
            foreach (byte[] logged in log)
            {
                Read(logged);
                newcomers.Evaluator.Handle(rebuilt, frame, new DecisionList());
            }
            newcomers.Evaluator.RunTimers(rebuilt, contact.Now, new DecisionList());
            newcomers.Graft(rebuilt, contact, contact.Now);
        }

        public void RunOut() => new Evaluator(plan).RunTimers(contact, contact.Now + Later, decisions);
    }
}
