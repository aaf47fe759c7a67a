using System;
using System.CommandLine;
using CrmBehavior.Definitions;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Cli.Commands;

/// <summary><c>crmb words PATH…</c></summary>
internal static class WordsCommand
{
    public static Command Make()
    {
        var paths = new Argument<string[]>("path") { Description = "Files, or folders whose *.json files are definitions.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("words", "Tells each definition in plain English.") { paths };
        command.SetAction(result => Run(result.GetValue(paths)!));
        return command;
    }

    static int Run(string[] paths)
    {
        DefinitionSet set = DefinitionSet.ReadFiles(paths);
        bool first = true;
        foreach (Definition definition in set.Definitions)
        {
            if (!first) Console.Out.WriteLine();
            first = false;
            foreach (string line in DefinitionWords.Of(definition)) Console.Out.WriteLine(line);
        }
        foreach (Diagnostic error in set.Errors) Console.Error.WriteLine(error);
        return set.HasErrors ? 1 : 0;
    }
}
