using System;
using System.CommandLine;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Pipeline.Backtest;

namespace CrmBehavior.Cli.Commands;

/// <summary><c>crmb backtest --definitions DIR --journey NAME (--events FILE | --service URL --days N)</c></summary>
internal static class BacktestCommand
{
    static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make()
    {
        var definitions = new Option<string>("--definitions") { Description = "Folder of definitions.", Required = true };
        var journey = new Option<string>("--journey") { Description = "Name of the journey.", Required = true };
        var events = new Option<string?>("--events") { Description = "File of one event a line, or - for standard input." };
        var service = new Option<string?>("--service") { Description = "Address of a service whose event log is used, with the other definitions that are live there." };
        var days = new Option<int>("--days") { Description = "How many of the last days, with --service.", DefaultValueFactory = _ => 30 };
        var until = new Option<string?>("--until") { Description = "How far the clock runs at the end, with --events; by default the greatest now of all contacts." };
        var json = new Option<bool>("--json") { Description = "Prints JSON in place of a table." };
        Option<string?> key = ServiceClient.KeyOption();
        var command = new Command("backtest", "Says what a journey would have done: who would have entered, the funnel by step, mails and caps, conversions.") { definitions, journey, events, service, days, until, key, json };
        command.SetAction(async (r, cancellation) =>
        {
            string folder = r.GetValue(definitions)!, name = r.GetValue(journey)!;
            string? file = r.GetValue(events), address = r.GetValue(service);
            if ((file == null) == (address == null)) throw new CliException("say what behaviour to use: --events FILE, or --service URL with --days N");
            return file != null ? FromFile(folder, name, file, r.GetValue(until), r.GetValue(json)) : await FromServiceAsync(folder, name, address!, r.GetValue(key), r.GetValue(days), r.GetValue(json), cancellation);
        });
        return command;
    }

    static int FromFile(string folder, string journey, string file, string? until, bool asJson)
    {
        long? end = until == null ? null : Instants.Read("--until", until);
        DefinitionSet set = DefinitionFolder.ReadSound(folder);
        long malformed = 0;
        try
        {
            var backtest = new Backtester(set.Definitions, journey);
            EventLines.Read(file, (buffer, start, length, number) =>
            {
                if (backtest.Take(buffer, start, length, out string? problem)) return;
                malformed++;
                Console.Error.WriteLine($"line {number}: {problem}");
            }, Console.Error);
            BacktestReport report = backtest.Finish(end);
            if (asJson) Console.Out.WriteLine(JsonSerializer.Serialize(report, Camel));
            else
            {
                foreach (string line in BacktestWords.Of(report)) Console.Out.WriteLine(line);
            }
        }
        catch (BacktestException e)
        {
            throw new CliException(e.Message);
        }
        if (malformed > 0) Console.Error.WriteLine($"{malformed} malformed lines were passed over.");
        return malformed > 0 ? 3 : 0;
    }

    static async Task<int> FromServiceAsync(string folder, string journey, string address, string? key, int days, bool asJson, CancellationToken cancellation)
    {
        DefinitionSet set = DefinitionSet.ReadFiles(folder);
        Definition found = set.Definitions.FirstOrDefault(d => d.Kind == "journey" && d.Name == journey)
            ?? throw new CliException(set.HasErrors ? string.Join(Environment.NewLine, set.Errors.Select(e => e.ToString())) : $"there is no journey named \"{journey}\" in {folder}.{Definitions.Reading.Nearest.Hint(journey, set.Definitions.Where(d => d.Kind == "journey").Select(d => d.Name))}");
        using var client = new ServiceClient(address, key);
        JsonElement answer = await client.PostAsync("/api/backtest", new { json = set.Sources[found].Json, days }, cancellation);
        Console.Out.WriteLine(asJson ? answer.GetProperty("report").GetRawText() : answer.GetProperty("text").GetString()!.TrimEnd());
        return 0;
    }
}
