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
/// one that cannot be reached three times in a row is dropped.
/// </summary>
internal sealed class ServiceRegistry : IDisposable
{
    const string SettingName = "services";
    const int MaxFailures = 3;

    /// <summary>Settling asks many times a second; a service that is being started again must not be dropped meanwhile.</summary>
    static readonly TimeSpan BetweenFailures = TimeSpan.FromSeconds(2);

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
        foreach (string url in (journal.Setting(SettingName) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)) reachByUrl[url] = new Reach(0, 0);
    }

    /// <summary>Base addresses without a trailing slash, in the order they registered.</summary>
    public IReadOnlyList<string> Urls
    {
        get { lock (gate) return [.. reachByUrl.Keys]; }
    }

    /// <summary>Takes a service in; a second time renews it.</summary>
    public void Add(Uri url)
    {
        lock (gate)
        {
            reachByUrl[url.AbsoluteUri.TrimEnd('/')] = new Reach(0, 0);
            Keep();
        }
    }

    /// <summary>Tells every service the time and waits until each has taken it.</summary>
    public Task PushClockAsync(CancellationToken cancel) => EachAsync(async url =>
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(url + "/sandbox/clock", new { now = Instants.Write(clock.GetUtcNow()) }, cancel);
        answer.EnsureSuccessStatusCode();
    }, TimeSpan.Zero, null, cancel);

    /// <summary>What the services still have to do, by words that name the service when there are several.</summary>
    public async Task<IReadOnlyList<PendingWork>> PendingAsync(CancellationToken cancel)
    {
        var all = new List<PendingWork>();
        IReadOnlyList<string> urls = Urls;
        await EachAsync(async url =>
        {
            using JsonDocument answer = JsonDocument.Parse(await http.GetByteArrayAsync(url + "/sandbox/pending", cancel));
            foreach (JsonElement item in answer.RootElement.GetProperty("pending").EnumerateArray())
            {
                string what = item.GetProperty("what").GetString() ?? "";
                lock (all) all.Add(new PendingWork(urls.Count > 1 ? url + " " + what : what, item.GetProperty("count").GetInt64()));
            }
        }, BetweenFailures, url =>
        {
            lock (all) all.Add(new PendingWork(url + " does not answer", 1));
        }, cancel);
        return [.. all.Where(w => w.Count > 0).OrderBy(w => w.What, StringComparer.Ordinal)];
    }

    async Task EachAsync(Func<string, Task> ask, TimeSpan betweenFailures, Action<string>? failed, CancellationToken cancel)
    {
        await Task.WhenAll(Urls.Select(async url =>
        {
            try
            {
                await ask(url);
                Count(url, reached: true, betweenFailures);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested
                && e is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException or InvalidOperationException)
            {
                Count(url, reached: false, betweenFailures);
                failed?.Invoke(url);
            }
        }));
    }

    void Count(string url, bool reached, TimeSpan betweenFailures)
    {
        lock (gate)
        {
            if (!reachByUrl.TryGetValue(url, out Reach reach)) return;
            long now = TimeProvider.System.GetTimestamp();
            if (reached) reachByUrl[url] = new Reach(0, 0);
            else if (reach.Failures > 0 && TimeProvider.System.GetElapsedTime(reach.LastFailure, now) < betweenFailures) return;
            else if (reach.Failures + 1 < MaxFailures) reachByUrl[url] = new Reach(reach.Failures + 1, now);
            else
            {
                reachByUrl.Remove(url);
                Keep();
            }
        }
    }

    void Keep() => journal.SetSetting(SettingName, string.Join('\n', reachByUrl.Keys));

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    readonly record struct Reach(int Failures, long LastFailure);
}

/// <summary>One kind of unfinished work, in words, and how much of it there is.</summary>
internal sealed record PendingWork(string What, long Count);
