using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Controls of forms show columns that exist, by a control for their type; lists, web resources and timelines lead somewhere.</summary>
static class Forms
{
    internal static IEnumerable<Finding> Check(LintSubject subject) => subject.Entities.SelectMany(e =>
    {
        List<XElement> forms = e.Entity.Element("FormXml")?.Elements("forms").ToList() ?? [];
        IEnumerable<Finding> missing = !TableReader.IsExtension(e.Entity) && !forms.Exists(f => f.Attribute("type")?.Value == "main")
            ? [LintSubject.At(e.Entity, "form", "has no main form.")]
            : [];
        return missing.Concat(forms.Elements("systemform").Descendants("control").SelectMany(c => Control(subject, e.Table, c)));
    });

    static IEnumerable<Finding> Control(LintSubject subject, string table, XElement control)
    {
        if (!Guid.TryParse(control.Attribute("classid")?.Value, out Guid classId)) return [LintSubject.At(control, "form", "has no classid.")];
        if (classId == ControlClasses.Subgrid) return GridControls.Check(subject, control, table);
        if (classId == ControlClasses.WebResource) return WebResource(subject, control);
        if (classId == ControlClasses.Timeline) return Timeline(subject, control);
        return Field(subject, table, control, classId);
    }

    static IEnumerable<Finding> Field(LintSubject subject, string table, XElement control, Guid classId)
    {
        string? name = control.Attribute("datafieldname")?.Value;
        if (name is null)
        {
            yield return LintSubject.At(control, "form", "shows no column: it has no datafieldname.");
            yield break;
        }
        foreach (Finding finding in subject.NeedColumn(table, name, control)) yield return finding;
        if (!ControlClasses.Types.TryGetValue(classId, out ColumnType[]? types))
        {
            yield return LintSubject.At(control, "form", $"the control class {classId} is not known here; is it mistyped?");
        }
        else if (subject.Column(table, name) is { } column && !types.Contains(column.Type))
        {
            yield return LintSubject.At(control, "wrong-type", $"{name} is of type {column.Type}, but this control shows {string.Join(" or ", types)}.");
        }
    }

    static IEnumerable<Finding> WebResource(LintSubject subject, XElement control)
    {
        XElement? url = control.Element("parameters")?.Element("Url");
        if (url is null || subject.Solution.WebResources.All(w => w.Name != url.Value))
        {
            yield return LintSubject.At(url ?? control, "unknown-web-resource", $"there is no web resource {url?.Value} in the solution.");
        }
    }

    static IEnumerable<Finding> Timeline(LintSubject subject, XElement control)
    {
        if (control.Element("parameters")?.Element("UClientActivities") is not { } list) yield break;
        string[] names = list.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in names.Where(n => subject.Table(n)?.IsActivity != true))
        {
            yield return LintSubject.At(list, "unknown-table", $"there is no activity {name}.");
        }
    }
}
