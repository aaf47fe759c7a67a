using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>The manifest lists what the solution has, no more and no less; what is not listed is imported and then belongs to nobody.</summary>
static class RootComponents
{
    internal static IEnumerable<Finding> Check(LintSubject subject)
    {
        List<XElement> listed = ManifestReader.Manifest(subject.Files).Element("RootComponents")?.Elements("RootComponent").ToList() ?? [];
        List<(string Key, int Behavior, XElement At)> expected = Expected(subject).ToList();
        HashSet<string> keys = listed.Select(Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, _, XElement at) in expected.Where(e => !keys.Contains(e.Key)))
        {
            yield return LintSubject.At(at, "root-component", $"is not listed in solution.xml; add a RootComponent with {key}.");
        }
        foreach (XElement component in listed)
        {
            (string Key, int Behavior, XElement At) match = expected.Find(e => string.Equals(e.Key, Key(component), StringComparison.OrdinalIgnoreCase));
            if (match.Key is null) yield return LintSubject.At(component, "root-component", "is not in the solution; remove it, or add its file.");
            else if (component.IntAttribute("behavior") != match.Behavior)
            {
                string why = match.Behavior == 2 ? "only what is ours of a table that exists" : "all of a component of ours";
                yield return LintSubject.At(component, "root-component", $"needs behavior=\"{match.Behavior}\" ({why}).");
            }
        }
        foreach (IGrouping<string, XElement> twice in listed.GroupBy(Key, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            yield return LintSubject.At(twice.Last(), "root-component", "is listed twice.");
        }
    }

    static IEnumerable<(string Key, int Behavior, XElement At)> Expected(LintSubject subject)
        => subject.Entities.Select(e => (ByName(ComponentTypes.Table, e.Table), TableReader.IsExtension(e.Entity) ? 2 : 0, e.Entity))
            .Concat(Named(subject, "optionsets", ComponentTypes.OptionSet, e => e.Attribute("Name")?.Value))
            .Concat(Identified(subject, "Roles", ComponentTypes.Role, e => e.Attribute("id")?.Value))
            .Concat(Identified(subject, "Dashboards", ComponentTypes.Form, e => e.Text("FormId")))
            .Concat(Named(subject, "WebResources", ComponentTypes.WebResource, e => e.Text("Name")))
            .Concat(Named(subject, "AppModuleSiteMaps", ComponentTypes.SiteMap, e => e.Text("SiteMapUniqueName")))
            .Concat(Named(subject, "AppModules", ComponentTypes.AppModule, e => e.Text("UniqueName")))
            .Concat(subject.Files.Section("SolutionPluginAssemblies").Select(e => (
                $"{ById(ComponentTypes.PluginAssembly, e.Attribute("PluginAssemblyId")?.Value)} schemaName=\"{e.Attribute("FullName")?.Value}\"", 0, e)))
            .Concat(Identified(subject, "SdkMessageProcessingSteps", ComponentTypes.ProcessingStep, e => e.Attribute("SdkMessageProcessingStepId")?.Value))
            .Concat(Identified(subject, "ServiceEndpoints", ComponentTypes.ServiceEndpoint, e => e.Attribute("ServiceEndpointId")?.Value));

    static IEnumerable<(string, int, XElement)> Named(LintSubject subject, string section, int type, Func<XElement, string?> name)
        => subject.Files.Section(section).Select(e => (ByName(type, name(e) ?? ""), 0, e));

    static IEnumerable<(string, int, XElement)> Identified(LintSubject subject, string section, int type, Func<XElement, string?> id)
        => subject.Files.Section(section).Select(e => (ById(type, id(e)), 0, e));

    static string Key(XElement component)
    {
        string type = component.Attribute("type")?.Value ?? "";
        string? id = component.Attribute("id")?.Value;
        string? name = component.Attribute("schemaName")?.Value;
        return $"type=\"{type}\"" + (id is null ? "" : $" id=\"{Braced(id)}\"") + (name is null ? "" : $" schemaName=\"{name}\"");
    }

    static string ById(int type, string? id) => $"type=\"{type}\" id=\"{Braced(id)}\"";

    static string ByName(int type, string name) => $"type=\"{type}\" schemaName=\"{name}\"";

    static string Braced(string? id) => Guid.TryParse(id, out Guid guid) ? guid.ToString("B") : id ?? "";
}
