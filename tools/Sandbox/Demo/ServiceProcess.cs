using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Hosting;

namespace CrmBehavior.Sandbox.Demo;

/// <summary>The service as a process of its own, started with settings that lead it to this sandbox. It is never restarted, and stopped with the
/// sandbox.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    readonly Process process;

    ServiceProcess(Process process, string url)
    {
        this.process = process;
        Url = url;
    }

    /// <summary>Its address.</summary>
    public string Url { get; }

    /// <summary>Starts the service and waits until it is ready; a sentence when that cannot be.</summary>
    public static async Task<(ServiceProcess? Service, string? Problem)> StartAsync(SandboxHost sandbox, TextWriter output, CancellationToken cancel)
    {
        if (Repository.Root is not { } root) return (null, "The sandbox runs outside its checkout and cannot find the service; start with --no-service.");
        string project = Path.Combine(root, "service", "CrmBehavior.Service");
        if (!Directory.Exists(project) || Directory.GetFiles(project, "*.csproj").Length == 0)
            return (null, $"There is no service project in {Path.GetRelativePath(root, project)}; start with --no-service.");
        string url = ServiceSettings.ServiceUrl(sandbox.Settings);
        var start = new ProcessStartInfo(
            "dotnet")
        { UseShellExecute = false, WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true };
        if (BuiltService(project) is { } dll) start.ArgumentList.Add(dll);
        else foreach (string argument in (string[])["run", "--project", project, "--"]) start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(url);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        // What goes well is told by the demonstration; of the service only trouble is shown between its lines.
        start.Environment["Logging__LogLevel__Default"] = start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Warning";
        foreach ((string name, string value) in ServiceSettings.For(sandbox)) start.Environment[name] = value;
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The service could not be started.");
        process.OutputDataReceived += (_, line) => Tell(line.Data);
        process.ErrorDataReceived += (_, line) => Tell(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var service = new ServiceProcess(process, url);
        if (await service.ReadyAsync(cancel)) return (service, null);
        string problem = process.HasExited ? $"The service ended with code {process.ExitCode}."
            : $"The service was not ready after {StartLimit.TotalSeconds} s.";
        await service.DisposeAsync();
        return (null, problem);

        void Tell(string? line)
        {
            if (line is not null) output.WriteLine("  service | " + line);
        }
    }

    async Task<bool> ReadyAsync(CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        long started = Stopwatch.GetTimestamp();
        while (!process.HasExited && Stopwatch.GetElapsedTime(started) < StartLimit)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(Url + "/health/ready"), cancel);
                if (answer.IsSuccessStatusCode) return true;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && e is HttpRequestException or OperationCanceledException)
            {
                // Not listening yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
        }
        return false;
    }

    // The newest build; without one, dotnet run makes it.
    static string? BuiltService(string project)
    {
        string bin = Path.Combine(project, "bin");
        IEnumerable<string> built = Directory.Exists(bin)
            ? Directory.EnumerateFiles(bin, "CrmBehavior.Service.dll", SearchOption.AllDirectories)
                .Where(f => File.Exists(Path.ChangeExtension(f, ".runtimeconfig.json"))) : [];
        return built.OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault();
    }

    /// <summary>Stops it: first asked, then killed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            if (!OperatingSystem.IsWindows())
            {
                using var terminate = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
                try
                {
                    await process.WaitForExitAsync(patience.Token);
                }
                catch (OperationCanceledException)
                {
                    // It did not listen.
                }
            }
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }
}
