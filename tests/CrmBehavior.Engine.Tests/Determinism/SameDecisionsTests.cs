using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Tests.Journeys;
using CrmBehavior.Engine.Tests.Oracle;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Replay;
using Shouldly;
using Xunit;

namespace CrmBehavior.Engine.Tests.Determinism;

/// <summary>Same inputs, same decisions, byte for byte: whatever the batch, the restarts, the process and its settings.</summary>
public sealed class SameDecisionsTests
{
    const int Contacts = 12;

    /// <summary>Seeds of stories that are told at once: signals, segments and scores of the one kind, journeys and policies of the other.</summary>
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Batches_and_restarts_change_nothing(int seed)
    {
        (DefinitionSet set, List<(string Contact, byte[] Line)> events) = Story(seed);
        byte[] whole = InBatches(set, events, int.MaxValue);
        whole.Length.ShouldBeGreaterThan(200);
        foreach (int size in new[] { 1, 7, 64 }) Encoding.UTF8.GetString(InBatches(set, events, size)).ShouldBe(Encoding.UTF8.GetString(whole));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Replay_of_a_file_decides_as_the_engine_input_by_input(int seed)
    {
        (DefinitionSet set, List<(string Contact, byte[] Line)> events) = Story(seed);
        var decisions = new DecisionList();
        var replay = new Replayer(Plan.Compile(set.Definitions, new PlanOptions { MailIsDeliveredAtOnce = true }), decisions);
        foreach ((_, byte[] line) in events) replay.Take(line, 0, line.Length, out string? problem).ShouldBeTrue(problem);
        replay.RunTimers(replay.Latest);
        Encoding.UTF8.GetString(Bytes(decisions.Decisions)).ShouldBe(Encoding.UTF8.GetString(InBatches(set, events, int.MaxValue)));
    }

    [Fact]
    public void Two_processes_with_other_settings_print_the_same_bytes()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("crmb-determinism-");
        try
        {
            for (int seed = 1; seed <= 2; seed++)
            {
                (IReadOnlyList<JsonObject> definitions, List<(string, byte[] Line)> events) = Authored(seed);
                string authored = Directory.CreateDirectory(Path.Combine(folder.FullName, "definitions" + seed)).FullName, file = Path.Combine(folder.FullName, $"events{seed}.ndjson");
                foreach (JsonObject definition in definitions) File.WriteAllText(Path.Combine(authored, $"{definition["name"]}.json"), definition.ToJsonString());
                File.WriteAllLines(file, events.Select(e => Encoding.UTF8.GetString(e.Line)));
                string first = Replay(authored, file, new() { ["DOTNET_TieredPGO"] = "0", ["TZ"] = "Asia/Tokyo", ["LANG"] = "tr_TR.UTF-8" });
                first.Length.ShouldBeGreaterThan(200);
                Replay(authored, file, new() { ["DOTNET_TieredCompilation"] = "0", ["TZ"] = "America/New_York", ["DOTNET_EnableHWIntrinsic"] = "0" }).ShouldBe(first);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string Replay(string definitions, string events, Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "crmb.dll"), "replay", "--definitions", definitions, "--events", events, "--because"]) { RedirectStandardOutput = true };
        foreach ((string name, string value) in settings) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return output;
    }

    /// <summary>Runs events batch by batch; between batches all state is bytes, and plan, evaluator and reader are new.</summary>
    static byte[] InBatches(DefinitionSet set, List<(string Contact, byte[] Line)> events, int size)
    {
        var stored = new Dictionary<string, byte[]>();
        var seen = new HashSet<(string, string)>();
        var decisions = new DecisionList();
        var layout = new StateLayout();
        long latest = long.MinValue;
        for (int from = 0; from < events.Count; from += Math.Min(size, events.Count))
        {
            Plan plan = Plan.Compile(set.Definitions, new PlanOptions { MailIsDeliveredAtOnce = true }, layout);
            layout = new StateLayout(plan.Layout.Keys);
            (EventReader reader, EventFrame frame, Evaluator evaluator, StateCodec codec) = (new(plan), new(), new(plan), new(plan));
            var open = new Dictionary<string, ContactState>();
            foreach ((string contact, byte[] line) in events.Skip(from).Take(size))
            {
                reader.TryRead(line, 0, line.Length, frame, out string? problem).ShouldBeTrue(problem);
                if (!seen.Add((contact, Encoding.UTF8.GetString(frame.Id)))) continue;
                if (!open.TryGetValue(contact, out ContactState? state)) open.Add(contact, state = stored.TryGetValue(contact, out byte[]? bytes) ? codec.Read(contact, bytes) : new ContactState(contact));
                evaluator.Handle(state, frame, decisions);
                latest = Math.Max(latest, state.Now);
            }
            foreach ((string contact, ContactState state) in open) stored[contact] = codec.Write(state);
        }
        Plan last = Plan.Compile(set.Definitions, new PlanOptions { MailIsDeliveredAtOnce = true }, layout);
        foreach ((string contact, byte[] bytes) in stored) new Evaluator(last).RunTimers(new StateCodec(last).Read(contact, bytes), latest, decisions);
        return Bytes(decisions.Decisions);
    }

    /// <summary>All lines with their ids, contact by contact, as contacts are independent of each other.</summary>
    static byte[] Bytes(IEnumerable<Decision> decisions)
    {
        using var stream = new MemoryStream();
        foreach (Decision decision in decisions.OrderBy(d => d.ContactId, StringComparer.Ordinal))
        {
            using (var json = new Utf8JsonWriter(stream)) DecisionLine.Write(json, decision, (_, _) => { });
            stream.WriteByte((byte)'\n');
        }
        return stream.ToArray();
    }

    static (DefinitionSet, List<(string, byte[])>) Story(int seed)
    {
        (IReadOnlyList<JsonObject> definitions, List<(string, byte[])> events) = Authored(seed);
        return (DefinitionSet.Read(definitions.Select(d => new DefinitionSource((string)d["name"]!, d.ToJsonString()))), events);
    }

    /// <summary>Definitions of both kinds of stories, and the events of many of them mixed, each as those of a contact.</summary>
    static (IReadOnlyList<JsonObject>, List<(string, byte[])>) Authored(int seed)
    {
        int sound = seed * 1000;
        while (DefinitionSet.Read(new RandomStory(sound).Definitions.Select(d => new DefinitionSource((string)d["name"]!, d.ToJsonString()))).HasErrors) sound++;
        JsonObject[] definitions = [.. new RandomStory(sound).Definitions, .. new JourneyStory(seed).First];
        var events = new List<(long At, string Contact, JsonObject Line)>();
        for (int i = 0; i < Contacts; i++)
        {
            IEnumerable<JsonObject> own = new RandomStory(sound + i).Events.Select((e, n) => (e, n)).Concat(new JourneyStory(sound + i).Events.Select((e, n) => (e, n))).OrderBy(p => p.n).Select(p => p.e);
            foreach (JsonObject line in own) events.Add(((long)line["at"]!, "c" + i, line));
        }
        return (definitions, [.. events.Select((e, n) => (e, n)).OrderBy(p => p.e.At / 3_600_000).ThenBy(p => p.n).Select(p =>
        {
            JsonObject line = p.e.Line.DeepClone().AsObject();
            line["at"] = Instant.ToText(p.e.At);
            line["contactId"] = p.e.Contact;
            return (p.e.Contact, Encoding.UTF8.GetBytes(line.ToJsonString()));
        })]);
    }
}
