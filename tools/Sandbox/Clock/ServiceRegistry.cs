using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Storage;

namespace CrmBehavior.Sandbox.Clock;

/// <summary>
/// The service processes that asked to share this sandbox's clock. They are told of each move and asked what they still have to do;
/// one that cannot be reached three times in a row is away: nobody waits for it any longer, but it is asked again, and is back when it answers.
/// </summary>
internal sealed class ServiceRegistry : IDisposable
{
    const string SettingName = "services";
    const string AwaySettingName = "services.away";
    const int MaxFailures = 3;

    /// <summary>Addresses of dead processes would pile up in a folder that is kept.</summary>
    const int MostAway = 8;

    /// <summary>Settling asks many times a second; a service that is being started again must not be dropped meanwhile.</summary>
    static readonly TimeSpan BetweenFailures = TimeSpan.FromSeconds(2);

    /// <summary>How long one that is away may take to answer; nobody should wait long for a process that hangs.</summary>
    static readonly TimeSpan PatienceWithAway = TimeSpan.FromSeconds(5);

    readonly Journal journal;
    readonly SandboxClock clock;
    readonly HttpClient http;
    readonly Lock gate = new();
    readonly Dictionary<string, Reach> reachByUrl = new(StringComparer.Ordinal);

    public ServiceRegistry(Journal journal, SandboxClock clock)
    {
        this.journal = journal;
        this.clock = clock;
        http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        foreach (string url in Kept(SettingName)) reachByUrl[url] = new Reach(0, 0, IsAway: false);
        foreach (string url in Kept(AwaySettingName)) reachByUrl[url] = new Reach(0, 0, IsAway: true);
    }

    /// <summary>Base addresses without a trailing slash, in the order they registered; without those that are away.</summary>
    public IReadOnlyList<string> Urls
    {
        get { lock (gate) return Where(isAway: false); }
    }

    /// <summary>Takes a service in; a second time renews it.</summary>
    public void Add(Uri url)
    {
        lock (gate)
        {
            reachByUrl[url.AbsoluteUri.TrimEnd('/')] = new Reach(0, 0, IsAway: false);
            Keep();
        }
    }

    /// <summary>Tells every service the time and waits until each has taken it.</summary>
    public async Task PushClockAsync(CancellationToken cancel)
    {
        (IReadOnlyList<string> present, IReadOnlyList<string> away) = Split();
        await Task.WhenAll(
            Task.WhenAll(present.Select(url => AskAsync(url, TellTimeAsync, TimeSpan.Zero, null, cancel))),
            Task.WhenAll(away.Select(url => AskAgainAsync(url, TellTimeAsync, cancel))));
    }

    /// <summary>What the services still have to do, by words that name the service when there are several.</summary>
    public async Task<IReadOnlyList<PendingWork>> PendingAsync(CancellationToken cancel)
    {
        var all = new List<(string Url, PendingWork Work)>();
        async Task CollectAsync(string url, CancellationToken stop)
        {
            IReadOnlyList<PendingWork> left = await ReadPendingAsync(url, stop);
            lock (all) all.AddRange(left.Select(w => (url, w)));
        }

        (IReadOnlyList<string> present, IReadOnlyList<string> away) = Split();
        await Task.WhenAll(
            Task.WhenAll(present.Select(url => AskAsync(url, CollectAsync, BetweenFailures, () =>
            {
                lock (all) all.Add(("", new PendingWork(url + " does not answer", 1)));
            }, cancel))),
            Task.WhenAll(away.Select(url => AskAgainAsync(url, async (back, stop) =>
            {
                // It has missed the moves of the clock that were made meanwhile.
                await TellTimeAsync(back, stop);
                await CollectAsync(back, stop);
            }, cancel))));
        bool areSeveral = all.Select(a => a.Url).Concat(present).Where(u => u.Length > 0).Distinct().Count() > 1;
        return [.. all.Select(a => areSeveral && a.Url.Length > 0 ? a.Work with { What = a.Url + " " + a.Work.What } : a.Work)
            .Where(w => w.Count > 0).OrderBy(w => w.What, StringComparer.Ordinal)];
    }

    async Task TellTimeAsync(string url, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(url + "/sandbox/clock", new { now = Instants.Write(clock.GetUtcNow()) }, cancel);
        answer.EnsureSuccessStatusCode();
    }

    async Task<IReadOnlyList<PendingWork>> ReadPendingAsync(string url, CancellationToken cancel)
    {
        using JsonDocument answer = JsonDocument.Parse(await http.GetByteArrayAsync(url + "/sandbox/pending", cancel));
        return [.. answer.RootElement.GetProperty("pending").EnumerateArray().Select(item => new PendingWork(item.GetProperty("what").GetString() ?? "", item.GetProperty("count").GetInt64()))];
    }

    async Task AskAsync(string url, Func<string, CancellationToken, Task> ask, TimeSpan betweenFailures, Action? failed, CancellationToken cancel)
    {
        try
        {
            await ask(url, cancel);
            Count(url, reached: true, betweenFailures);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && IsNoAnswer(e))
        {
            Count(url, reached: false, betweenFailures);
            failed?.Invoke();
        }
    }

    async Task AskAgainAsync(string url, Func<string, CancellationToken, Task> ask, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(PatienceWithAway);
        try
        {
            await ask(url, patience.Token);
            Count(url, reached: true, TimeSpan.Zero);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && IsNoAnswer(e))
        {
            // Still away.
        }
    }

    static bool IsNoAnswer(Exception e) => e is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException or InvalidOperationException;

    void Count(string url, bool reached, TimeSpan betweenFailures)
    {
        lock (gate)
        {
            if (!reachByUrl.TryGetValue(url, out Reach reach)) return;
            long now = TimeProvider.System.GetTimestamp();
            if (reached)
            {
                reachByUrl[url] = new Reach(0, 0, IsAway: false);
                if (reach.IsAway) Keep();
            }
            else if (reach.IsAway || (reach.Failures > 0 && TimeProvider.System.GetElapsedTime(reach.LastFailure, now) < betweenFailures)) return;
            else if (reach.Failures + 1 < MaxFailures) reachByUrl[url] = new Reach(reach.Failures + 1, now, IsAway: false);
            else Leave(url, now);
        }
    }

    void Leave(string url, long now)
    {
        reachByUrl[url] = new Reach(0, now, IsAway: true);
        foreach (string longest in Where(isAway: true).OrderByDescending(u => reachByUrl[u].LastFailure).Skip(MostAway)) reachByUrl.Remove(longest);
        Keep();
    }

    (IReadOnlyList<string> Present, IReadOnlyList<string> Away) Split()
    {
        lock (gate) return (Where(isAway: false), Where(isAway: true));
    }

    List<string> Where(bool isAway) => [.. reachByUrl.Where(r => r.Value.IsAway == isAway).Select(r => r.Key)];

    string[] Kept(string setting) => (journal.Setting(setting) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    void Keep()
    {
        journal.SetSetting(SettingName, string.Join('\n', Where(isAway: false)));
        journal.SetSetting(AwaySettingName, string.Join('\n', Where(isAway: true)));
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    readonly record struct Reach(int Failures, long LastFailure, bool IsAway);
}

/// <summary>One kind of unfinished work, in words, and how much of it there is.</summary>
internal sealed record PendingWork(string What, long Count);
