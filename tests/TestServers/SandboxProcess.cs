using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Http;
using System.Net.Http.Json;
using System.Threading.Tasks;

namespace CrmBehavior.TestServers;

/// <summary>The sandbox as a process of its own, stand-ins only.</summary>
public sealed class SandboxProcess : IAsyncDisposable
{
    readonly string[] arguments;
    ProgramProcess program;

    SandboxProcess(ProgramProcess program, string folder, string[] arguments, Dictionary<string, string> settings)
    {
        this.program = program;
        this.arguments = arguments;
        Folder = folder;
        Settings = settings;
        Http = new HttpClient { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromMinutes(3) };
    }

    /// <summary>The settings that it printed, as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Its address.</summary>
    public string Url => Settings["Crm__Url"];

    /// <summary>Where it keeps everything.</summary>
    public string Folder { get; }

    /// <summary>A client of it, without a token.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts one on a free port, in a fresh folder.</summary>
    /// <param name="more">Further arguments, as <c>--clock</c>.</param>
    /// <returns>The sandbox, ready.</returns>
    /// <exception cref="InvalidOperationException">It did not start; the message has what it printed.</exception>
    public static async Task<SandboxProcess> StartAsync(params string[] more)
    {
        string folder = Directory.CreateTempSubdirectory("crmb-sandbox-").FullName;
        string[] arguments = ["--no-service", "--port", Text(FreePort.Next()), "--service-port", Text(FreePort.Next()), "--data", folder, .. more];
        ProgramProcess program = await RunAsync(arguments);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in program.Lines)
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) settings[line[..equals]] = line[(equals + 1)..];
        }
        return new SandboxProcess(program, folder, arguments, settings);
    }

    /// <summary>kill -9.</summary>
    /// <returns>When it is dead.</returns>
    public Task KillAsync() => program.KillAsync();

    /// <summary>Starts it again after its death, on the same port and files.</summary>
    /// <returns>When it is ready.</returns>
    public async Task StartAgainAsync()
    {
        await program.DisposeAsync();
        program = await RunAsync(arguments);
    }

    /// <summary>Moves the clock by a duration, as <c>24h</c>.</summary>
    /// <param name="by">The duration.</param>
    /// <returns>When the services that are alive know.</returns>
    public async Task AdvanceAsync(string by)
    {
        using HttpResponseMessage answer = await Http.PostAsJsonAsync("/sandbox/clock", new { advance = by });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Moves the clock to an instant.</summary>
    /// <param name="to">The instant, not before the clock's.</param>
    /// <returns>When the services that are alive know.</returns>
    public async Task AdvanceToAsync(DateTimeOffset to)
    {
        using HttpResponseMessage answer = await Http.PostAsJsonAsync("/sandbox/clock", new { to });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until all that is to be done has been done.</summary>
    /// <returns>When it has.</returns>
    /// <exception cref="InvalidOperationException">It did not come to rest; the message says what is left.</exception>
    public async Task SettleAsync()
    {
        using HttpResponseMessage answer = await Http.PostAsync("/sandbox/settle", null);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException("Not all came to rest: " + await answer.Content.ReadAsStringAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await program.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    static async Task<ProgramProcess> RunAsync(string[] arguments)
    {
        ProgramProcess program = ProgramProcess.Start(BuiltProgram.Find("tools/Sandbox", "CrmBehavior.Sandbox"), arguments);
        await program.WaitForLineAsync("ready", TimeSpan.FromMinutes(2));
        return program;
    }

    static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
