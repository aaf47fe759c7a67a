using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Demo;
using CrmBehavior.Sandbox.Hosting;
using Microsoft.Data.Sqlite;

namespace CrmBehavior.Sandbox.Commands;

/// <summary>The command line of the sandbox.</summary>
internal static class SandboxCommand
{
    /// <summary>The root command; its action runs the sandbox until it is stopped, or the demonstration is over.</summary>
    public static RootCommand Create()
    {
        var port = new Option<int>("--port") { Description = "Port of the stand-ins.", DefaultValueFactory = _ => 5080 };
        var servicePort = new Option<int>("--service-port") { Description = "Port of the service.", DefaultValueFactory = _ => 5000 };
        var exit = new Option<bool>("--exit") { Description = "End after the demonstration; exit code 0 only if every outcome it promises was seen." };
        var noDemo = new Option<bool>("--no-demo") { Description = "Play no demonstration." };
        var noService = new Option<bool>("--no-service") { Description = "Start no service; print its settings as environment lines, then 'ready'." };
        var clock = new Option<DateTimeOffset?>("--clock") { Description = "Where the clock starts (RFC 3339); default now.", CustomParser = ParseInstant };
        var store = new Option<string>("--store") { Description = "Store of the service.", DefaultValueFactory = _ => "sqlite" };
        store.AcceptOnlyFromAmong("sqlite", "postgres");
        var connection = new Option<string?>("--connection") { Description = "Connection string of the service's store." };
        var definitions = new Option<string?>("--definitions") { Description = "Definitions for the demonstration, a folder." };
        var data = new Option<string?>("--data") { Description = "Folder that keeps everything; default a fresh temporary one." };
        var solution = new Option<string?>("--solution") { Description = "Solution zip to import; default the one built with the sandbox." };
        var sales = new Option<bool>("--sales") { Description = "Dynamics 365 Sales is installed: leads, opportunities, campaign responses, and the solution for them." };
        var webhook = new Option<string?>("--webhook") { Description = "Where mail events go; default the first service that registered." };
        var root = new RootCommand(
            "Dynamics 365, Service Bus and SendGrid on one machine.") { port, servicePort, exit, noDemo, noService, clock, store, connection, definitions, data,
                solution, sales, webhook };
        root.SetAction((parsed, cancel) => RunAsync(new SandboxSettings
        {
            Port = parsed.GetValue(port),
            ServicePort = parsed.GetValue(servicePort),
            Exit = parsed.GetValue(exit),
            NoDemo = parsed.GetValue(noDemo),
            NoService = parsed.GetValue(noService),
            Clock = parsed.GetValue(clock),
            Store = parsed.GetValue(store) ?? "sqlite",
            Connection = parsed.GetValue(connection),
            Definitions = parsed.GetValue(definitions),
            Data = parsed.GetValue(data),
            Solution = parsed.GetValue(solution),
            Sales = parsed.GetValue(sales),
            Webhook = parsed.GetValue(webhook),
        }, Console.Out, Console.Error, cancel));
        return root;
    }

    static async Task<int> RunAsync(SandboxSettings settings, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
        SandboxHost sandbox;
        try
        {
            sandbox = await SandboxHost.StartAsync(settings);
        }
        catch (Exception e) when (e is IOException or Dataverse.Errors.DataverseException or UnauthorizedAccessException or SqliteException)
        {
            await errors.WriteLineAsync("The sandbox cannot start: " + e.Message);
            return 1;
        }
        await using (sandbox)
        {
            if (settings.NoService) return await WithoutServiceAsync(sandbox, output, cancel);
            (ServiceProcess? service, string? problem) = await ServiceProcess.StartAsync(sandbox, output, cancel);
            if (service is null)
            {
                await errors.WriteLineAsync(problem);
                return 1;
            }
            await using (service) return await PlayAsync(sandbox, service, output, errors, cancel);
        }
    }

    static async Task<int> WithoutServiceAsync(SandboxHost sandbox, TextWriter output, CancellationToken cancel)
    {
        foreach ((string name, string value) in ServiceSettings.For(sandbox)) await output.WriteLineAsync($"{name}={value}");
        await output.WriteLineAsync("ready");
        await output.FlushAsync(cancel);
        await StayAsync(sandbox, cancel);
        return 0;
    }

    static async Task<int> PlayAsync(SandboxHost sandbox, ServiceProcess service, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
        await output.WriteLineAsync($"Sandbox  {sandbox.Url}  (contacts, inbox, shop; Web API, bus and mail): open it in a browser");
        await output.WriteLineAsync($"Service  {service.Url}");
        bool succeeded = true;
        if (!sandbox.Settings.NoDemo)
        {
            if (Demonstrations.Find() is { } demonstration) succeeded = await demonstration.PlayAsync(sandbox, output, cancel);
            else
            {
                await errors.WriteLineAsync("This build has no demonstration; start with --no-demo.");
                succeeded = false;
            }
        }
        if (sandbox.Settings.Exit) return succeeded ? 0 : 1;
        await output.WriteLineAsync("ready");
        await output.FlushAsync(cancel);
        await StayAsync(sandbox, cancel);
        return 0;

    }

    static async Task StayAsync(SandboxHost sandbox, CancellationToken cancel)
    {
        Task ended = sandbox.WaitForShutdownAsync();
        await Task.WhenAny(ended, Task.Delay(Timeout.Infinite, cancel));
    }

    static DateTimeOffset? ParseInstant(ArgumentResult result)
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (Instants.TryInstant(text, out DateTimeOffset instant)) return instant;
        result.AddError($"--clock: '{text}' is no RFC 3339 instant; write for example 2026-01-05T10:00:00Z.");
        return null;
    }
}
