using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>A FetchXML query names tables and columns that exist.</summary>
static class FetchColumns
{
    internal static IEnumerable<Finding> Check(LintSubject subject, string table, XElement fetch)
    {
        XElement? entity = fetch.Element("entity");
        if (entity is null) return [LintSubject.At(fetch, "query", "has no entity.")];
        IEnumerable<Finding> other = entity.Attribute("name")?.Value == table
            ? []
            : [LintSubject.At(entity, "query", $"queries {entity.Attribute("name")?.Value}, but belongs to {table}.")];
        return other.Concat(Within(subject, table, entity));
    }

    static IEnumerable<Finding> Within(LintSubject subject, string table, XElement scope)
    {
        foreach (XElement e in Scoped(scope))
        {
            string? column = e.Name.LocalName switch
            {
                "attribute" => e.Attribute("name")?.Value,
                "condition" or "order" when e.Attribute("entityname") is null => e.Attribute("attribute")?.Value,
                _ => null,
            };
            foreach (Finding finding in subject.NeedColumn(table, column, e)) yield return finding;
        }
        foreach (XElement link in scope.Elements("link-entity"))
        {
            string linked = link.Attribute("name")?.Value ?? "";
            foreach (Finding finding in subject.NeedTable(linked, link)
                .Concat(subject.NeedColumn(linked, link.Attribute("from")?.Value, link))
                .Concat(subject.NeedColumn(table, link.Attribute("to")?.Value, link))
                .Concat(Within(subject, linked, link)))
            {
                yield return finding;
            }
        }
    }

    // Everything that speaks of this table: not what lies in a joined one.
    static IEnumerable<XElement> Scoped(XElement scope)
        => scope.Elements().Where(e => e.Name.LocalName != "link-entity").SelectMany(e => Scoped(e).Prepend(e));
}
