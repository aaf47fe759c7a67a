using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading.Tasks;

namespace CrmBehavior.TestServers;

/// <summary>The service as a process of its own, led to a sandbox by settings alone.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    readonly Dictionary<string, string> settings;
    readonly string assembly;
    ProgramProcess program;

    ServiceProcess(ProgramProcess program, Dictionary<string, string> settings, string url, string assembly)
    {
        this.assembly = assembly;
        this.program = program;
        this.settings = settings;
        Url = url;
        Http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>Its address.</summary>
    public string Url { get; }

    /// <summary>A client of it.</summary>
    public HttpClient Http { get; }

    /// <summary>What it has printed.</summary>
    public string Output => program.Output;

    /// <summary>The process itself, to be stopped or killed.</summary>
    public ProgramProcess Program => program;

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="sandbox">The sandbox it talks to.</param>
    /// <param name="more">Settings beside the sandbox's, as environment variables.</param>
    /// <param name="url">Its address; null takes that which the sandbox reserved.</param>
    /// <param name="assembly">The program's main assembly; null for the service itself.</param>
    /// <returns>The service, ready.</returns>
    /// <exception cref="InvalidOperationException">It did not start; the message has what it printed.</exception>
    public static async Task<ServiceProcess> StartAsync(SandboxProcess sandbox, IReadOnlyDictionary<string, string>? more = null, string? url = null, string? assembly = null)
    {
        var settings = new Dictionary<string, string>(sandbox.Settings, StringComparer.Ordinal) { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        foreach ((string name, string value) in more ?? new Dictionary<string, string>()) settings[name] = value;
        url ??= settings["Service__PublicUrl"];
        assembly ??= BuiltProgram.Find("service/CrmBehavior.Service", "CrmBehavior.Service");
        var service = new ServiceProcess(Run(assembly, settings, url), settings, url, assembly);
        await service.WaitUntilReadyAsync();
        return service;
    }

    /// <summary>kill -9.</summary>
    /// <returns>When it is dead.</returns>
    public Task KillAsync() => program.KillAsync();

    /// <summary>Starts it again after its death.</summary>
    /// <param name="more">Settings that are other ones from now on.</param>
    /// <param name="isExpectedReady">Whether to wait until it is ready; false for one that may die before.</param>
    /// <returns>When it is ready.</returns>
    public async Task StartAgainAsync(IReadOnlyDictionary<string, string>? more = null, bool isExpectedReady = true)
    {
        await program.DisposeAsync();
        foreach ((string name, string value) in more ?? new Dictionary<string, string>()) settings[name] = value;
        program = Run(assembly, settings, Url);
        if (isExpectedReady) await WaitUntilReadyAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await program.DisposeAsync();
    }

    static ProgramProcess Run(string assembly, Dictionary<string, string> settings, string url) => ProgramProcess.Start(assembly, ["--urls", url], settings);

    async Task WaitUntilReadyAsync()
    {
        for (DateTime end = DateTime.UtcNow.AddMinutes(2); DateTime.UtcNow < end; await Task.Delay(50))
        {
            if (program.HasEnded) throw new InvalidOperationException("The service ended: " + Output);
            try
            {
                using HttpResponseMessage answer = await Http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
        throw new InvalidOperationException("The service was not ready in time: " + Output);
    }
}
