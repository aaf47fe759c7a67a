using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Definitions;
using CrmBehavior.Definitions.Differences;

namespace CrmBehavior.Cli.Commands;

/// <summary><c>crmb diff A B</c></summary>
internal static class DiffCommand
{
    public static Command Make()
    {
        var before = new Argument<string>("a") { Description = "The earlier set: a folder, a file, or the address of a service for what is live there." };
        var after = new Argument<string>("b") { Description = "The later set." };
        Option<string?> key = ServiceClient.KeyOption();
        var command = new Command("diff", "Says in words what changes between two sets of definitions.") { before, after, key };
        command.SetAction((result, cancellation) => RunAsync(result.GetValue(before)!, result.GetValue(after)!, result.GetValue(key), cancellation));
        return command;
    }

    static async Task<int> RunAsync(string before, string after, string? key, CancellationToken cancellation)
    {
        DefinitionSet earlier = await ReadAsync(before, key, cancellation), later = await ReadAsync(after, key, cancellation);
        foreach (string line in SetDifference.Words(SetDifference.Between(earlier, later))) Console.Out.WriteLine(line);
        return 0;
    }

    static async Task<DefinitionSet> ReadAsync(string path, string? key, CancellationToken cancellation)
    {
        if (!ServiceClient.IsAddress(path)) return DefinitionFolder.ReadPart(path);
        using var service = new ServiceClient(path, key);
        return DefinitionSet.Read(await service.DefinitionsAsync(cancellation));
    }
}
