using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Every file of the zip has a content type and belongs to a component.</summary>
static class PackageContents
{
    internal static IEnumerable<Finding> Check(LintSubject subject)
    {
        XElement types = subject.Files.ContentTypes.Root!;
        HashSet<string> extensions = types.Elements().Where(e => e.Name.LocalName == "Default")
            .Select(e => e.Attribute("Extension")?.Value ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        HashSet<string> parts = types.Elements().Where(e => e.Name.LocalName == "Override")
            .Select(e => e.Attribute("PartName")?.Value.TrimStart('/') ?? "").ToHashSet(StringComparer.Ordinal);
        foreach (string entry in subject.Files.Contents.Keys.Concat(subject.Files.Components.Keys).Append(SolutionFiles.ManifestEntry))
        {
            string extension = Path.GetExtension(entry).TrimStart('.');
            bool typed = extension.Length > 0 ? extensions.Contains(extension) : parts.Contains(entry);
            if (!typed) yield return LintSubject.At(types, "content-type", $"{entry} has no content type; the import would not see the file.");
        }
        foreach (string part in parts.Where(p => !subject.Files.Contents.ContainsKey(p)))
        {
            yield return LintSubject.At(
                types, "content-type", $"names {part}, which is not in the zip.");
        }

        HashSet<string> named = subject.Solution.WebResources.Select(w => w.FileName)
            .Concat(subject.Solution.PluginAssemblies.Select(a => a.FileName)).ToHashSet();
        foreach (string entry in subject.Files.Contents.Keys.Where(e => !named.Contains(e) && !e.EndsWith(".json", StringComparison.Ordinal)))
        {
            yield return new Finding("package-content", SourcePlace.Whole(entry), "belongs to no component.");
        }
    }
}
