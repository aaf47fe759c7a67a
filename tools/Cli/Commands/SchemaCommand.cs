using System;
using System.CommandLine;
using CrmBehavior.Definitions.Schema;

namespace CrmBehavior.Cli.Commands;

/// <summary><c>crmb schema</c></summary>
internal static class SchemaCommand
{
    public static Command Make()
    {
        var command = new Command("schema", "Prints the JSON schema of definitions, for editors.");
        command.SetAction(_ =>
        {
            Console.Out.Write(LanguageSchema.Text());
            return 0;
        });
        return command;
    }
}
