using System;
using System.CommandLine;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Explain;

namespace CrmBehavior.Cli.Commands;

/// <summary><c>crmb explain --definitions DIR --events FILE --contact ID --definition NAME [--at T] [--json]</c></summary>
internal static class ExplainCommand
{
    public static Command Make()
    {
        var definitions = new Option<string>("--definitions") { Description = "Folder of definitions.", Required = true };
        var events = new Option<string>("--events") { Description = "File of one event a line, or - for standard input.", Required = true };
        var contact = new Option<string>("--contact") { Description = "Id of the contact, as its events say it.", Required = true };
        var definition = new Option<string>("--definition") { Description = "Name of a definition; where several kinds have it, kind and name as journey:welcome.", Required = true };
        var at = new Option<string?>("--at") { Description = "As of when; by default the latest time in the file." };
        var json = new Option<bool>("--json") { Description = "Prints JSON in place of words." };
        var command = new Command("explain", "Says why a definition did something for a contact, or why not and what is still missing.") { definitions, events, contact, definition, at, json };
        command.SetAction(r => Run(r.GetValue(definitions)!, r.GetValue(events)!, r.GetValue(contact)!, r.GetValue(definition)!, r.GetValue(at), r.GetValue(json)));
        return command;
    }

    static int Run(string definitions, string events, string contact, string definition, string? at, bool json)
    {
        long? asked = at == null ? null : Instants.Read("--at", at);
        DefinitionSet set = DefinitionFolder.ReadSound(definitions);
        try
        {
            // A wrong name is told before a large file is read.
            DefinitionName.Find(set.Definitions, definition);
            ContactEvents own = ContactEvents.Read(events, contact, Console.Error);
            Plan plan = Plan.Compile(set.Definitions, new PlanOptions { MailIsDeliveredAtOnce = true });
            long instant = asked ?? own.Latest;
            ContactFacts facts = EventHistory.Run(plan, contact, own.Lines, instant)
                ?? throw new CliException($"contact \"{contact}\" has no event by {Instant.ToText(instant)}; its first is at {Instant.ToText(EventHead.Read(own.Lines[0])!.Value.At)}");
            Explanation explanation = ContactExplainer.Explain(set.Definitions, plan, facts, definition);
            if (!json) Console.Out.Write(explanation.Text);
            else
            {
                using System.IO.Stream stdout = Console.OpenStandardOutput();
                stdout.Write(explanation.Json);
                stdout.WriteByte((byte)'\n');
            }
            return 0;
        }
        catch (ExplainException e)
        {
            throw new CliException(e.Message);
        }
    }
}
