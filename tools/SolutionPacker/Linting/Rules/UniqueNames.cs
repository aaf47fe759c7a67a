using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Reading;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Names that the platform finds components by are unique among their kind.</summary>
static class UniqueNames
{
    internal static IEnumerable<Finding> Check(LintSubject subject)
    {
        SolutionFiles files = subject.Files;
        return new[]
        {
            Repeated("table", files.Section("Entities").Select(e => ((string?)TableReader.LogicalName(e), (XObject)e))),
            Repeated("column", subject.Attributes.Select(a => ((string?)$"{a.Table}.{a.Attribute.Text("LogicalName")}", (XObject)a.Attribute))),
            Repeated("relationship", files.Section("EntityRelationships").Select(e => (e.Attribute("Name")?.Value, (XObject)e))),
            Repeated("choice", files.Section("optionsets").Select(e => (e.Attribute("Name")?.Value, (XObject)e))),
            Repeated("role", files.Section("Roles").Select(e => (e.Attribute("name")?.Value, (XObject)e))),
            Repeated("web resource", files.Section("WebResources").Select(e => (e.Text("Name"), (XObject)e))),
            Repeated(
                "friendly name of a plugin type",
                files.Section("SolutionPluginAssemblies").Descendants("FriendlyName").Select(e => ((string?)e.Value, (XObject)e))),
            Repeated("step", files.Section("SdkMessageProcessingSteps").Select(e => (e.Attribute("Name")?.Value, (XObject)e))),
            Repeated("app", files.Section("AppModules").Select(e => (e.Text("UniqueName"), (XObject)e))),
            Repeated("environment variable", files.Components.Values.Select(d => (d.Root!.Attribute("schemaname")?.Value, (XObject)d.Root))),
        }.SelectMany(f => f);
    }

    static IEnumerable<Finding> Repeated(string kind, IEnumerable<(string? Name, XObject At)> names)
        => names.Where(n => !string.IsNullOrEmpty(n.Name)).GroupBy(n => n.Name!, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)
            .SelectMany(g => g.Skip(1).Select(n => LintSubject.At(n.At, "duplicate-name", $"the {kind} {n.Name} is there twice; rename or remove one.")));
}
