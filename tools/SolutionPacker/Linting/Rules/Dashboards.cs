using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Tiles of dashboards show views and charts of the solution, and rows are long enough for them.</summary>
static class Dashboards
{
    internal static IEnumerable<Finding> Check(LintSubject subject)
        => subject.Files.Section("Dashboards")
            .SelectMany(d => d.Descendants("control").SelectMany(c => Tile(subject, c)).Concat(d.Descendants("rows").SelectMany(Fillers)));

    static IEnumerable<Finding> Tile(LintSubject subject, XElement control)
        => Guid.TryParse(control.Attribute("classid")?.Value, out Guid id) && id == ControlClasses.Subgrid
            ? GridControls.Check(subject, control, null)
            : [LintSubject.At(control, "grid", "is no list or chart, the only tiles known here.")];

    // A cell over N rows needs N-1 empty rows below it.
    static IEnumerable<Finding> Fillers(XElement rows)
    {
        List<XElement> all = rows.Elements("row").ToList();
        for (int i = 0; i < all.Count; i++)
        {
            int span = all[i].Elements("cell").Select(c => c.IntAttribute("rowspan") ?? 1).DefaultIfEmpty(1).Max();
            int empty = all.Skip(i + 1).TakeWhile(r => !r.HasElements).Count();
            if (empty < span - 1)
            {
                yield return LintSubject.At(all[i], "grid", $"spans {span} rows but has {empty} empty rows below it; add {span - 1 - empty}.");
            }
        }
    }
}
