using System;
using System.Linq;
using System.Text;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.InMemory;

/// <summary>Refuses and mends the same text as the stores that last: U+0000, and halves of surrogate pairs.</summary>
internal static class MemoryText
{
    public static string Mend(string text) => string.Concat(text.EnumerateRunes().Select(r => r.Value == 0 ? Rune.ReplacementChar.ToString() : r.ToString()));

    /// <exception cref="StoreUnavailableException">The text cannot be kept.</exception>
    public static void Check(string text, string row, string what)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair) i++;
            else if (text[i] == '\0' || char.IsSurrogate(text[i])) throw Refusal(row, $"its {what} holds U+{(int)text[i]:X4} at position {i}, which a store cannot keep. Refuse or replace it where it comes in");
        }
    }

    public static StoreUnavailableException Refusal(string row, string fault) => new($"{row}: {fault}.", isTransient: false);

    public static void CheckFollowUp(Effect effect, int index) => CheckEffect(effect, $"Follow-up {index} (contact {effect.Contact})");

    public static void CheckEffect(Effect effect, string row)
    {
        Check(effect.Kind, row, "kind");
        Check(effect.Key, row, "key");
        if (effect.Delay < TimeSpan.Zero) throw Refusal(row, $"its delay of {effect.Delay} is negative");
    }
}
