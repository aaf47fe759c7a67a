using System;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>A task that is to be in a queue.</summary>
sealed class QueueUnit(Guid task, string queue, int write)
{
    public Guid Task => task;

    /// <summary>Name of the queue.</summary>
    public string Queue => queue;

    /// <summary>Which write it stands for.</summary>
    public int Write => write;

    /// <summary>What makes the task in the same list, or null.</summary>
    public RowUnit? Before { get; init; }

    /// <summary>How it came out; null while it has not been tried.</summary>
    public CrmResult? Result { get; set; }
}
