using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace CrmBehavior.Pipeline.InMemory;

/// <summary>
/// Contacts and visitors that batches have in hand. A batch gets all that it asks for at once or waits, so nobody waits in a circle. Used
/// under the database's gate only.
/// </summary>
internal sealed class MemoryLocks
{
    readonly HashSet<Guid> contacts = [];
    readonly HashSet<string> visitors = new(StringComparer.Ordinal);
    readonly LinkedList<Asking> waiting = [];

    /// <summary>Somebody who asks: what is wanted is worked out anew each time, for who a visitor is may change meanwhile.</summary>
    internal sealed record Asking(Func<IReadOnlyCollection<Guid>> Contacts, IReadOnlyCollection<string> Visitors, Func<IReadOnlyCollection<Guid>, MemoryBatch> Open)
    {
        public TaskCompletionSource<MemoryBatch> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public bool IsFree(Guid contact) => !contacts.Contains(contact);

    public bool TryTake(Asking asking)
    {
        IReadOnlyCollection<Guid> wanted = asking.Contacts();
        if (wanted.Any(contacts.Contains) || asking.Visitors.Any(visitors.Contains)) return false;
        contacts.UnionWith(wanted);
        visitors.UnionWith(asking.Visitors);
        asking.Answer.SetResult(asking.Open(wanted));
        return true;
    }

    public void Wait(Asking asking) => waiting.AddLast(asking);

    /// <summary>Whether it was waiting still.</summary>
    public bool GiveUp(Asking asking) => waiting.Remove(asking);

    public void Release(IEnumerable<Guid> heldContacts, IEnumerable<string> heldVisitors)
    {
        contacts.ExceptWith(heldContacts);
        visitors.ExceptWith(heldVisitors);
        for (LinkedListNode<Asking>? node = waiting.First; node != null;)
        {
            LinkedListNode<Asking>? next = node.Next;
            if (TryTake(node.Value)) waiting.Remove(node);
            node = next;
        }
    }
}
