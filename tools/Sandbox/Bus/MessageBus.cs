using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Faults;
using CrmBehavior.Sandbox.Storage;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>All queues of the stand-in for Service Bus, and the key that opens them.</summary>
internal sealed class MessageBus : IDisposable
{
    /// <summary>The queue that the CRM posts to and the service reads.</summary>
    public const string EventQueue = "crm-events";

    readonly ConcurrentDictionary<string, QueuePair> queues = new(StringComparer.OrdinalIgnoreCase);
    readonly MessageJournal messages;
    readonly SandboxClock clock;
    readonly FaultBoard faults;

    public MessageBus(Journal journal, SandboxClock clock, FaultBoard faults)
    {
        this.clock = clock;
        this.faults = faults;
        messages = new MessageJournal(journal);
        KeyName = "sandbox";
        Key = journal.SettingOrNew("bus.key", () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        foreach ((string name, QueueDescription description, long next) in messages.Queues()) queues[name] = Open(name, description, next);
        if (!queues.ContainsKey(EventQueue)) TryCreate(EventQueue, new QueueDescription());
        clock.Moved += () =>
        {
            foreach (QueuePair pair in queues.Values) pair.Main.Wake();
        };
    }

    /// <summary>Name of the shared access key; it may send, listen and manage.</summary>
    public string KeyName { get; }

    /// <summary>The shared access key.</summary>
    public string Key { get; }

    /// <summary>Names, in order.</summary>
    public IReadOnlyList<string> QueueNames => [.. queues.Values.Select(q => q.Main.Name).Order(StringComparer.Ordinal)];

    /// <summary>The queue of that name (case does not matter), or its dead-letter queue; null when there is none.</summary>
    public MessageQueue? Find(string name, bool deadLetter = false) =>
        queues.TryGetValue(name, out QueuePair? pair) ? deadLetter ? pair.Dead : pair.Main : null;

    /// <summary>Makes a queue; false when there is one of that name.</summary>
    public bool TryCreate(string name, QueueDescription description)
    {
        QueuePair pair = Open(name, description, 1);
        if (!queues.TryAdd(name, pair)) return false;
        messages.SaveQueue(name, description, 1);
        return true;
    }

    /// <summary>Changes how a queue behaves from now on.</summary>
    public void Change(MessageQueue queue, QueueDescription description)
    {
        queue.Description = description;
        messages.SaveQueue(queue.Name, description, 1);
    }

    /// <summary>Deletes a queue with all that is in it; false when there is none.</summary>
    public bool TryDelete(string name)
    {
        if (!queues.TryRemove(name, out QueuePair? pair)) return false;
        messages.DeleteQueue(pair.Main.Name);
        pair.Main.Dispose();
        pair.Dead.Dispose();
        return true;
    }

    /// <summary>Takes a message from inside this process (the CRM's service endpoint), as the network would while a fault is on.</summary>
    /// <exception cref="BusUnreachableException">A fault hit the call, or there is no such queue.</exception>
    public void Post(string queueName, BusMessage message)
    {
        Fault? fault = faults.Hit("bus", "POST /" + queueName + "/messages", f => f.Kind is "status" or "hang" or "throttle" or "accept-then-fail");
        if (fault is not null && fault.Kind != "accept-then-fail") throw new BusUnreachableException($"The bus cannot be reached ({fault.Kind}).");
        MessageQueue queue = Find(queueName) ?? throw new BusUnreachableException($"There is no queue '{queueName}' on the bus.");
        queue.Send([message]);
        if (fault is not null) throw new BusUnreachableException("The answer of the bus was lost.");
    }

    QueuePair Open(string name, QueueDescription description, long nextSequence)
    {
        var dead = new MessageQueue(name, description, nextSequence, messages, clock, deadLetters: null);
        return new QueuePair(new MessageQueue(name, description, nextSequence, messages, clock, dead) { BringBack = () => BringBack(name) }, dead);
    }

    bool BringBack(string name) => faults.Hit("bus", "DELETE /" + name + "/messages", f => f.Kind == "redeliver") is not null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (QueuePair pair in queues.Values)
        {
            pair.Main.Dispose();
            pair.Dead.Dispose();
        }
    }

    sealed record QueuePair(MessageQueue Main, MessageQueue Dead);
}

/// <summary>The bus could not be reached from inside the CRM.</summary>
internal sealed class BusUnreachableException : Exception
{
    public BusUnreachableException()
    {
    }

    public BusUnreachableException(string message) : base(message)
    {
    }

    public BusUnreachableException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
