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
public sealed record RawCall(JsonElement Call, string? Type, WriteKey Key, long? SentAt, long ReceivedAt, JsonElement? Context);

/// <summary>
/// Takes tracking calls in: says whose each is, and has them stored before they are acknowledged. While the CRM cannot be asked, calls of
/// people it alone knows are kept and taken in later, in order.
/// </summary>
public sealed class TrackingIntake(TrackingReader reader, IdentityResolver resolver, EventQueue queue, IServiceStore store, ILogger<TrackingIntake> log)
{
    /// <summary>Name of this door among inputs that are set aside.</summary>
    public const string Door = "track";

    readonly Dictionary<string, Wait> waiting = new(StringComparer.Ordinal);
    long keepings;
    bool isWaitingKnown;

    /// <summary>Calls that wait for the CRM, as far as this process knows.</summary>
    public int Waiting
    {
        get
        {
            lock (waiting) return waiting.Count;
        }
    }

    /// <summary>Takes calls in that belong together; they count as arrived in order of time.</summary>
    /// <param name="calls">The calls as they came, with what was read of them.</param>
    /// <param name="cancellation">Gives up waiting; they may be taken in all the same.</param>
    /// <returns>When all are durable.</returns>
    /// <exception cref="QueueFullException">There is no room.</exception>
    public async Task AcceptAsync(IReadOnlyList<(RawCall Raw, TrackingCall Call)> calls, CancellationToken cancellation)
    {
        await KnowWaitingAsync(cancellation);
        (RawCall Raw, TrackingCall Call)[] ordered = [.. calls.OrderBy(c => c.Call.At)];
        Task<IReadOnlyList<AcceptedEvent>?>[] resolved = [.. ordered.Select(c => TryResolveAsync(c.Call, cancellation))];
        await Task.WhenAll(resolved);
        var later = new List<(string, byte[])>();
        var now = new List<AcceptedEvent>();
        for (int i = 0; i < ordered.Length; i++)
        {
            if (await resolved[i] is { } events) now.AddRange(events);
            else later.Add((SubjectOf(ordered[i].Call), JsonSerializer.SerializeToUtf8Bytes(ordered[i].Raw)));
        }
        if (later.Count > 0) await KeepAsync(later, cancellation);
        await Task.WhenAll(now.GroupBy(e => e.Lane).Select(lane => queue.AddAsync([.. lane], cancellation)));
    }

    /// <summary>Tries once to take in calls that wait for the CRM, oldest first.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>How many were taken in; 0 when none waits or the CRM is still away.</returns>
    public async Task<int> RetryAsync(int most, CancellationToken cancellation)
    {
        long began;
        lock (waiting) began = keepings;
        IReadOnlyList<(long Number, string Subject, byte[] Call)> kept = await store.ReadUnresolvedAsync(most, cancellation);
        bool areAll = kept.Count < most;
        int taken = 0;
        foreach ((long number, string subject, byte[] bytes) in kept)
        {
            try
            {
                if (await TakeKeptAsync(bytes, cancellation) is { } problem) await store.ParkInputAsync(Door, problem, bytes, ReceivedAt(bytes), cancellation);
            }
            catch (CrmException)
            {
                break;
            }
            await store.RemoveUnresolvedAsync([number], cancellation);
            if (areAll && !kept.Any(k => k.Subject == subject && k.Number > number)) Forget(subject, began);
            taken++;
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
        try
        {
            RawCall raw = JsonSerializer.Deserialize<RawCall>(kept) ?? throw new JsonException("the call is empty");
            (TrackingCall? call, CallProblem? problem) = reader.Read(raw.Call, raw.Type, raw.Key, raw.SentAt, raw.ReceivedAt, raw.Context ?? default);
            if (call == null) return problem!.ToString();
            foreach (IGrouping<Lane, AcceptedEvent> lane in (await resolver.ResolveAsync(call, cancellation)).GroupBy(e => e.Lane)) await queue.AddAsync([.. lane], cancellation);
            return null;
        }
        catch (JsonException e)
        {
            return $"the call as it was kept cannot be read: {e.Message}";
        }
        catch (CrmException e) when (!e.IsTransient)
        {
            return e.Message;
        }
    }

    static long ReceivedAt(byte[] kept) => JsonSerializer.Deserialize<RawCall>(kept)!.ReceivedAt;

    async Task<IReadOnlyList<AcceptedEvent>?> TryResolveAsync(TrackingCall call, CancellationToken cancellation)
    {
        // What comes after a call that waits, waits behind it: order of arrival holds for each person.
        lock (waiting)
        {
            if (waiting.ContainsKey(SubjectOf(call))) return null;
        }
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

    async Task KeepAsync(List<(string Subject, byte[] Call)> calls, CancellationToken cancellation)
    {
        string[] subjects = [.. calls.Select(c => c.Subject).Distinct(StringComparer.Ordinal)];
        lock (waiting)
        {
            foreach (string subject in subjects) WaitOf(subject).UnderWay++;
        }
        try
        {
            await store.AddUnresolvedAsync(calls, cancellation);
        }
        finally
        {
            lock (waiting)
            {
                keepings++;
                foreach (string subject in subjects)
                {
                    Wait wait = WaitOf(subject);
                    wait.UnderWay--;
                    wait.Latest = keepings;
                }
            }
        }
    }

    Wait WaitOf(string subject)
    {
        if (!waiting.TryGetValue(subject, out Wait? wait)) waiting.Add(subject, wait = new Wait());
        return wait;
    }

    /// <summary>Nobody waits behind a subject any more, unless a call of his was kept since what is there was read.</summary>
    void Forget(string subject, long began)
    {
        lock (waiting)
        {
            if (waiting.TryGetValue(subject, out Wait? wait) && wait.UnderWay == 0 && wait.Latest <= began) waiting.Remove(subject);
        }
    }

    async Task KnowWaitingAsync(CancellationToken cancellation)
    {
        if (isWaitingKnown) return;
        IReadOnlyList<(long Number, string Subject, byte[] Call)> kept = await store.ReadUnresolvedAsync(int.MaxValue, cancellation);
        lock (waiting)
        {
            foreach ((_, string subject, _) in kept) WaitOf(subject);
        }
        isWaitingKnown = true;
    }

    /// <summary>Calls of a subject that wait.</summary>
    sealed class Wait
    {
        /// <summary>How many are being kept just now.</summary>
        public int UnderWay { get; set; }

        /// <summary>The number of the keeping that kept the latest.</summary>
        public long Latest { get; set; }
    }

    static string SubjectOf(TrackingCall call) => (call.Email ?? call.UserId ?? call.AnonymousId ?? "").ToLowerInvariant();
}
