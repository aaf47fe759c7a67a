using System;
using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>The query part of an address.</summary>
internal static class QueryText
{
    /// <summary>Options by name, decoded; a plus sign is a space, as the platform reads it. The last of several wins.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string query)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            options[Decode(equals < 0 ? part : part[..equals])] = equals < 0 ? "" : Decode(part[(equals + 1)..]);
        }
        return options;
    }

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
