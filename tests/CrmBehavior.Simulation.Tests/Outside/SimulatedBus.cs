using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Simulation.Tests.Outside;

/// <summary>A message with the lock under which it was received.</summary>
public sealed record Received(Guid Number, byte[] Body, int Lock);

/// <summary>A queue with peek-lock: what is not completed in time comes again, some comes again although it was, nothing keeps an order.</summary>
public sealed class SimulatedBus(Simulation simulation)
{
    static readonly TimeSpan LockTime = TimeSpan.FromSeconds(60);

    readonly List<Message> messages = [];

    /// <summary>Messages that were completed: what they say was accepted.</summary>
    public HashSet<Guid> Completed { get; } = [];

    public bool IsEmpty => messages.Count == 0;

    /// <summary>When there is something to receive; null when nothing is there.</summary>
    public TimeSpan? Next => messages.Count == 0 ? null : messages.Min(m => m.FreeAt);

    public Guid Send(byte[] body)
    {
        var message = new Message(NewNumber(), body) { FreeAt = simulation.World.Clock.Elapsed };
        messages.Add(message);
        simulation.Nudge();
        return message.Number;
    }

    public Received? Receive()
    {
        Message[] free = [.. messages.Where(m => m.FreeAt <= simulation.World.Clock.Elapsed)];
        if (free.Length == 0) return null;
        Message message = free[simulation.World.Chance.Next(free.Length)];
        message.Lock++;
        message.FreeAt = simulation.World.Clock.Elapsed + (simulation.Faults.Duplicates() ? TimeSpan.FromSeconds(1) : LockTime);
        return new Received(message.Number, message.Body, message.Lock);
    }

    public void Complete(Received received)
    {
        Completed.Add(received.Number);
        Message? message = messages.Find(m => m.Number == received.Number);
        // A lock that was lost completes nothing.
        if (message == null || message.Lock != received.Lock || message.FreeAt <= simulation.World.Clock.Elapsed) return;
        if (simulation.Faults.Duplicates()) message.FreeAt = simulation.World.Clock.Elapsed + simulation.World.Between(1, 3 * 3600);
        else messages.Remove(message);
    }

    Guid NewNumber()
    {
        byte[] bytes = new byte[16];
        simulation.World.Chance.NextBytes(bytes);
        return new Guid(bytes);
    }

    sealed class Message(Guid number, byte[] body)
    {
        public Guid Number { get; } = number;

        public byte[] Body { get; } = body;

        public int Lock { get; set; }

        public TimeSpan FreeAt { get; set; }
    }
}
