using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Schema;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>
/// The manifest says what must be there first: plugin types of another solution, and tables that not every environment has (that those
/// are listed, each place that names one checks). The import then refuses in a sentence what would otherwise fail halfway.
/// </summary>
static class MissingDependencies
{
    internal static IEnumerable<Finding> Check(LintSubject subject)
    {
        List<Need> needs = Types(subject).ToList();
        XElement manifest = ManifestReader.Manifest(subject.Files);
        List<XElement> listed = manifest.Element("MissingDependencies")?.Elements("MissingDependency").ToList() ?? [];
        foreach (Need need in needs)
        {
            if (listed.Exists(need.IsMetBy)) continue;
            yield return LintSubject.At(
                need.At, "missing-dependency",
                $"needs {need.Name} of another solution; add to solution.xml a MissingDependency with Required {need.Required} and Dependent {need.Dependent}.");
        }
        foreach (XElement dependency in listed)
        {
            foreach (Finding finding in Listed(subject, needs, dependency)) yield return finding;
        }
    }

    static IEnumerable<Finding> Listed(LintSubject subject, List<Need> needs, XElement dependency)
    {
        XElement? required = dependency.Element("Required");
        if (required is null || dependency.Element("Dependent") is null)
        {
            yield return LintSubject.At(dependency, "missing-dependency", "needs a Required and a Dependent.");
        }
        else if (required.Attribute("type")?.Value == "1" ? !IsNamed(subject, required) : !needs.Exists(n => n.IsMetBy(dependency)))
        {
            yield return LintSubject.At(dependency, "missing-dependency", "nothing in the solution needs this in this way; remove it.");
        }
        else if (string.IsNullOrWhiteSpace(required.Attribute("solution")?.Value))
        {
            yield return LintSubject.At(required, "missing-dependency", "does not say which solution brings it; add the attribute solution.");
        }
    }

    // Tables are named in many ways: as a value of an element, of an attribute, or in the name of a privilege.
    static bool IsNamed(LintSubject subject, XElement required)
    {
        string table = required.Attribute("schemaName")?.Value ?? "";
        return StandardTables.IsSales(table) && subject.Files.Customizations.Root!.DescendantsAndSelf().Any(e =>
            (!e.HasElements && string.Equals(e.Value, table, StringComparison.OrdinalIgnoreCase))
            || e.Attributes().Any(a => string.Equals(a.Value, table, StringComparison.OrdinalIgnoreCase)
                || (a.Value.StartsWith("prv", StringComparison.Ordinal) && a.Value.EndsWith(table, StringComparison.OrdinalIgnoreCase))));
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

    static string ById(int type, Guid id) => $"type=\"{type}\" id=\"{id:B}\"";

    /// <summary>What one component needs of another.</summary>
    sealed record Need(string Required, string Dependent, string Name, XElement At)
    {
        internal bool IsMetBy(XElement dependency) => Key(dependency, "Required") == Required && Key(dependency, "Dependent") == Dependent;
    }
}
