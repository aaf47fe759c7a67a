using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>Reads <c>solution.xml</c>.</summary>
static class ManifestReader
{
    internal static XElement Manifest(SolutionFiles files) => files.Manifest.Root!.RequiredElement("SolutionManifest");

    internal static Publisher Publisher(XElement manifest)
    {
        XElement publisher = manifest.RequiredElement("Publisher");
        return new Publisher
        {
            UniqueName = publisher.Required("UniqueName"),
            Label = publisher.Label("LocalizedNames"),
            Prefix = publisher.Required("CustomizationPrefix"),
            OptionValuePrefix = publisher.RequiredInt("CustomizationOptionValuePrefix"),
        };
    }

    internal static Version Version(XElement manifest)
        => System.Version.TryParse(manifest.Required("Version"), out Version? version) && version.Revision >= 0
            ? version
            : throw new SolutionFormatException(SourcePlace.Of(manifest.Element("Version")!), $"'{manifest.Required("Version")}' is no version of four parts.");

    internal static RootComponent Component(XElement component) => new()
    {
        Type = component.RequiredIntAttribute("type"),
        SchemaName = component.Attribute("schemaName")?.Value,
        Id = component.GuidAttribute("id"),
        Behavior = component.IntAttribute("behavior") ?? 0,
    };

    internal static IReadOnlyList<MissingDependency> Missing(XElement manifest)
        => manifest.Element("MissingDependencies")?.Elements("MissingDependency").Select(d => d.RequiredElement("Required")).Select(r => new MissingDependency
        {
            Type = r.RequiredIntAttribute("type"),
            SchemaName = r.Attribute("schemaName")?.Value,
            Id = r.GuidAttribute("id"),
            Solution = r.Attribute("solution")?.Value,
        }).ToList() ?? [];
}
