using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Xml.Linq;

namespace CrmBehavior.SolutionPacker.Files;

/// <summary>The files of one solution as they stand in its zip, parsed where they are XML.</summary>
sealed class SolutionFiles
{
    internal const string ManifestEntry = "solution.xml";
    internal const string CustomizationsEntry = "customizations.xml";
    internal const string ContentTypesEntry = "[Content_Types].xml";
    internal const string EnvironmentVariablesFolder = "environmentvariabledefinitions/";
    internal const string CustomApisFolder = "customapis/";

    /// <summary>More than the platform takes; a larger entry is a bomb or a mistake.</summary>
    const long MaxEntryBytes = 128L * 1024 * 1024;

    internal required XDocument Manifest { get; init; }

    internal required XDocument Customizations { get; init; }

    internal required XDocument ContentTypes { get; init; }

    /// <summary>XML of components that have files of their own, by entry.</summary>
    internal required IReadOnlyDictionary<string, XDocument> Components { get; init; }

    /// <summary>Everything else, by entry: DLLs, web resources, whatever else lies there.</summary>
    internal required IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Contents { get; init; }

    /// <summary>The elements of a section of customizations.xml; none when the section is missing.</summary>
    internal IEnumerable<XElement> Section(string name) => Customizations.Root!.Element(name)?.Elements() ?? [];

    internal static SolutionFiles FromZip(ReadOnlyMemory<byte> zip)
    {
        Dictionary<string, ReadOnlyMemory<byte>> entries = Unzip(zip);
        XDocument Take(string name)
        {
            if (!entries.Remove(name, out ReadOnlyMemory<byte> content))
            {
                throw new SolutionFormatException(
                    SourcePlace.Whole(name), "is missing; a solution zip has solution.xml, customizations.xml and [Content_Types].xml at its root.");
            }
            return XmlFiles.Load(name, content);
        }
        XDocument manifest = Take(ManifestEntry);
        XDocument customizations = Take(CustomizationsEntry);
        XDocument contentTypes = Take(ContentTypesEntry);
        var components = new SortedDictionary<string, XDocument>(StringComparer.Ordinal);
        foreach (string name in entries.Keys.Where(IsComponent).ToList())
        {
            entries.Remove(name, out ReadOnlyMemory<byte> content);
            components.Add(name, XmlFiles.Load(name, content));
        }
        return new SolutionFiles
        {
            Manifest = manifest,
            Customizations = customizations,
            ContentTypes = contentTypes,
            Components = components,
            Contents = entries,
        };
    }

    internal static bool IsComponent(string entry)
        => entry.EndsWith(".xml", StringComparison.Ordinal)
            && (entry.StartsWith(EnvironmentVariablesFolder, StringComparison.Ordinal) || entry.StartsWith(CustomApisFolder, StringComparison.Ordinal));

    static Dictionary<string, ReadOnlyMemory<byte>> Unzip(ReadOnlyMemory<byte> zip)
    {
        var entries = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(new MemoryStream(zip.ToArray(), writable: false), ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                if (entry.Name.Length == 0) continue; // a folder
                if (entry.Length > MaxEntryBytes) throw new SolutionFormatException(SourcePlace.Whole(entry.FullName), "is larger than 128 MB.");
                using Stream stream = entry.Open();
                using var content = new MemoryStream();
                stream.CopyTo(content);
                if (!entries.TryAdd(entry.FullName, content.ToArray()))
                {
                    throw new SolutionFormatException(SourcePlace.Whole(entry.FullName), "is in the zip twice.");
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new SolutionFormatException(SourcePlace.Whole("zip"), $"cannot be read: {e.Message}", e);
        }
        return entries;
    }
}
