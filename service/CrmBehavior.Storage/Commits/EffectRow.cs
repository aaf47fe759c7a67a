using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Characters;

namespace CrmBehavior.Storage.Commits;

/// <summary>An effect with when it is due by the wall clock, milliseconds since 1970.</summary>
internal readonly record struct EffectRow(Effect Effect, long Due)
{
    /// <summary>Whether the latest of its key stands.</summary>
    public bool IsKeyed => Effect.Key.Length > 0;

    /// <summary>Effects in the order of contacts and ids, those of one id folded into one: of a key the latest, else the first.</summary>
    public static List<EffectRow> Fold(IEnumerable<Effect> effects, long now)
    {
        var rows = new Dictionary<Guid, EffectRow>();
        foreach (Effect effect in effects)
        {
            var row = new EffectRow(effect, effect.DueFrom(now));
            if (!rows.TryGetValue(effect.Id, out EffectRow earlier)) rows.Add(effect.Id, row);
            else if (row.IsKeyed) rows[effect.Id] = row with { Due = Math.Min(row.Due, earlier.Due) };
        }
        // One order in all that touches the outbox, so that nobody waits in a circle.
        return [.. rows.Values.OrderBy(x => x.Effect.Contact).ThenBy(x => x.Effect.Id)];
    }

    /// <summary>Refuses what cannot be kept.</summary>
    /// <param name="effect">The effect.</param>
    /// <param name="row">How it is named in the error.</param>
    /// <exception cref="StoreException">A text of it, or its delay, is wrong.</exception>
    public static void Check<T>(Effect effect, T row)
    {
        StoredText.Check(effect.Kind, row, "kind");
        StoredText.Check(effect.Key, row, "key");
        if (effect.Delay < TimeSpan.Zero) throw new StoreException($"{row}: its delay of {effect.Delay} is negative.", isTransient: false);
    }

    /// <summary>Refuses effects that cannot be kept, naming the first.</summary>
    /// <exception cref="StoreException">One is wrong.</exception>
    public static void CheckAll(IReadOnlyCollection<Effect> effects)
    {
        int index = 0;
        foreach (Effect effect in effects) Check(effect, $"Follow-up {index++} (contact {effect.Contact})");
    }
}
