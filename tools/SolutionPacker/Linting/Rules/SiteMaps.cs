using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Every entry of a site map leads to a table, a dashboard or a web resource that exists, and has an id of its own.</summary>
static class SiteMaps
{
    const string WebResource = "$webresource:";

    internal static IEnumerable<Finding> Check(LintSubject subject) => subject.Files.Section("AppModuleSiteMaps").SelectMany(m
        => m.Descendants("SubArea").SelectMany(s => Target(subject, s)).Concat(Repeated(m)));

    static IEnumerable<Finding> Target(LintSubject subject, XElement entry)
    {
        XAttribute? table = entry.Attribute("Entity");
        XAttribute? url = entry.Attribute("Url");
        XAttribute? dashboard = entry.Attribute("DefaultDashboard");
        if (table is null && url is null) yield return LintSubject.At(entry, "site-map", "leads nowhere: it has neither Entity nor Url.");
        if (table is not null)
        {
            foreach (Finding finding in subject.NeedTable(table.Value, table)) yield return finding;
        }
        if (url is not null && url.Value.StartsWith(WebResource, StringComparison.Ordinal)
            && subject.Solution.WebResources.All(w => w.Name != url.Value[WebResource.Length..]))
        {
            yield return LintSubject.At(url, "unknown-web-resource", $"there is no web resource {url.Value[WebResource.Length..]} in the solution.");
        }
        if (dashboard is not null && !(Guid.TryParse(dashboard.Value, out Guid id) && subject.Solution.Dashboards.Any(d => d.Id == id)))
        {
            yield return LintSubject.At(dashboard, "site-map", $"there is no dashboard {dashboard.Value} in the solution.");
        }
    }

    static IEnumerable<Finding> Repeated(XElement map)
        => map.Descendants().Where(e => e.Name.LocalName is "Area" or "Group" or "SubArea").GroupBy(e => e.Attribute("Id")?.Value).Where(g => g.Count() > 1)
            .Select(g => LintSubject.At(g.Last(), "duplicate-id", $"the id {g.Key} is there twice in the site map."));
}
