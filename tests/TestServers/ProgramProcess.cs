using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.TestServers;

/// <summary>A program of this repository as a process of its own, started as its users start it, so that it can be killed.</summary>
public sealed class ProgramProcess : IAsyncDisposable
{
    readonly Process process;
    readonly ConcurrentQueue<string> lines = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    ProgramProcess(Process process)
    {
        this.process = process;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ended.TrySetResult();
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.HasExited) ended.TrySetResult();
    }

    /// <summary>What it has printed so far, both streams.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>All it has printed, for messages.</summary>
    public string Output => string.Join(Environment.NewLine, lines);

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>How much of a processor it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="assembly">Its main assembly.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Variables that are added.</param>
    /// <returns>The process, running.</returns>
    public static ProgramProcess Start(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(assembly);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new ProgramProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it has printed a line.</summary>
    /// <param name="line">The whole line.</param>
    /// <param name="patience">How long.</param>
    /// <returns>When it has.</returns>
    /// <exception cref="InvalidOperationException">It ended before, or the time was over; the message has what it printed.</exception>
    public async Task WaitForLineAsync(string line, TimeSpan patience)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            foreach (string printed in lines)
            {
                if (printed == line) return;
            }
            if (HasEnded || Stopwatch.GetElapsedTime(started) > patience) throw new InvalidOperationException($"The program did not print '{line}'. It printed: {Output}");
            await Task.WhenAny(ended.Task, Task.Delay(20));
        }
    }

    /// <summary>Waits until it ends.</summary>
    /// <param name="patience">How long.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">The time was over.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("The program did not end. It printed: " + Output);
        }
        return process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    /// <returns>When it is dead.</returns>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Sends a signal, as <c>STOP</c>, <c>CONT</c> or <c>TERM</c>.</summary>
    /// <param name="signal">Its name.</param>
    /// <returns>When it is sent.</returns>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    void Take(string? line)
    {
        if (line != null) lines.Enqueue(line);
    }
}
