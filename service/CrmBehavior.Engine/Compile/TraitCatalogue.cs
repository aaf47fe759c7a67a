using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace CrmBehavior.Engine.Compile;

/// <summary>The traits that a plan reads, numbered in order of first use. Others are not kept.</summary>
internal sealed class TraitCatalogue
{
    /// <summary>Traits that the engine itself reads, whatever the definitions.</summary>
    public const string TimeZone = "timeZone", Email = "email", DoNotEmail = "doNotEmail", DoNotBulkEmail = "doNotBulkEmail", BestHour = "bestHour", StateCode = "statecode";

    /// <summary>The zone that a browser or app told last: stands where the trait does not. Kept as a trait, set by no name of one.</summary>
    public const string ToldZone = "context.timezone";

    readonly List<string> names = [];
    readonly List<byte[]> utf8 = [];

    public IReadOnlyList<string> Names => names;

    public int Of(string name)
    {
        int index = names.IndexOf(name);
        if (index >= 0) return index;
        names.Add(name);
        utf8.Add(Encoding.UTF8.GetBytes(name));
        return names.Count - 1;
    }

    public int Find(string name) => names.IndexOf(name);

    /// <summary>Number of the trait of a name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < utf8.Count; i++)
        {
            if (name.SequenceEqual(utf8[i])) return i;
        }
        return -1;
    }

    /// <summary>Number of the trait whose name the reader stands on, or -1.</summary>
    public int Find(ref Utf8JsonReader reader)
    {
        for (int i = 0; i < utf8.Count; i++)
        {
            if (reader.ValueTextEquals(utf8[i])) return i;
        }
        return -1;
    }
}
