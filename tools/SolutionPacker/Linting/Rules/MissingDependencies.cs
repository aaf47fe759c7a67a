using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Schema;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>
/// The manifest says what must be there first: tables that not every environment has, and plugin types of another solution. The import
/// then refuses in a sentence what would otherwise fail halfway.
/// </summary>
static class MissingDependencies
{
    internal static IEnumerable<Finding> Check(LintSubject subject)
    {
        List<Need> needs = Tables(subject).Concat(Types(subject)).ToList();
        XElement manifest = ManifestReader.Manifest(subject.Files);
        List<XElement> listed = manifest.Element("MissingDependencies")?.Elements("MissingDependency").ToList() ?? [];
        foreach (Need need in needs.DistinctBy(n => (n.Required, n.Dependent)))
        {
            if (listed.Exists(d => Key(d, "Required") == need.Required && Key(d, "Dependent") == need.Dependent)) continue;
            yield return LintSubject.At(
                need.At, "missing-dependency",
                $"needs {need.Name}, which not every environment has; add to solution.xml a MissingDependency with Required {need.Required} and Dependent {need.Dependent}.");
        }
        foreach (XElement dependency in listed)
        {
            foreach (Finding finding in Listed(needs, dependency)) yield return finding;
        }
    }

    static IEnumerable<Finding> Listed(List<Need> needs, XElement dependency)
    {
        XElement? required = dependency.Element("Required");
        if (required is null || dependency.Element("Dependent") is null)
        {
            yield return LintSubject.At(dependency, "missing-dependency", "needs a Required and a Dependent.");
        }
        else if (!needs.Exists(n => n.Required == Key(dependency, "Required") && n.Dependent == Key(dependency, "Dependent")))
        {
            yield return LintSubject.At(dependency, "missing-dependency", "nothing in the solution needs this in this way; remove it.");
        }
        else if (string.IsNullOrWhiteSpace(required.Attribute("solution")?.Value))
        {
            yield return LintSubject.At(required, "missing-dependency", "does not say which solution brings it; add the attribute solution.");
        }
    }

    static IEnumerable<Need> Tables(LintSubject subject)
        => Mentions(subject).Where(m => StandardTables.IsSales(m.Table.ToLowerInvariant()))
            .Select(m => new Need(ByName(ComponentTypes.Table, m.Table.ToLowerInvariant()), m.Dependent, "the table " + m.Table, m.At));

    static IEnumerable<(string Table, string Dependent, XElement At)> Mentions(LintSubject subject)
    {
        IEnumerable<(string, string, XElement)> steps = subject.Files.Section("SdkMessageProcessingSteps").Where(s => s.Text("PrimaryEntity") is not null)
            .Select(s => (s.Text("PrimaryEntity")!, Step(s), s.Element("PrimaryEntity")!));
        IEnumerable<(string, string, XElement)> relationships = subject.Files.Section("EntityRelationships").SelectMany(
            r => r.Elements().Where(e => e.Name.LocalName is "ReferencingEntityName" or "ReferencedEntityName" or "FirstEntityName" or "SecondEntityName")
                .Select(e => (e.Value, ByName(ComponentTypes.Relationship, r.Attribute("Name")?.Value ?? ""), e)));
        IEnumerable<(string, string, XElement)> extended = subject.Entities.Select(e => (e.Table, ByName(ComponentTypes.Table, e.Table), e.Entity));
        IEnumerable<(string, string, XElement)> apps = subject.Files.Section("AppModules").SelectMany(a => a.Descendants("AppModuleComponent")
            .Where(c => c.Attribute("type")?.Value == "1" && c.Attribute("schemaName") is not null)
            .Select(c => (c.Attribute("schemaName")!.Value, ByName(ComponentTypes.AppModule, a.Text("UniqueName") ?? ""), c)));
        return steps.Concat(relationships).Concat(extended).Concat(apps);
    }

    static IEnumerable<Need> Types(LintSubject subject)
    {
        HashSet<Guid> own = subject.Solution.PluginAssemblies.SelectMany(a => a.Types).Select(t => t.Id).ToHashSet();
        foreach (XElement step in subject.Files.Section("SdkMessageProcessingSteps"))
        {
            if (step.Int("EventHandlerTypeCode") == PluginReader.ServiceEndpointHandler || step.Guid("PluginTypeId") is not { } type || own.Contains(type)) continue;
            // A type that is nowhere is found by the rule of steps.
            bool listed = subject.Solution.MissingDependencies.Any(d => d.Type == ComponentTypes.PluginType && d.Id == type);
            bool known = subject.Others.SelectMany(o => o.PluginAssemblies).SelectMany(a => a.Types).Any(t => t.Id == type);
            if (listed || known) yield return new Need(ById(ComponentTypes.PluginType, type), Step(step), "the plugin type " + step.Text("PluginTypeName"), step);
        }
    }

    static string Step(XElement step) => step.Attribute("SdkMessageProcessingStepId") is { } id && Guid.TryParse(id.Value, out Guid guid)
        ? ById(ComponentTypes.ProcessingStep, guid) : "";

    static string Key(XElement dependency, string side)
    {
        XElement component = dependency.Element(side) ?? new XElement(side);
        string type = component.Attribute("type")?.Value ?? "";
        return Guid.TryParse(component.Attribute("id")?.Value, out Guid id)
            ? $"type=\"{type}\" id=\"{id:B}\"" : $"type=\"{type}\" schemaName=\"{component.Attribute("schemaName")?.Value}\"";
    }

    static string ByName(int type, string name) => $"type=\"{type}\" schemaName=\"{name}\"";

    static string ById(int type, Guid id) => $"type=\"{type}\" id=\"{id:B}\"";

    /// <summary>What one component needs of another.</summary>
    sealed record Need(string Required, string Dependent, string Name, XElement At);
}
