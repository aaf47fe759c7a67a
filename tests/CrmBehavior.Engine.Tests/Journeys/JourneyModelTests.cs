using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
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

/// <summary>Journeys against the model, over stories made by chance. A story that breaks a rule is shrunk before it is shown.</summary>
public sealed class JourneyModelTests
{
    /// <summary>Longer than everything that a story may rest for.</summary>
    const long Later = 40L * 86_400_000;

    static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("ORACLE_SEEDS"), out int seeds) ? seeds : 300;

    [Fact]
    public void Journeys_keep_every_rule_of_the_model() => Check(story => new Course(story.First, story.Events, storedAfterEach: false));

    [Fact]
    public void Journeys_stored_and_read_back_after_every_input_keep_every_rule() => Check(story => new Course(story.First, story.Events, storedAfterEach: true));

    [Fact]
    public void A_new_version_takes_the_new_contacts_and_leaves_the_others_on_theirs() =>
        Check(story => new Course(story.First, story.Events, storedAfterEach: true) { Second = story.Second, Changed = story.Changed });

    static void Check(Func<JourneyStory, Course> make)
    {
        var effects = new HashSet<string>();
        for (int seed = 0; seed < Seeds; seed++)
        {
            Course course = make(new JourneyStory(seed));
            if (!course.IsSound) continue;
            string? problem = course.Run(effects);
            if (problem == null) continue;
            Course smallest = Shrink(course);
            problem = smallest.Run([]);
            problem.ShouldBeNull($"seed {seed}\n{smallest}");
        }
        effects.ShouldBeSubsetOf(["enrolled", "refused", "step", "branch", "split", "action", "suppressed", "deferred", "converted", "exited"]);
        effects.Count.ShouldBe(10, "the stories say too little to test anything");
    }

    /// <summary>Leaves out definitions and events as long as a rule is broken.</summary>
    static Course Shrink(Course course)
    {
        for (bool smaller = true; smaller;)
        {
            smaller = false;
            foreach (Course fewer in course.WithOneLess())
            {
                if (!fewer.IsSound || fewer.Run([]) == null) continue;
                (course, smaller) = (fewer, true);
                break;
            }
        }
        return course;
    }

    /// <summary>One story told to the engine and to the model.</summary>
    sealed class Course(IReadOnlyList<JsonObject> definitions, IReadOnlyList<JsonObject> events, bool storedAfterEach)
    {
        public IReadOnlyList<JsonObject>? Second { get; init; }

        public string Changed { get; init; } = "";

        public bool IsSound => !Read(definitions, 1).HasErrors && (Second == null || !Read(Second, 2).HasErrors);

        public IEnumerable<Course> WithOneLess()
        {
            for (int i = events.Count - 1; i >= 0; i--) yield return new Course(definitions, [.. events.Where((_, n) => n != i)], storedAfterEach) { Second = Second, Changed = Changed };
            foreach (JsonObject left in definitions.Where(d => (string)d["name"]! != Changed || Second == null))
            {
                JsonObject[] Without(IReadOnlyList<JsonObject> all) => [.. all.Where(d => (string)d["name"]! != (string)left["name"]!)];
                yield return new Course(Without(definitions), events, storedAfterEach) { Second = Second == null ? null : Without(Second), Changed = Changed };
            }
        }

        public override string ToString() => string.Join('\n', definitions.Concat(Second?.Where(d => (string)d["name"]! == Changed) ?? []).Concat(events).Select(d => d.ToJsonString()));

        /// <summary>What is wrong with the decisions, or null.</summary>
        public string? Run(HashSet<string> effects)
        {
            var model = new JourneyModel(definitions);
            var run = new EngineRun(Read(definitions, 1), model, effects);
            try
            {
                for (int i = 0; i < events.Count; i++)
                {
                    if (Second != null && i == events.Count / 2)
                    {
                        run.Change(Read(Second, 2), Changed);
                        model.Publish(Second, Changed, 2);
                    }
                    run.Handle(events[i]);
                    if (storedAfterEach) run.StoreAndRead();
                }
                run.RunOut();
            }
            catch (ModelException e)
            {
                return $"{e.Message}\n{string.Join('\n', run.Lines)}";
            }
            string[] lost = [.. model.Running.Where(r => !(Second ?? definitions).Any(d => (string)d["name"]! == r.Journey.Name && (string?)d["state"] == "paused")).Select(r => $"{r.Journey.Name} {r.Entry}")];
            return lost.Length == 0 ? null : $"never ended: {string.Join(", ", lost)}\n{string.Join('\n', run.Lines)}";
        }

        DefinitionSet Read(IReadOnlyList<JsonObject> all, int version) =>
            DefinitionSet.Read(all.Select(d => new DefinitionSource((string)d["name"]!, d.ToJsonString()) { Version = (string)d["name"]! == Changed ? version : 1 }));
    }

    sealed class EngineRun(DefinitionSet set, JourneyModel model, HashSet<string> effects)
    {
        static readonly PlanOptions Options = new() { MailIsDeliveredAtOnce = true };

        readonly HashSet<string> seen = [];
        readonly List<byte[]> log = [];
        readonly EventFrame frame = new();
        readonly DecisionList decisions = new();
        DefinitionSet definitions = set;
        Plan plan = Plan.Compile(set.Definitions, Options, new StateLayout());
        ContactState contact = new("c");

        public List<string> Lines { get; } = [];

        public void Handle(JsonObject line)
        {
            if (!seen.Add((string)line["id"]!)) return;
            long at = (long)line["at"]!, now = Math.Max(at, contact.Now);
            JsonObject copy = line.DeepClone().AsObject();
            copy["at"] = Instant.ToText(at);
            log.Add(Encoding.UTF8.GetBytes(copy.ToJsonString()));
            RunTimers(now);
            Read(log[^1]);
            Lines.Add($"  {copy.ToJsonString()}");
            model.Begin(now, new ModelInput((string)line["name"]!, at, (string?)line["properties"]?["order"], (string?)line["traits"]?["tier"]));
            new Evaluator(plan).Handle(contact, frame, decisions);
            Pass();
        }

        public void RunOut()
        {
            if (log.Count > 0) RunTimers(contact.Now + Later);
        }

        /// <summary>As the pipeline does it: state read under the new plan, the old version brought to its end, what is new worked out from the log.</summary>
        public void Change(DefinitionSet to, string changed)
        {
            (Plan before, byte[] bytes) = (plan, new StateCodec(plan).Write(contact));
            JourneyDefinition[] draining = [.. definitions.Definitions.OfType<JourneyDefinition>().Where(j => j.Name == changed)];
            definitions = to;
            plan = Plan.Compile(to.Definitions, Options with { Draining = draining }, new StateLayout(before.Layout.Keys));
            if (log.Count == 0) return;
            contact = new StateCodec(plan).Read("c", bytes);
            var newcomers = new Newcomers(plan, before);
            var rebuilt = new ContactState("c");
            foreach (byte[] logged in log)
            {
                Read(logged);
                newcomers.Evaluator.Handle(rebuilt, frame, new DecisionList());
            }
            newcomers.Graft(rebuilt, contact, contact.Now);
        }

        public void StoreAndRead()
        {
            var codec = new StateCodec(plan);
            byte[] bytes = codec.Write(contact);
            contact = codec.Read("c", bytes);
            codec.Write(contact).ShouldBe(bytes);
        }

        void RunTimers(long to)
        {
            while (contact.NextDue <= to)
            {
                long due = contact.NextDue;
                model.Begin(Math.Max(due, contact.Now), null);
                new Evaluator(plan).RunTimers(contact, due, decisions);
                Pass();
            }
        }

        void Read(byte[] bytes) => new EventReader(plan).TryRead(bytes, 0, bytes.Length, frame, out string? problem).ShouldBeTrue(problem);

        void Pass()
        {
            foreach (Decision decision in decisions.Decisions.Where(d => d.Kind == "journey"))
            {
                Lines.Add(string.Create(CultureInfo.InvariantCulture, $"{Instant.ToText(decision.At)} {decision.Definition} {decision.Entry} {decision.Key} {decision.Effect} {decision.Step} {decision.Outcome} {decision.Until} {decision.Action} v{decision.Version}"));
                effects.Add(decision.Effect);
                model.Take(decision);
            }
            decisions.Decisions.Clear();
            model.End();
        }
    }
}
