using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.SolutionPacker.Files;

namespace CrmBehavior.SolutionPacker.Packing;

/// <summary>Packs the sources of a solution into the zip that Dataverse imports.</summary>
public static class SolutionPackage
{
    /// <summary>
    /// The zip of a source folder: <c>solution.xml</c>, <c>customizations.xml</c>, <c>[Content_Types].xml</c>, assemblies, web resources,
    /// environment variables and custom APIs. The same input gives the same bytes on every machine.
    /// </summary>
    /// <param name="sourceFolder">Folder of one solution, one component a file.</param>
    /// <param name="pluginDll">Path of the built plugin; null for a solution without one.</param>
    /// <param name="version">Version of the solution; see <see cref="ParseVersion"/>.</param>
    /// <param name="managed">Whether the zip is the managed form, which customers install.</param>
    /// <exception cref="SolutionFormatException">A file is missing, broken or unknown; the message names it and the mend.</exception>
    public static byte[] Pack(string sourceFolder, string? pluginDll, Version version, bool managed)
    {
        ArgumentNullException.ThrowIfNull(sourceFolder);
        ArgumentNullException.ThrowIfNull(version);
        return Zip(SolutionAssembler.Assemble(sourceFolder, pluginDll, version, managed));
    }

    /// <summary>The four-part version of a solution: <c>1.2.3</c> gives 1.2.3.0.</summary>
    /// <exception cref="FormatException">The text is not two to four numbers with points between them.</exception>
    public static Version ParseVersion(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('.');
        if (parts.Length is < 2 or > 4 || !parts.All(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw new FormatException($"'{text}' is no version of a solution; write two to four numbers, such as 1.0.0.");
        }
        int[] numbers = [.. parts.Select(p => int.Parse(p, CultureInfo.InvariantCulture)), 0, 0];
        return new Version(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    internal static byte[] Zip(SolutionFiles files)
    {
        var entries = new Dictionary<string, ReadOnlyMemory<byte>>(files.Contents, StringComparer.Ordinal)
        {
            [SolutionFiles.ManifestEntry] = XmlFiles.Write(files.Manifest),
            [SolutionFiles.CustomizationsEntry] = XmlFiles.Write(files.Customizations),
            [SolutionFiles.ContentTypesEntry] = XmlFiles.Write(files.ContentTypes),
        };
        foreach ((string name, System.Xml.Linq.XDocument document) in files.Components) entries[name] = XmlFiles.Write(document);
        return StoredZip.Write(entries);
    }
}
