using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Linting;
using CrmBehavior.SolutionPacker.Schema;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>What the platform refuses an import for; every message names the file, the component and the place.</summary>
internal static class ImportChecks
{
    const int MostNamed = 10;

    /// <summary>Findings that would make the platform's own import fail; the others are matters of taste or of later harm.</summary>
    static readonly FrozenSet<string> Refused = new[]
    {
        "unreadable", "duplicate-id", "duplicate-name", "wrong-type", "table-definition", "primary-name", "key-type", "key-size", "plugin-assembly",
        "plugin-type", "privilege-level", "custom-api", "site-map", "link-entity", "dangling-step",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Refuses a zip whose components do not fit together.</summary>
    public static void RefuseBroken(byte[] zip, Solution solution)
    {
        // What a solution refers to in another one that must be there first, the check of one zip alone does not know.
        bool standsAlone = solution.MissingDependencies.Count == 0;
        List<Finding> findings = [.. SolutionLint.Check(zip).Where(f => IsRefused(f.Rule, standsAlone))];
        if (findings.Count == 0) return;
        string more = findings.Count > MostNamed ? $" And {findings.Count - MostNamed} more." : "";
        throw new DataverseException(
            400, ErrorCodes.ImportInvalid,
                $"The import of the solution '{solution.UniqueName}' failed. {string.Join(" ", findings.Take(MostNamed).Select(f => f.ToString()))}{more}");
    }

    static bool IsRefused(string rule, bool standsAlone) =>
        standsAlone ? Refused.Contains(rule) || rule.StartsWith("unknown-", StringComparison.Ordinal) : rule != "dangling-step" && Refused.Contains(rule);

    /// <summary>Refuses an older version, and an unmanaged solution over a managed one.</summary>
    public static void RefuseOlder(Solution solution, Solution? installed)
    {
        if (installed is null) return;
        if (solution.Version < installed.Version)
            throw new DataverseException(
                400, ErrorCodes.ImportOlder,
                    $"Solution '{solution.UniqueName}' version {installed.Version} is installed; the older version {solution.Version} cannot be imported.");
        if (installed.Managed && !solution.Managed)
            throw new DataverseException(
                400, ErrorCodes.ImportInvalid, $"The solution '{solution.UniqueName}' is already installed as managed and the package is unmanaged.");
    }

    /// <summary>Refuses a solution that needs what this organisation does not have.</summary>
    public static void RefuseWithoutDependencies(Solution solution, RowStore store, InstalledSolutions installed)
    {
        List<string> missing = [.. solution.MissingDependencies.Where(d => !IsThere(d, store, installed)).Select(Describe).Distinct()];
        if (missing.Count > 0)
            throw new DataverseException(
                400, ErrorCodes.MissingDependency,
                    $"The following solution cannot be imported: {solution.UniqueName}. Some dependencies are missing: {string.Join("; ", missing)}.");
    }

    /// <summary>Refuses what an upgrade cannot do to a column that holds data: another type, less room for text.</summary>
    public static void RefuseColumnChanges(OrgSchema before, OrgSchema after)
    {
        foreach (TableInfo table in after.Tables)
        {
            if (before.Find(table.LogicalName) is not { } old) continue;
            foreach (Column column in table.AllColumns)
            {
                if (!old.Columns.TryGetValue(column.Name, out Column? was)) continue;
                if (was.Type != column.Type)
                    throw new DataverseException(
                        400, ErrorCodes.ImportInvalid,
                            $"Attribute {column.Name} of entity {table.LogicalName} is a {was.Type}, but a {column.Type} type was specified; the type of a column cannot be changed.");
                if (column.MaxLength < was.MaxLength)
                    throw new DataverseException(
                        400, ErrorCodes.ImportInvalid,
                            $"Attribute {column.Name} of entity {table.LogicalName} has a length of {was.MaxLength}, which cannot be made smaller ({column.MaxLength}).");
            }
        }
    }

    static bool IsThere(MissingDependency needed, RowStore store, InstalledSolutions installed) => (needed.Type, needed.SchemaName) switch
    {
        (ComponentTypes.Table, { } name) => store.Schema.Find(name.ToLowerInvariant()) is not null,
        (ComponentTypes.OptionSet, { } name) => store.Schema.OptionSets.Any(o => o.Name == name),
        (ComponentTypes.WebResource, { } name) => store["webresource"].All.Any(r => r.Text("name") == name),
        (ComponentTypes.EnvironmentVariable, { } name) => store["environmentvariabledefinition"].All.Any(r => r.Text("schemaname") == name),
        (ComponentTypes.PluginAssembly, { } name) => store["pluginassembly"].All.Any(r => r.Text("name") == name.Split(',')[0]),
        // Of other kinds only the solution that brings them is known; what names none is the platform's own.
        _ => needed.SolutionName is not { Length: > 0 } solution || IsPlatforms(solution) || installed.Find(solution) is not null,
    };

    static bool IsPlatforms(string solution) => solution is "System" or "Active" or "Default" or "Basic";

    static string Describe(MissingDependency needed) =>
        $"{Kind(needed.Type)}{(needed.SchemaName is { } name ? $" '{name}'" : "")} of solution '{needed.Solution ?? "(unknown)"}'";

    static string Kind(int type) => type switch
    {
        ComponentTypes.Table => "table",
        2 => "column",
        ComponentTypes.OptionSet => "choice",
        10 => "relationship",
        ComponentTypes.Role => "role",
        ComponentTypes.View => "view",
        ComponentTypes.Form => "form",
        ComponentTypes.WebResource => "web resource",
        90 => "plugin type",
        ComponentTypes.PluginAssembly => "plugin assembly",
        ComponentTypes.ProcessingStep => "step",
        ComponentTypes.ServiceEndpoint => "service endpoint",
        ComponentTypes.EnvironmentVariable => "environment variable",
        _ => "component of type " + type.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
