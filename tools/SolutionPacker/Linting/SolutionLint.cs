using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Linting.Rules;
using CrmBehavior.SolutionPacker.Packing;

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
    public static IReadOnlyList<Finding> Check(ReadOnlyMemory<byte> zip) => Guarded(() => SolutionFiles.FromZip(zip));

    /// <summary>Findings in a source folder, places named by its files. What cannot be packed is one finding.</summary>
    /// <param name="sourceFolder">Folder of one solution.</param>
    /// <param name="pluginDll">Path of the built plugin, or null.</param>
    /// <param name="version">Version of the solution.</param>
    public static IReadOnlyList<Finding> CheckSources(string sourceFolder, string? pluginDll, Version version)
        => Guarded(() => SolutionAssembler.Assemble(sourceFolder, pluginDll, version, managed: true));

    internal static IReadOnlyList<Finding> Check(SolutionFiles files) => Guarded(() => files);

    static List<Finding> Guarded(Func<SolutionFiles> open)
    {
        try
        {
            var subject = new LintSubject(open());
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
}
