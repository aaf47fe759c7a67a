using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Identify;
using CrmBehavior.Pipeline.Ports;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>A call as it came, to be read again when the CRM can be asked whose it is.</summary>
/// <param name="Call">The call's object.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Key">Which key it came by.</param>
/// <param name="SentAt">When the sender sent it, or null.</param>
/// <param name="ReceivedAt">When it was accepted.</param>
/// <param name="Context">Context of the whole batch, or undefined.</param>
/// <param name="Id">The id that was made for it where the sender gave none, so that it has one only; or null.</param>
public sealed record RawCall(JsonElement Call, string? Type, WriteKey Key, long? SentAt, long ReceivedAt, JsonElement? Context, string? Id = null);

/// <summary>
/// Takes tracking calls in: says whose each is, and has them stored before they are acknowledged. While the CRM cannot be asked, calls of
/// people it alone knows are kept and taken in later, in order; what comes after a call that waits, waits behind it, whatever process
/// takes it.
/// </summary>
public sealed class TrackingIntake(TrackingReader reader, IdentityResolver resolver, EventQueue queue, IServiceStore store, ILogger<TrackingIntake> log)
{
    /// <summary>Name of this door among inputs that are set aside.</summary>
    public const string Door = "track";

    /// <summary>So many people in a row about whom the CRM fails: it is really away.</summary>
    const int Patience = 3;

    /// <summary>The most that is remembered of who was tried in vain.</summary>
    const int MostTried = 1000;

    readonly WaitingCalls waiting = new(store);

    /// <summary>Who was tried in vain in rounds that were broken off: the next goes on with others, until all have had their turn.</summary>
    readonly HashSet<string> tried = new(StringComparer.Ordinal);

    /// <summary>Takes calls in that belong together; they count as arrived in order of time.</summary>
    /// <param name="calls">The calls as they came, with what was read of them.</param>
    /// <param name="cancellation">Gives up waiting; they may be taken in all the same.</param>
    /// <returns>When all are durable.</returns>
    /// <exception cref="QueueFullException">There is no room.</exception>
    public async Task AcceptAsync(IReadOnlyList<(RawCall Raw, TrackingCall Call)> calls, CancellationToken cancellation)
    {
        (RawCall Raw, TrackingCall Call, IReadOnlyList<string> Subjects)[] ordered = [.. calls.OrderBy(c => c.Call.At).Select(c => (c.Raw, c.Call, WaitingCalls.SubjectsOf(c.Call)))];
        HashSet<string> behind = [.. await waiting.FindAsync([.. ordered.SelectMany(c => c.Subjects)], cancellation)];
        Task<IReadOnlyList<AcceptedEvent>?>[] resolved = [.. ordered.Select(c => c.Subjects.Any(behind.Contains) ? Task.FromResult<IReadOnlyList<AcceptedEvent>?>(null) : TryResolveAsync(c.Call, cancellation))];
        await Task.WhenAll(resolved);
        var later = new List<(IReadOnlyList<string>, byte[])>();
        var now = new List<AcceptedEvent>();
        for (int i = 0; i < ordered.Length; i++)
        {
            (RawCall raw, TrackingCall call, IReadOnlyList<string> subjects) = ordered[i];
            if (await resolved[i] is { } events && !subjects.Any(behind.Contains)) now.AddRange(events);
            else
            {
                later.Add((subjects, JsonSerializer.SerializeToUtf8Bytes(raw with { Id = call.Id })));
                behind.UnionWith(subjects);
            }
        }
        // Those that need not wait are durable first: once the others are kept, any process may take them in.
        await waiting.KeepAsync(later, () => Task.WhenAll(now.GroupBy(e => e.Lane).Select(lane => queue.AddAsync([.. lane], cancellation))), cancellation);
    }

    /// <summary>
    /// Tries once to take in calls that wait for the CRM, oldest first. A call about which the CRM fails holds up what comes after it of the
    /// same person only; one round at a time.
    /// </summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>How many were taken in; 0 when none waits or the CRM is still away.</returns>
    public async Task<int> RetryAsync(int most, CancellationToken cancellation)
    {
        int taken = 0, failures = 0;
        long after = 0;
        HashSet<string> behind = new(tried, StringComparer.Ordinal);
        while (taken < most)
        {
            IReadOnlyList<(long Number, string Subject, byte[] Call)> kept = await store.ReadUnresolvedAsync(after, most - taken, cancellation);
            if (kept.Count == 0)
            {
                tried.Clear();
                return taken;
            }
            foreach ((long number, string subject, byte[] bytes) in kept)
            {
                after = number;
                string[] subjects = [subject, .. ReadKept(bytes).Call is { } call ? WaitingCalls.SubjectsOf(call) : []];
                bool isBehind = subjects.Any(behind.Contains);
                if (!isBehind && await TryTakeKeptAsync(number, bytes, cancellation))
                {
                    taken++;
                    failures = 0;
                    continue;
                }
                behind.UnionWith(subjects);
                if (isBehind) continue;
                if (tried.Count >= MostTried) tried.Clear();
                tried.UnionWith(subjects);
                if (++failures == Patience) return taken;
            }
        }
        return taken;
    }

    /// <summary>Takes in a call as it was kept, or set aside; one that was taken in before is known by its id.</summary>
    /// <param name="kept">A <see cref="RawCall"/> as JSON.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Null when it is durable, else why it cannot be taken in.</returns>
    /// <exception cref="CrmException">The CRM cannot be asked at present; later it may.</exception>
    /// <exception cref="QueueFullException">There is no room.</exception>
    public async Task<string?> TakeKeptAsync(byte[] kept, CancellationToken cancellation)
    {
        (TrackingCall? call, string? problem) = ReadKept(kept);
        if (call == null) return problem;
        try
        {
            foreach (IGrouping<Lane, AcceptedEvent> lane in (await resolver.ResolveAsync(call, cancellation)).GroupBy(e => e.Lane)) await queue.AddAsync([.. lane], cancellation);
            return null;
        }
        catch (CrmException e) when (!e.IsTransient)
        {
            return e.Message;
        }
    }

    /// <returns>False when the CRM fails about it.</returns>
    async Task<bool> TryTakeKeptAsync(long number, byte[] kept, CancellationToken cancellation)
    {
        try
        {
            if (await TakeKeptAsync(kept, cancellation) is { } problem) await store.ParkInputAsync(Door, problem, kept, ReceivedAt(kept), cancellation);
        }
        catch (CrmException)
        {
            return false;
        }
        // Only now may calls of the same person pass again: what was kept is durable.
        await store.RemoveUnresolvedAsync([number], cancellation);
        return true;
    }

    /// <summary>A call as it was kept, or why it cannot be read.</summary>
    (TrackingCall? Call, string? Problem) ReadKept(byte[] kept)
    {
        try
        {
            RawCall raw = JsonSerializer.Deserialize<RawCall>(kept) ?? throw new JsonException("the call is empty");
            (TrackingCall? call, CallProblem? problem) = reader.Read(raw.Call, raw.Type, raw.Key, raw.SentAt, raw.ReceivedAt, raw.Context ?? default);
            return call == null ? (null, problem!.ToString()) : (call with { Id = raw.Id ?? call.Id }, null);
        }
        catch (JsonException e)
        {
            return (null, $"the call as it was kept cannot be read: {e.Message}");
        }
    }

    /// <summary>When it was received; 0 for what cannot be read.</summary>
    static long ReceivedAt(byte[] kept)
    {
        try
        {
            return JsonSerializer.Deserialize<RawCall>(kept)?.ReceivedAt ?? 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    async Task<IReadOnlyList<AcceptedEvent>?> TryResolveAsync(TrackingCall call, CancellationToken cancellation)
    {
        try
        {
            return await resolver.ResolveAsync(call, cancellation);
        }
        catch (CrmException e)
        {
            log.IdentityWaits(e.Message, 1);
            return null;
        }
    }
}
