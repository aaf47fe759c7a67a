using System;
using System.CommandLine;
using System.IO;
using System.Threading.Tasks;
using CrmBehavior.Cli.Commands;

namespace CrmBehavior.Cli;

/// <summary>crmb: definitions checked, told in words, tried on real behaviour, compared, put live; the solution packed.</summary>
internal static class Program
{
    static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("Behaviour-based mail for Dynamics 365: definitions checked, told in words, tried on real behaviour, and put live.")
        {
            ValidateCommand.Make(), WordsCommand.Make(), ReplayCommand.Make(), ExplainCommand.Make(), BacktestCommand.Make(),
            DiffCommand.Make(), ApplyCommand.Make(), PackCommand.Make(), SchemaCommand.Make(),
        };
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is CliException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return e is CliException { ExitCode: var code } ? code : 2;
        }
    }
}

/// <summary>The command cannot be carried out; the message says why and what to do.</summary>
internal sealed class CliException(string message) : Exception(message)
{
    /// <summary>1 when the definitions or sources are wrong, else 2.</summary>
    public int ExitCode { get; init; } = 2;
}
