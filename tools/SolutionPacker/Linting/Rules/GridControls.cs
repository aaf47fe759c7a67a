using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Lists and charts on forms and dashboards point to views, charts and relationships of the table they show.</summary>
static class GridControls
{
    /// <param name="subject">The solution.</param>
    /// <param name="control">A control of the subgrid class.</param>
    /// <param name="formTable">Table of the form; null on a dashboard.</param>
    internal static IEnumerable<Finding> Check(LintSubject subject, XElement control, string? formTable)
    {
        XElement? parameters = control.Element("parameters");
        if (parameters is null) return [LintSubject.At(control, "grid", "needs parameters: TargetEntityType and ViewId.")];
        string table = parameters.Text("TargetEntityType") ?? "";
        return subject.NeedTable(table, parameters.Element("TargetEntityType") ?? parameters)
            .Concat(View(subject, parameters, table)).Concat(Chart(subject, parameters, table)).Concat(Relationship(subject, parameters, table, formTable));
    }

    static IEnumerable<Finding> View(LintSubject subject, XElement parameters, string table)
    {
        if (parameters.Element("ViewId") is not { } id || !Guid.TryParse(id.Value, out Guid view))
        {
            yield return LintSubject.At(parameters, "unknown-view", "needs a ViewId.");
            yield break;
        }
        View? found = subject.Solution.Views.FirstOrDefault(v => v.Id == view);
        if (found is null)
        {
            yield return LintSubject.At(
                id, "unknown-view", $"there is no view {id.Value} in the solution; views of other solutions have other ids in every environment.");
        }
        else if (found.Table != table) yield return LintSubject.At(id, "unknown-view", $"the view {found.Name} shows {found.Table}, not {table}.");
    }

    static IEnumerable<Finding> Chart(LintSubject subject, XElement parameters, string table)
    {
        XElement? id = parameters.Element("VisualizationId");
        bool shown = parameters.Text("ChartGridMode") is "Chart" or "All";
        if (id is null || id.Value.Length == 0)
        {
            if (shown) yield return LintSubject.At(parameters, "unknown-chart", "shows a chart but names none in VisualizationId.");
            yield break;
        }
        Chart? found = Guid.TryParse(id.Value, out Guid chart) ? subject.Solution.Charts.FirstOrDefault(c => c.Id == chart) : null;
        if (found is null) yield return LintSubject.At(id, "unknown-chart", $"there is no chart {id.Value} in the solution.");
        else if (found.Table != table) yield return LintSubject.At(id, "unknown-chart", $"the chart {found.Name} shows {found.Table}, not {table}.");
    }

    static IEnumerable<Finding> Relationship(LintSubject subject, XElement parameters, string table, string? formTable)
    {
        if (parameters.Element("RelationshipName") is not { Value.Length: > 0 } name) yield break;
        if (!subject.Relationships.Contains(name.Value))
        {
            yield return LintSubject.At(
                name,
                "unknown-relationship",
                $"there is no relationship {name.Value}{NearestName.Hint(name.Value, subject.Relationships.Select(r => r.Key))}.");
        }
        else if (formTable is not null
            && !subject.Relationships[name.Value].Any(r => (r.First == formTable && r.Second == table) || (r.Second == formTable && r.First == table)))
        {
            yield return LintSubject.At(name, "unknown-relationship", $"{name.Value} does not join {formTable} and {table}.");
        }
    }
}
