using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Dataverse.Metadata;

namespace CrmBehavior.Dataverse.Contacts;

/// <summary>Which columns are asked for so that all wanted ones can be told, labels and names included.</summary>
sealed class ColumnPlan
{
    readonly SortedDictionary<string, ColumnKind> columns = new(System.StringComparer.Ordinal);

    ColumnPlan()
    {
    }

    /// <summary>The columns and how each is read.</summary>
    public IReadOnlyDictionary<string, ColumnKind> Columns => columns;

    /// <summary>Whether labels or names are among what is read.</summary>
    public bool HasLabels => columns.Values.Any(k => k != ColumnKind.Plain);

    public string Select(string primaryId) =>
        string.Join(',', columns.Select(c => c.Value == ColumnKind.Lookup ? $"_{c.Key}_value" : c.Key).Prepend(primaryId).Distinct());

    public static ColumnPlan Of(IEnumerable<string> wanted, IReadOnlyDictionary<string, ColumnKind> known)
    {
        var plan = new ColumnPlan();
        foreach (string column in wanted)
            if (Find(column, known) is { } found) plan.columns[found] = known[found];
        return plan;
    }

    /// <summary>The column that tells a wanted one: itself, or that whose label or kind it is; null when there is none.</summary>
    public static string? Find(string wanted, IReadOnlyDictionary<string, ColumnKind> known)
    {
        if (known.ContainsKey(wanted)) return wanted;
        foreach (string ending in (string[])["name", "type"])
        {
            if (!wanted.EndsWith(ending, System.StringComparison.Ordinal)) continue;
            string owner = wanted[..^ending.Length];
            if (known.TryGetValue(owner, out ColumnKind kind) && (kind == ColumnKind.Lookup || kind == ColumnKind.Choice && ending == "name")) return owner;
        }
        return null;
    }
}
