using System;
using System.Collections;
using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>A set of ids that is small most of the time: an array until it grows, a hash set from then on.</summary>
internal sealed class IdBag : IReadOnlyCollection<Guid>
{
    const int SmallSize = 32;
    Guid[] few = new Guid[2];
    int count;
    HashSet<Guid>? many;

    public int Count => many?.Count ?? count;

    public void Add(Guid id)
    {
        if (many is not null)
        {
            many.Add(id);
            return;
        }
        if (Array.IndexOf(few, id, 0, count) >= 0) return;
        if (count == SmallSize)
        {
            many = [.. few, id];
            few = [];
            return;
        }
        if (count == few.Length) Array.Resize(ref few, count * 2);
        few[count++] = id;
    }

    public void Remove(Guid id)
    {
        if (many is not null)
        {
            many.Remove(id);
            return;
        }
        int at = Array.IndexOf(few, id, 0, count);
        if (at >= 0) few[at] = few[--count];
    }

    public IEnumerator<Guid> GetEnumerator()
    {
        if (many is not null)
        {
            foreach (Guid id in many) yield return id;
            yield break;
        }
        for (int i = 0; i < count; i++) yield return few[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
