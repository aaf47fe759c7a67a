using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Schema;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>What still needs a solution that is to be uninstalled.</summary>
internal static class Dependents
{
    /// <summary>Refuses while another solution, or a step somebody registered by hand, needs a component of this one.</summary>
    public static void Refuse(Solution solution, IEnumerable<Solution> others, RowStore store)
    {
        List<string> found = [.. others.Where(o => o.UniqueName != solution.UniqueName).SelectMany(o => Of(solution, o)).Concat(Steps(solution, store))
            .Distinct(StringComparer.Ordinal)];
        if (found.Count > 0)
            throw new DataverseException(
                400, ErrorCodes.DependenciesExist,
                    $"Solution dependencies exist, cannot uninstall. The solution '{solution.UniqueName}' is required by: {string.Join("; ", found)}.");
    }

    static IEnumerable<string> Of(Solution solution, Solution other)
    {
        HashSet<string> tables = [.. solution.Schema.Tables.Where(t => !t.IsExtension).Select(t => t.LogicalName)];
        HashSet<Guid> types = [.. solution.PluginAssemblies.SelectMany(a => a.Types).Select(t => t.Id)];
        HashSet<Guid> endpoints = [.. solution.ServiceEndpoints.Select(e => e.Id)];
        string by = $" of solution '{other.UniqueName}'";
        foreach (Table table in other.Schema.Tables.Where(t => t.IsExtension && tables.Contains(t.LogicalName)))
            yield return $"the columns {string.Join(", ", table.Columns.Select(c => c.Name))} on table '{table.LogicalName}'{by}";
        foreach (OneToMany relationship in other.Schema.OneToMany.Where(r => tables.Contains(r.ReferencedTable) || tables.Contains(r.ReferencingTable)))
            yield return $"relationship '{relationship.Name}'{by}";
        foreach (ManyToMany relationship in other.Schema.ManyToMany.Where(r => tables.Contains(r.FirstTable) || tables.Contains(r.SecondTable)))
            yield return $"relationship '{relationship.Name}'{by}";
        foreach (ProcessingStep step in other.Steps.Where(s => s.PluginTypeId is { } type && types.Contains(type)
            || s.ServiceEndpointId is { } endpoint && endpoints.Contains(endpoint) || s.Table is { } table && tables.Contains(table)))
            yield return $"step '{step.Name}'{by}";
        foreach (CustomApi api in other.CustomApis.Where(a => a.PluginTypeId is { } type && types.Contains(type) || a.BoundTable is { } table
            && tables.Contains(table)))
            yield return $"custom API '{api.UniqueName}'{by}";
        if (other.MissingDependencies.Any(d => d.SolutionName == solution.UniqueName)) yield return $"solution '{other.UniqueName}'";
    }

    static IEnumerable<string> Steps(Solution solution, RowStore store)
    {
        HashSet<Guid> types = [.. solution.PluginAssemblies.SelectMany(a => a.Types).Select(t => t.Id)];
        return store["sdkmessageprocessingstep"].All
            .Where(s => s["solutionid"] is not Guid && s.Lookup("plugintypeid") is { } type && types.Contains(type.Id)
                || s["solutionid"] is not Guid && s.Lookup("eventhandler") is { } handler && types.Contains(handler.Id))
            .Select(s => $"step '{s.Text("name")}', which belongs to no solution");
    }
}
