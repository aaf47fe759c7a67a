using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Clock;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>
/// One queue, or the dead-letter queue of one: messages in order of sequence number, locks that run out in real time (a move of the
/// sandbox clock ends none), long polls served first come first.
/// </summary>
internal sealed class MessageQueue : IDisposable
{
    readonly Lock gate = new();
    readonly MessageJournal journal;
    readonly SandboxClock clock;
    readonly MessageQueue? deadLetters;
    readonly SortedDictionary<long, BusMessage> available = [];
    readonly PriorityQueue<BusMessage, DateTime> scheduled = new();
    readonly Dictionary<Guid, Hold> heldByToken = [];
    readonly LinkedList<Waiter> waiters = new();
    readonly Dictionary<string, DateTime> seenIds = new(StringComparer.Ordinal);
    readonly Timer timer;
    long nextSequence;

    public MessageQueue(string name, QueueDescription description, long nextSequence, MessageJournal journal, SandboxClock clock, MessageQueue? deadLetters)
    {
        Name = name;
        Description = description;
        this.nextSequence = nextSequence;
        this.journal = journal;
        this.clock = clock;
        this.deadLetters = deadLetters;
        timer = new Timer(_ => Wake());
        foreach (BusMessage message in journal.Messages(name, IsDeadLetter)) Place(message);
    }

    public string Name { get; }

    public QueueDescription Description { get; set; }

    public bool IsDeadLetter => deadLetters is null;

    /// <summary>Decides whether a completed message comes back once more (a fault); set by the bus.</summary>
    public Func<bool> BringBack { get; set; } = static () => false;

    /// <summary>Counts as of now.</summary>
    public (int Active, int Locked, int Scheduled) Counts
    {
        get
        {
            lock (gate)
            {
                ReleaseDue();
                return (available.Count, heldByToken.Count, scheduled.Count);
            }
        }
    }

    /// <summary>Takes messages in; all or none. One whose id was seen within the window of duplicate detection is accepted and dropped.</summary>
    public void Send(IReadOnlyList<BusMessage> messages)
    {
        lock (gate)
        {
            DateTime now = clock.UtcNow;
            var kept = messages.Where(m => !IsDuplicate(m, now)).ToList();
            foreach (BusMessage message in kept)
            {
                message.Sequence = nextSequence++;
                message.EnqueuedAt = message.ScheduledAt > now ? message.ScheduledAt.Value : now;
                TimeSpan? life = message.TimeToLive is { } asked && (Description.TimeToLive is not { } longest || asked < longest) ? asked
                    : Description.TimeToLive;
                if (life is { } length && length < TimeSpan.FromDays(36500)) message.ExpiresAt = TimeProvider.System.GetUtcNow().UtcDateTime + length;
            }
            journal.Add(Name, IsDeadLetter, kept);
            foreach (BusMessage message in kept) Place(message);
            Pump();
        }
    }

    /// <summary>Hands out the next message, waiting for one up to the time-out (real time); null when none came.</summary>
    public async Task<Delivery?> ReceiveAsync(bool peekLock, TimeSpan timeout, CancellationToken cancel)
    {
        Waiter waiter;
        lock (gate)
        {
            ReleaseDue();
            if (waiters.Count == 0 && Take(peekLock) is { } delivery) return delivery;
            if (timeout <= TimeSpan.Zero) return null;
            waiter = new Waiter(peekLock);
            waiters.AddLast(waiter);
            Pump();
        }
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        over.CancelAfter(timeout);
        await using CancellationTokenRegistration registration = over.Token.Register(() =>
        {
            lock (gate) waiters.Remove(waiter);
            waiter.Answer.TrySetResult(null);
        });
        return await waiter.Answer.Task;
    }

    /// <summary>Removes a locked message; false when the lock is not, or no longer, held.</summary>
    public bool Complete(string messageIdOrSequence, Guid token)
    {
        lock (gate)
        {
            if (Held(messageIdOrSequence, token) is not { } message) return false;
            heldByToken.Remove(token);
            if (!message.BroughtBack && BringBack())
            {
                message.BroughtBack = true;
                journal.Rewrite(message, IsDeadLetter);
                PutBack(message);
            }
            else
            {
                journal.Remove(message);
            }
            return true;
        }
    }

    /// <summary>Gives a locked message back; false when the lock is not, or no longer, held.</summary>
    public bool Abandon(string messageIdOrSequence, Guid token)
    {
        lock (gate)
        {
            if (Held(messageIdOrSequence, token) is not { } message) return false;
            heldByToken.Remove(token);
            PutBack(message);
            return true;
        }
    }

    /// <summary>Locks for the full duration again; answers the new end (sandbox time), or null when the lock is not, or no longer, held.</summary>
    public DateTime? Renew(string messageIdOrSequence, Guid token)
    {
        lock (gate)
        {
            if (Held(messageIdOrSequence, token) is not { } message) return null;
            heldByToken[token] = new Hold(message, LockEnd());
            Arm();
            return clock.UtcNow + Description.LockDuration;
        }
    }

    /// <summary>Messages waiting, in order, from a sequence number on; nothing is locked or counted.</summary>
    public IReadOnlyList<BusMessage> Browse(long afterSequence, int count)
    {
        lock (gate) return [.. available.Values.Where(m => m.Sequence > afterSequence).Take(count)];
    }

    /// <summary>Looks at the times again, after the clock was moved or a lock has run out.</summary>
    public void Wake()
    {
        lock (gate)
        {
            ReleaseDue();
            Pump();
            Arm();
        }
    }

    BusMessage? Held(string messageIdOrSequence, Guid token)
    {
        ReleaseDue();
        if (!heldByToken.TryGetValue(token, out Hold held)) return null;
        BusMessage message = held.Message;
        return message.MessageId.Equals(messageIdOrSequence, StringComparison.OrdinalIgnoreCase)
            || messageIdOrSequence == message.Sequence.ToString(CultureInfo.InvariantCulture) ? message : null;
    }

    void Place(BusMessage message)
    {
        nextSequence = Math.Max(nextSequence, message.Sequence + 1);
        if (!IsDeadLetter && message.ScheduledAt > clock.UtcNow) scheduled.Enqueue(message, message.ScheduledAt.Value);
        else available.Add(message.Sequence, message);
        Arm();
    }

    void Pump()
    {
        while (waiters.First is { } first && Take(first.Value.PeekLock) is { } delivery)
        {
            waiters.RemoveFirst();
            first.Value.Answer.TrySetResult(delivery);
        }
    }

    Delivery? Take(bool peekLock)
    {
        while (available.Count > 0)
        {
            BusMessage message = available.First().Value;
            available.Remove(message.Sequence);
            if (!IsDeadLetter && message.ExpiresAt <= TimeProvider.System.GetUtcNow().UtcDateTime)
            {
                if (Description.DeadLetterOnExpiry) Bury(message, "TTLExpiredException", "The message expired and was dead lettered.");
                else journal.Remove(message);
                continue;
            }
            message.Deliveries++;
            if (!peekLock)
            {
                journal.Remove(message);
                return new Delivery(message, null, null);
            }
            journal.CountDelivery(message);
            var token = Guid.NewGuid();
            heldByToken.Add(token, new Hold(message, LockEnd()));
            Arm();
            return new Delivery(message, token, clock.UtcNow + Description.LockDuration);
        }
        return null;
    }

    void ReleaseDue()
    {
        long now = TimeProvider.System.GetTimestamp();
        if (heldByToken.Count > 0)
        {
            foreach ((Guid token, Hold held) in heldByToken.Where(h => h.Value.EndsAt <= now).ToList())
            {
                heldByToken.Remove(token);
                PutBack(held.Message);
            }
        }
        while (scheduled.TryPeek(out BusMessage? message, out DateTime due) && due <= clock.UtcNow)
        {
            scheduled.Dequeue();
            available.Add(message.Sequence, message);
        }
    }

    void PutBack(BusMessage message)
    {
        if (!IsDeadLetter && message.Deliveries >= Description.MaxDeliveryCount)
        {
            Bury(message, "MaxDeliveryCountExceeded",
                $"Message could not be consumed after {Description.MaxDeliveryCount.ToString(CultureInfo.InvariantCulture)} delivery attempts.");
            return;
        }
        available.Add(message.Sequence, message);
        Pump();
    }

    void Bury(BusMessage message, string reason, string description)
    {
        message.Properties["DeadLetterReason"] = reason;
        message.Properties["DeadLetterErrorDescription"] = description;
        message.ExpiresAt = null;
        journal.Rewrite(message, dead: true);
        deadLetters!.Receive(message);
    }

    void Receive(BusMessage message)
    {
        lock (gate)
        {
            Place(message);
            Pump();
        }
    }

    bool IsDuplicate(BusMessage message, DateTime now)
    {
        if (!Description.RequiresDuplicateDetection) return false;
        if (seenIds.TryGetValue(message.MessageId, out DateTime until) && until > now) return true;
        if (seenIds.Count > 100_000)
            foreach (string old in seenIds.Where(s => s.Value <= now).Select(s => s.Key).ToList()) seenIds.Remove(old);
        seenIds[message.MessageId] = now + Description.DuplicateWindow;
        return false;
    }

    long LockEnd() => TimeProvider.System.GetTimestamp() + (long)(Description.LockDuration.TotalSeconds * TimeProvider.System.TimestampFrequency);

    // One timer for whatever comes first: the end of a lock, or a scheduled message.
    void Arm()
    {
        TimeSpan next = TimeSpan.MaxValue;
        foreach (Hold held in heldByToken.Values)
        {
            TimeSpan left = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), held.EndsAt);
            if (left < next) next = left;
        }
        if (scheduled.TryPeek(out _, out DateTime due) && due - clock.UtcNow < next) next = due - clock.UtcNow;
        if (next == TimeSpan.MaxValue) return;
        timer.Change(next < TimeSpan.Zero ? TimeSpan.Zero : next > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1)
            : next + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    readonly record struct Hold(BusMessage Message, long EndsAt);

    sealed record Waiter(bool PeekLock)
    {
        public TaskCompletionSource<Delivery?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
