using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Dataverse.Errors;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>
/// Service protection limits, per user over a sliding window of sandbox time: requests, execution time, requests at once. Off until
/// switched on; the headers tell the rest in any case. Source: Microsoft's "Service protection API limits".
/// </summary>
internal sealed class ServiceProtection(SandboxClock clock)
{
    static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    readonly ConcurrentDictionary<Guid, Usage> usageByUser = new();

    /// <summary>Whether callers over a limit are refused.</summary>
    public bool IsOn { get; set; }

    /// <summary>Requests in the window.</summary>
    public int MaxRequests { get; set; } = 6000;

    /// <summary>Execution time in the window.</summary>
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromSeconds(1200);

    /// <summary>Requests at once.</summary>
    public int MaxConcurrent { get; set; } = 52;

    /// <summary>Lets requests in, or refuses with 429; dispose the entry when they are done.</summary>
    public Entry Enter(Guid user, int requests)
    {
        Usage usage = usageByUser.GetOrAdd(user, static _ => new Usage());
        lock (usage)
        {
            DateTime now = clock.UtcNow;
            usage.Forget(now - Window);
            if (IsOn)
            {
                if (usage.Running >= MaxConcurrent)
                    throw Refuse(ErrorCodes.ThrottledConcurrency, $"Number of concurrent requests exceeded the limit of {Text(MaxConcurrent)}.",
                        TimeSpan.FromSeconds(1));
                if (usage.Requests + requests > MaxRequests)
                    throw Refuse(ErrorCodes.Throttled, $"Number of requests exceeded the limit of {Text(MaxRequests)} over the time window of 300 seconds.",
                        usage.UntilFree(now, Window));
                if (usage.Time > MaxTime)
                    throw Refuse(ErrorCodes.ThrottledTime,
                        $"Combined execution time of incoming requests exceeded limit of {Text((int)MaxTime.TotalMilliseconds)} milliseconds over the time window of 300 seconds.", usage.UntilFree(now, Window));
            }
            usage.Running++;
            return new Entry(this, usage, now, requests, Math.Max(0, MaxRequests - usage.Requests - requests), MaxTime - usage.Time);
        }
    }

    /// <summary>Forgets what was used.</summary>
    public void Reset() => usageByUser.Clear();

    static DataverseException Refuse(string code, string message, TimeSpan wait) =>
        new(429, code, message) { RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) };

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What one user has used.</summary>
    public sealed class Usage
    {
        readonly Queue<(DateTime At, int Requests, TimeSpan Time)> used = new();

        public int Running { get; set; }

        public int Requests { get; private set; }

        public TimeSpan Time { get; private set; }

        public void Add(DateTime at, int requests, TimeSpan time)
        {
            used.Enqueue((at, requests, time));
            Requests += requests;
            Time += time;
        }

        public void Forget(DateTime before)
        {
            while (used.TryPeek(out var oldest) && oldest.At < before)
            {
                used.Dequeue();
                Requests -= oldest.Requests;
                Time -= oldest.Time;
            }
        }

        public TimeSpan UntilFree(DateTime now, TimeSpan window) => used.TryPeek(out var oldest) ? oldest.At + window - now : window;
    }

    /// <summary>Requests on their way.</summary>
    public readonly struct Entry(ServiceProtection owner, Usage usage, DateTime at, int requests, int requestsLeft, TimeSpan timeLeft) : IDisposable
    {
        readonly long started = TimeProvider.System.GetTimestamp();

        /// <summary>The headers that tell what is left.</summary>
        public IEnumerable<KeyValuePair<string, string>> Headers()
        {
            yield return new("x-ms-ratelimit-burst-remaining-xrm-requests", Text(requestsLeft));
            yield return new("x-ms-ratelimit-time-remaining-xrm-requests", timeLeft.TotalSeconds.ToString("#,0.00", CultureInfo.InvariantCulture));
            yield return new("x-ms-dop-hint", Text(Math.Max(1, Math.Min(8, owner.MaxConcurrent / 4))));
        }

        public void Dispose()
        {
            lock (usage)
            {
                usage.Running--;
                usage.Add(at, requests, TimeProvider.System.GetElapsedTime(started));
            }
        }
    }
}
