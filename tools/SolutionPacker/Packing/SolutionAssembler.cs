using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;

namespace CrmBehavior.SolutionPacker.Packing;

/// <summary>Makes the files of a zip from a source folder.</summary>
static class SolutionAssembler
{
    internal static SolutionFiles Assemble(string sourceFolder, string? pluginDll, Version version, bool managed)
    {
        var source = new SourceFolder(sourceFolder);
        XDocument manifest = source.Load("Other/Solution.xml");
        Stamp(manifest, version, managed);
        XDocument customizations = CustomizationsAssembler.Assemble(source);
        var contents = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        AddWebResources(source, customizations, contents);
        AddPlugins(customizations, contents, pluginDll);
        var components = new SortedDictionary<string, XDocument>(StringComparer.Ordinal);
        foreach (string folder in new[] { SolutionFiles.EnvironmentVariablesFolder, SolutionFiles.CustomApisFolder })
        {
            foreach (string file in source.Under(folder, ".xml")) components.Add(file, source.Load(file));
            // Values of environment variables; they are taken so that the check can refuse them by name.
            foreach (string file in source.Under(folder, ".json")) contents.Add(file, source.Content(file));
        }
        source.RefuseUntaken();
        XDocument contentTypes = ContentTypes.For(contents.Keys.Concat(components.Keys));
        SourcePlace.Mark(contentTypes.Root!, SolutionFiles.ContentTypesEntry);
        return new SolutionFiles
        {
            Manifest = manifest,
            Customizations = customizations,
            ContentTypes = contentTypes,
            Components = components,
            Contents = contents,
        };
    }

    static void Stamp(XDocument manifest, Version version, bool managed)
    {
        XElement solution = manifest.Root!.Element("SolutionManifest")
            ?? throw new SolutionFormatException(SourcePlace.Of(manifest.Root!), "has no SolutionManifest.");
        solution.SetElementValue("Version", version.ToString(4));
        solution.SetElementValue("Managed", managed ? "1" : "0");
        // What is required of a solution of this repository is required in the same version; others' versions stand in the file.
        foreach (XAttribute required in solution.Descendants("Required").Attributes("solution").Where(a => !a.Value.Contains(' ', StringComparison.Ordinal)))
        {
            required.Value += $" ({version.ToString(4)})";
        }
    }

    // The bytes lie beside the .data.xml; in the zip they have the name that FileName says.
    static void AddWebResources(SourceFolder source, XDocument customizations, Dictionary<string, ReadOnlyMemory<byte>> contents)
    {
        foreach (XElement resource in Section(customizations, "WebResources"))
        {
            string file = SourcePlace.Of(resource).File;
            contents[EntryOf(resource)] = source.Content(file[..^".data.xml".Length]);
        }
    }

    static void AddPlugins(XDocument customizations, Dictionary<string, ReadOnlyMemory<byte>> contents, string? pluginDll)
    {
        foreach (XElement assembly in Section(customizations, "SolutionPluginAssemblies"))
        {
            string entry = EntryOf(assembly);
            string name = Path.GetFileName(entry);
            if (pluginDll is null || !File.Exists(pluginDll))
            {
                string where = pluginDll is null ? "was not given" : "is not at " + pluginDll;
                throw new SolutionFormatException(SourcePlace.Of(assembly), $"needs the built {name}, which {where}; build the plugin first.");
            }
            if (Path.GetFileName(pluginDll) != name)
            {
                throw new SolutionFormatException(SourcePlace.Of(assembly), $"names {name}, but the built plugin is {Path.GetFileName(pluginDll)}.");
            }
            contents[entry] = File.ReadAllBytes(pluginDll);
        }
    }

    static string EntryOf(XElement component)
        => component.Element("FileName")?.Value is { } name && name.StartsWith('/')
            ? name[1..]
            : throw new SolutionFormatException(SourcePlace.Of(component), "needs a FileName that begins with a slash.");

    static IEnumerable<XElement> Section(XDocument customizations, string name) => customizations.Root!.Element(name)?.Elements() ?? [];
}
