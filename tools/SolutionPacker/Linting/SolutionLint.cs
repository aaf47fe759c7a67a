using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Linting.Rules;
using CrmBehavior.SolutionPacker.Packing;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting;

/// <summary>
/// Checks what the platform's XML schema cannot express: that ids are unique, that every name leads somewhere, that nothing secret
/// travels. A solution without findings is not proven to import; one with findings will not, or will do harm.
/// </summary>
public static class SolutionLint
{
    static readonly Func<LintSubject, IEnumerable<Finding>>[] Rules =
    [
        UniqueIds.Check,
        UniqueNames.Check,
        ElementOrder.Check,
        PublisherNames.Check,
        OptionValues.Check,
        RootComponents.Check,
        MissingDependencies.Check,
        TableDefinitions.Check,
        ColumnDefinitions.Check,
        KeyDefinitions.Check,
        RelationshipDefinitions.Check,
        Views.Check,
        Charts.Check,
        Forms.Check,
        Dashboards.Check,
        WebResources.Check,
        PluginAssemblies.Check,
        ProcessingSteps.Check,
        StepImages.Check,
        RolePrivileges.Check,
        Apps.Check,
        SiteMaps.Check,
        CustomApis.Check,
        Secrets.Check,
        PackageContents.Check,
    ];

    /// <summary>Findings in a zip, places named by its files; empty when it is clean. A zip that cannot be read is one finding.</summary>
    /// <param name="zip">The bytes of the zip.</param>
    /// <param name="others">The zips of solutions that it needs, as far as they are at hand.</param>
    public static IReadOnlyList<Finding> Check(ReadOnlyMemory<byte> zip, params IEnumerable<ReadOnlyMemory<byte>> others)
        => Guarded(() => SolutionFiles.FromZip(zip), _ => others.Select(SolutionReader.Read));

    /// <summary>
    /// Findings in a source folder, places named by its files. What cannot be packed is one finding. Solutions that it says it needs are
    /// read from the folders beside it.
    /// </summary>
    /// <param name="sourceFolder">Folder of one solution.</param>
    /// <param name="pluginDll">Path of the built plugin, or null.</param>
    /// <param name="version">Version of the solution.</param>
    public static IReadOnlyList<Finding> CheckSources(string sourceFolder, string? pluginDll, Version version) => Guarded(
        () => SolutionAssembler.Assemble(sourceFolder, pluginDll, version, managed: true),
        files => Beside(sourceFolder, files).Select(folder => SolutionReader.Read(SolutionAssembler.Assemble(folder, pluginDll, version, managed: true))));

    internal static IReadOnlyList<Finding> Check(SolutionFiles files) => Guarded(() => files, _ => []);

    static IEnumerable<string> Beside(string sourceFolder, SolutionFiles files)
    {
        string? parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(sourceFolder)));
        return ManifestReader.Missing(ManifestReader.Manifest(files)).Select(m => m.SolutionName).OfType<string>().Distinct()
            .Select(name => Path.Combine(parent ?? "", name)).Where(folder => File.Exists(Path.Combine(folder, "Other", "Solution.xml")));
    }

    static List<Finding> Guarded(Func<SolutionFiles> open, Func<SolutionFiles, IEnumerable<Solution>> needed)
    {
        try
        {
            SolutionFiles files = open();
            var subject = new LintSubject(files, Readable(files, needed));
            return Rules.SelectMany(rule => rule(subject))
                .OrderBy(f => f.Place.File, StringComparer.Ordinal).ThenBy(f => f.Place.Line).ThenBy(f => f.Place.Column).ToList();
        }
        catch (SolutionFormatException e)
        {
            // The message repeats the place, which the finding prints itself.
            string place = $"{e.Place.File}({e.Place.Line},{e.Place.Column}): ";
            return [new Finding("unreadable", e.Place, e.Message[place.Length..])];
        }
    }

    // One that cannot be read has findings of its own.
    static List<Solution> Readable(SolutionFiles files, Func<SolutionFiles, IEnumerable<Solution>> needed)
    {
        try
        {
            return needed(files).ToList();
        }
        catch (SolutionFormatException)
        {
            return [];
        }
    }
}
