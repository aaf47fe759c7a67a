using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Replay;

namespace CrmBehavior.Cli.Commands;

/// <summary><c>crmb replay --definitions DIR --events FILE|- …</c></summary>
internal static class ReplayCommand
{
    static readonly string[] Kinds = ["signal", "segment", "score", "journey"];

    public static Command Make()
    {
        var definitions = new Option<string>("--definitions") { Description = "Folder of definitions.", Required = true };
        var events = new Option<string>("--events") { Description = "File of one event a line, or - for standard input.", Required = true };
        var until = new Option<string?>("--until") { Description = "How far the clock runs at the end; by default the greatest now of all contacts." };
        var only = new Option<string?>("--only") { Description = "Kinds of definitions whose decisions are printed, separated by commas." };
        var because = new Option<bool>("--because") { Description = "Prints with each decision why it was made." };
        var stats = new Option<bool>("--stats") { Description = "Prints instead one line of figures." };
        var command = new Command("replay", "Runs events through the engine in file order and prints decisions as NDJSON. Exit 3 when lines were malformed.") { definitions, events, until, only, because, stats };
        command.SetAction(result => Run(result.GetValue(definitions)!, result.GetValue(events)!, result.GetValue(until), result.GetValue(only), result.GetValue(because), result.GetValue(stats)));
        return command;
    }

    static int Run(string definitions, string events, string? until, string? only, bool because, bool stats)
    {
        long? end = null;
        if (until != null)
        {
            if (!Instant.TryParse(until, out long instant)) throw new CliException($"--until: \"{until}\" is no RFC 3339 instant; write it as in 2026-02-01T00:00:00Z");
            end = instant;
        }
        HashSet<string>? kinds = only == null ? null : [.. only.Split(',', StringSplitOptions.TrimEntries)];
        if (kinds?.FirstOrDefault(k => !Kinds.Contains(k)) is { } unknown) throw new CliException($"--only: \"{unknown}\" is no kind that decides; write some of {string.Join(",", Kinds)}");
        DefinitionSet set = DefinitionFolder.ReadSound(definitions);
        Plan plan = Plan.Compile(set.Definitions, new PlanOptions { MailIsDeliveredAtOnce = true });
        using Stream stdout = Console.OpenStandardOutput();
        using var sink = new DecisionOutput(stdout, kinds, because, countsOnly: stats);
        var replay = new Replayer(plan, sink) { IsMeasured = stats };
        long malformed = 0;
        EventLines.Read(events, (buffer, start, length, number) =>
        {
            if (replay.TakeAhead(buffer, start, length, out string? problem)) return;
            malformed++;
            Console.Error.WriteLine($"line {number}: {problem}");
        }, Console.Error, afterBlock: replay.Run);
        replay.RunTimers(end ?? replay.Latest);
        sink.Flush();
        if (stats) WriteStats(stdout, plan, replay, sink, malformed);
        if (malformed > 0) Console.Error.WriteLine($"{malformed} malformed lines were passed over.");
        return malformed > 0 ? 3 : 0;
    }

    static void WriteStats(Stream stdout, Plan plan, Replayer replay, DecisionOutput sink, long malformed)
    {
        var codec = new StateCodec(plan);
        long total = 0, most = 0;
        foreach (ContactState contact in replay.Contacts)
        {
            int size = codec.Measure(contact);
            total += size;
            most = Math.Max(most, size);
        }
        using (var json = new Utf8JsonWriter(stdout))
        {
            json.WriteStartObject();
            json.WriteNumber("events", replay.Events);
            json.WriteNumber("repeated", replay.Repeated);
            json.WriteNumber("malformed", malformed);
            json.WriteNumber("contacts", replay.Contacts.Count);
            json.WriteStartObject("decisions");
            foreach ((string effect, long count) in sink.Counts.OrderBy(c => c.Key, StringComparer.Ordinal)) json.WriteNumber(effect, count);
            json.WriteEndObject();
            json.WriteNumber("seconds", Math.Round(replay.EngineTime.TotalSeconds, 3));
            json.WriteNumber("eventsPerSecond", replay.EngineTime > TimeSpan.Zero ? Math.Round(replay.Events / replay.EngineTime.TotalSeconds) : 0);
            json.WriteNumber("stateBytesMean", replay.Contacts.Count > 0 ? Math.Round((double)total / replay.Contacts.Count, 1) : 0);
            json.WriteNumber("stateBytesMax", most);
            json.WriteNumber("processSeconds", Math.Round(Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds, 3));
            json.WriteEndObject();
        }
        stdout.WriteByte((byte)'\n');
    }
}
