using System;
using System.CommandLine;
using System.Linq;
using CrmBehavior.Definitions;

namespace CrmBehavior.Cli.Commands;

/// <summary><c>crmb validate PATH…</c></summary>
internal static class ValidateCommand
{
    public static Command Make()
    {
        var paths = new Argument<string[]>("path") { Description = "Files, or folders whose *.json files are definitions.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("validate", "Checks definitions: one line per error, \"file: /json/pointer: what is wrong and what to write instead\"; exit 1 if any.") { paths };
        command.SetAction(result => Run(result.GetValue(paths)!));
        return command;
    }

    static int Run(string[] paths)
    {
        DefinitionSet set = DefinitionSet.ReadFiles(paths);
        foreach (Diagnostic error in set.Errors) Console.Out.WriteLine(error);
        // Warnings are told apart from errors, so that a script that counts lines counts errors.
        foreach (Diagnostic warning in set.Diagnostics.Where(d => d.Severity == Severity.Warning)) Console.Error.WriteLine(warning);
        if (!set.HasErrors) Console.Error.WriteLine($"{set.Definitions.Count} definitions are sound.");
        return set.HasErrors ? 1 : 0;
    }
}
