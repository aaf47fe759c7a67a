using System;
using System.Collections;
using System.Collections.Generic;

namespace Microsoft.Xrm.Sdk;

/// <summary>A dictionary that on the wire is an array of <c>{"key":…,"value":…}</c>. It is no <c>IDictionary</c>.</summary>
public abstract class DataCollection<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
{
    readonly Dictionary<TKey, TValue> items;

    protected internal DataCollection()
    {
        items = new Dictionary<TKey, TValue>();
    }

    protected internal DataCollection(IDictionary<TKey, TValue> collection)
    {
        items = new Dictionary<TKey, TValue>(collection);
    }

    /// <summary>The value; reading a missing key throws <see cref="KeyNotFoundException"/>, writing one adds it.</summary>
    public virtual TValue this[TKey key]
    {
        get => items[key];
        set
        {
            CheckWritable();
            items[key] = value;
        }
    }

    public int Count => items.Count;

    public ICollection<TKey> Keys => items.Keys;

    public ICollection<TValue> Values => items.Values;

    public virtual bool IsReadOnly { get; internal set; }

    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    /// <summary>Adds all; null adds nothing.</summary>
    public void AddRange(params KeyValuePair<TKey, TValue>[] items) => AddRange((IEnumerable<KeyValuePair<TKey, TValue>>)items);

    /// <inheritdoc cref="AddRange(KeyValuePair{TKey, TValue}[])"/>
    public void AddRange(IEnumerable<KeyValuePair<TKey, TValue>> items)
    {
        if (items == null) return;
        foreach (KeyValuePair<TKey, TValue> item in items) Add(item.Key, item.Value);
    }

    /// <summary>Adds; a key that is there already throws <see cref="ArgumentException"/>.</summary>
    public void Add(TKey key, TValue value)
    {
        CheckWritable();
        items.Add(key, value);
    }

    public void Clear()
    {
        CheckWritable();
        items.Clear();
    }

    public bool Contains(TKey key) => items.ContainsKey(key);

    public bool Contains(KeyValuePair<TKey, TValue> key) => ((ICollection<KeyValuePair<TKey, TValue>>)items).Contains(key);

    public bool TryGetValue(TKey key, out TValue value) => items.TryGetValue(key, out value);

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<TKey, TValue>>)items).CopyTo(array, arrayIndex);

    public bool ContainsKey(TKey key) => items.ContainsKey(key);

    public bool Remove(TKey key)
    {
        CheckWritable();
        return items.Remove(key);
    }

    public bool Remove(KeyValuePair<TKey, TValue> item)
    {
        CheckWritable();
        return ((ICollection<KeyValuePair<TKey, TValue>>)items).Remove(item);
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();

    internal void CheckWritable()
    {
        if (IsReadOnly) throw new InvalidOperationException("The collection is read-only.");
    }
}
