using System;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Definitions;

namespace CrmBehavior.Cli.Commands;

/// <summary><c>crmb apply DIR --service URL</c></summary>
internal static class ApplyCommand
{
    public static Command Make()
    {
        var path = new Argument<string>("dir") { Description = "Folder of definitions, or one file." };
        var service = new Option<string>("--service") { Description = "Address of the service, as in http://localhost:5000.", Required = true };
        Option<string?> key = ServiceClient.KeyOption();
        var reason = new Option<string?>("--reason") { Description = "Why, for the record of each version." };
        var command = new Command("apply", "Puts definitions live as new versions; those that say the same stay. Exit 1 when they are not sound.") { path, service, key, reason };
        command.SetAction((r, cancellation) => RunAsync(r.GetValue(path)!, r.GetValue(service)!, r.GetValue(key), r.GetValue(reason), cancellation));
        return command;
    }

    static async Task<int> RunAsync(string path, string service, string? key, string? reason, CancellationToken cancellation)
    {
        // What the files need may be live already, so whether names are known is for the service to say.
        DefinitionSet set = DefinitionFolder.ReadPart(path);
        using var client = new ServiceClient(service, key);
        JsonElement answer = await client.PostAsync(
            "/api/definitions", new { definitions = set.Definitions.Select(d => new { file = set.Sources[d].File, json = JsonDocument.Parse(set.Sources[d].Json).RootElement }), reason }, cancellation);
        string[] published = [.. answer.GetProperty("published").EnumerateArray().Select(p => p.GetString()!)];
        foreach (string line in published) Console.Out.WriteLine(line);
        if (published.Length == 0) Console.Out.WriteLine("Nothing to publish: all of it is live already.");
        foreach (JsonElement warning in answer.GetProperty("warnings").EnumerateArray()) await Console.Error.WriteLineAsync(warning.GetString());
        return 0;
    }
}
