using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace Microsoft.Xrm.Sdk;

/// <summary>A list. Only the contract's own types can make one.</summary>
public class DataCollection<T> : Collection<T>
{
    internal DataCollection()
    {
    }

    internal DataCollection(IList<T> list)
    {
        AddRange(list);
    }

    /// <summary>Adds all; null adds nothing.</summary>
    public void AddRange(params T[] items) => AddRange((IEnumerable<T>)items);

    /// <inheritdoc cref="AddRange(T[])"/>
    public void AddRange(IEnumerable<T> items)
    {
        if (items == null) return;
        foreach (T item in items) Add(item);
    }

    public T[] ToArray()
    {
        var copy = new T[Count];
        CopyTo(copy, 0);
        return copy;
    }
}
