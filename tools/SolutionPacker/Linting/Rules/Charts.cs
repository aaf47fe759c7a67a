using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Charts query columns that exist and draw what they query.</summary>
static class Charts
{
    internal static IEnumerable<Finding> Check(LintSubject subject)
        => subject.Entities.SelectMany(e => (e.Entity.Element("Visualizations")?.Elements("visualization") ?? []).SelectMany(v => Chart(subject, e.Table, v)));

    static IEnumerable<Finding> Chart(LintSubject subject, string table, XElement chart)
    {
        foreach (XElement fetch in chart.Descendants("fetch"))
        {
            foreach (Finding finding in FetchColumns.Check(subject, table, fetch)) yield return finding;
        }
        HashSet<string?> aliases = chart.Descendants("attribute").Select(a => a.Attribute("alias")?.Value).ToHashSet();
        foreach (XElement drawn in chart.Descendants().Where(e => e.Name.LocalName is "category" or "measure" or "order" && e.Attribute("alias") is not null))
        {
            string alias = drawn.Attribute("alias")!.Value;
            if (!aliases.Contains(alias)) yield return LintSubject.At(drawn, "chart", $"uses the alias {alias}, which the query does not give.");
        }
        int measures = chart.Descendants("measure").Count();
        int series = chart.Descendants("presentationdescription").Descendants("Series").Count(s => s.Attribute("ChartType") is not null);
        if (measures != series) yield return LintSubject.At(chart, "chart", $"has {measures} measures but draws {series} series.");
    }
}
