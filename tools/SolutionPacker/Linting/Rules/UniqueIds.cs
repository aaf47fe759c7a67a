using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Ids of components are unique in the solution; ids of form elements are unique in their form.</summary>
static class UniqueIds
{
    static readonly string[] IdElements = ["formid", "savedqueryid", "savedqueryvisualizationid", "SdkMessageProcessingStepImageId"];

    static readonly (string Element, string Attribute)[] IdAttributes =
    [
        ("PluginAssembly", "PluginAssemblyId"),
        ("PluginType", "PluginTypeId"),
        ("SdkMessageProcessingStep", "SdkMessageProcessingStepId"),
        ("ServiceEndpoint", "ServiceEndpointId"),
    ];

    static readonly string[] FormElements = ["tab", "section", "cell", "header", "footer"];

    internal static IEnumerable<Finding> Check(LintSubject subject)
        => Repeated(ComponentIds(subject.Files), "another component").Concat(Forms(subject.Files).SelectMany(WithinForm));

    static IEnumerable<(string Id, XObject At)> ComponentIds(SolutionFiles files)
    {
        XElement root = files.Customizations.Root!;
        IEnumerable<(string, XObject)> elements = root.Descendants().Where(e => IdElements.Contains(e.Name.LocalName)).Select(e => (e.Value, (XObject)e));
        IEnumerable<(string, XObject)> attributes = IdAttributes
            .SelectMany(a => root.Descendants(a.Element).Attributes(a.Attribute)).Select(a => (a.Value, (XObject)a));
        IEnumerable<(string, XObject)> resources = files.Section("WebResources").Elements("WebResourceId").Select(e => (e.Value, (XObject)e));
        IEnumerable<(string, XObject)> dashboards = files.Section("Dashboards").Elements("FormId").Select(e => (e.Value, (XObject)e));
        IEnumerable<(string, XObject)> roles = files.Section("Roles").Attributes("id").Select(a => (a.Value, (XObject)a));
        return elements.Concat(attributes).Concat(resources).Concat(dashboards).Concat(roles);
    }

    static IEnumerable<XElement> Forms(SolutionFiles files)
        => files.Section("Entities").Descendants("systemform").Elements("form").Concat(files.Section("Dashboards").Descendants("form"));

    static IEnumerable<Finding> WithinForm(XElement form)
    {
        IEnumerable<XAttribute> elements = form.Descendants().Where(e => FormElements.Contains(e.Name.LocalName)).Attributes("id");
        IEnumerable<XAttribute> controls = form.Descendants("control").Attributes("id");
        return Repeated(elements.Select(a => (a.Value, (XObject)a)), "another element of the form")
            .Concat(Repeated(controls.Select(a => (a.Value, (XObject)a)), "another control of the form"));
    }

    static IEnumerable<Finding> Repeated(IEnumerable<(string Id, XObject At)> ids, string other)
        => ids.GroupBy(i => Guid.TryParse(i.Id, out Guid id) ? id.ToString() : i.Id, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)
            .SelectMany(g => g.Skip(1).Select(i => LintSubject.At(
                i.At, "duplicate-id", $"the id {i.Id} is also that of {other} at {Where(g.First().At)}; give this one an id of its own.")));

    static string Where(XObject at)
    {
        SourcePlace place = SourcePlace.Of(at);
        return $"{place.File}({place.Line},{place.Column})";
    }
}
