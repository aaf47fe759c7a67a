using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Web resources have the type of their name's ending, and their bytes are there.</summary>
static class WebResources
{
    static readonly Dictionary<string, int> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = 1,
        [".htm"] = 1,
        [".css"] = 2,
        [".js"] = 3,
        [".xml"] = 4,
        [".png"] = 5,
        [".jpg"] = 6,
        [".gif"] = 7,
        [".xsl"] = 9,
        [".ico"] = 10,
        [".svg"] = 11,
        [".resx"] = 12,
    };

    internal static IEnumerable<Finding> Check(LintSubject subject) => subject.Files.Section("WebResources").SelectMany(w => Resource(subject, w));

    static IEnumerable<Finding> Resource(LintSubject subject, XElement resource)
    {
        string name = resource.Required("Name");
        int type = resource.RequiredInt("WebResourceType");
        if (!Types.TryGetValue(Path.GetExtension(name), out int expected))
        {
            yield return LintSubject.At(
                resource.Element("Name")!, "web-resource", $"{name} has no ending that tells its type; end it in one of {string.Join(' ', Types.Keys)}.");
        }
        else if (expected != type)
        {
            yield return LintSubject.At(resource.Element("WebResourceType")!, "web-resource", $"{name} is of type {expected}, not {type}.");
        }
        string file = resource.Required("FileName");
        string id = resource.RequiredGuid("WebResourceId").ToString("D").ToUpperInvariant();
        if (!file.StartsWith("/WebResources/", StringComparison.Ordinal) || !file.EndsWith(id, StringComparison.Ordinal))
        {
            yield return LintSubject.At(resource.Element("FileName")!, "web-resource", $"must be /WebResources/, the name without punctuation, and {id}.");
        }
        if (subject.Files.Contents.TryGetValue(file.TrimStart('/'), out ReadOnlyMemory<byte> content) && content.Length == 0)
        {
            yield return LintSubject.At(resource, "web-resource", $"{name} is empty.");
        }
    }
}
