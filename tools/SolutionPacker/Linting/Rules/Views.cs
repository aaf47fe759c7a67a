using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Views show and query columns that exist, and a new table has the views that every table needs.</summary>
static class Views
{
    static readonly (int Type, string Word)[] Needed = [(0, "public"), (1, "advanced find"), (2, "associated"), (4, "quick find"), (64, "lookup")];

    internal static IEnumerable<Finding> Check(LintSubject subject) => subject.Entities.SelectMany(e =>
    {
        List<XElement> views = e.Entity.Element("SavedQueries")?.Elements("savedqueries").Elements("savedquery").ToList() ?? [];
        return views.SelectMany(v => View(subject, e.Table, v)).Concat(TableReader.IsExtension(e.Entity) ? [] : Defaults(e.Entity, views));
    });

    static IEnumerable<Finding> View(LintSubject subject, string table, XElement view)
    {
        if (view.Element("fetchxml")?.Element("fetch") is { } fetch)
        {
            foreach (Finding finding in FetchColumns.Check(subject, table, fetch)) yield return finding;
        }
        if (view.Element("layoutxml")?.Element("grid") is not { } grid) yield break;
        HashSet<string?> selected = view.Descendants("attribute").Select(a => a.Attribute("name")?.Value).ToHashSet();
        foreach (XAttribute jump in grid.Attributes("jump"))
        {
            foreach (Finding finding in subject.NeedColumn(table, jump.Value, jump)) yield return finding;
        }
        string? primary = subject.Table(table)?.PrimaryId;
        foreach (XElement row in grid.Elements("row").Where(r => r.Attribute("id")?.Value != primary))
        {
            yield return LintSubject.At(row, "view", $"its id must be {primary}, the table's primary key.");
        }
        foreach (XElement cell in grid.Descendants("cell"))
        {
            string name = cell.Attribute("name")?.Value ?? "";
            if (name.Contains('.')) continue; // a column of a joined table, by its alias
            foreach (Finding finding in subject.NeedColumn(table, name, cell)) yield return finding;
            if (subject.Column(table, name) is not null && !selected.Contains(name))
            {
                yield return LintSubject.At(cell, "view", $"shows {name}, which the query does not select.");
            }
        }
    }

    static IEnumerable<Finding> Defaults(XElement entity, List<XElement> views)
    {
        foreach ((int type, string word) in Needed)
        {
            List<XElement> defaults = views.FindAll(v => v.Int("querytype") == type && v.Flag("isdefault"));
            if (defaults.Count == 0) yield return LintSubject.At(entity, "view", $"has no default {word} view (querytype {type}).");
            foreach (XElement extra in defaults.Skip(1)) yield return LintSubject.At(extra, "view", $"is a second default {word} view of its table.");
        }
    }
}
