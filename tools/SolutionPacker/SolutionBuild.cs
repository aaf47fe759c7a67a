using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrmBehavior.SolutionPacker.Linting;
using CrmBehavior.SolutionPacker.Packing;

namespace CrmBehavior.SolutionPacker;

/// <summary>Checks and packs every solution of a folder, for the build.</summary>
public static class SolutionBuild
{
    /// <summary>
    /// Checks each folder that has <c>Other/Solution.xml</c> and writes <c>NAME.zip</c> and <c>NAME_managed.zip</c>. A solution with findings
    /// is not written.
    /// </summary>
    /// <param name="solutions">Folder with one folder for each solution.</param>
    /// <param name="pluginDll">Path of the built plugin, or null.</param>
    /// <param name="version">Version of the solutions.</param>
    /// <param name="output">Folder of the zips; made when missing.</param>
    /// <param name="messages">Gets a line for each zip, and for each finding, in the form that MSBuild reads.</param>
    /// <returns>Whether every solution was clean and written.</returns>
    public static bool Run(string solutions, string? pluginDll, Version version, string output, TextWriter messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<string> folders = Folders(solutions);
        if (folders.Count == 0)
        {
            messages.WriteLine($"{solutions}: error no-solution: no folder in it has Other/Solution.xml.");
            return false;
        }
        string zips = Directory.CreateDirectory(output).FullName;
        bool clean = true;
        foreach (string folder in folders) clean &= Build(folder, pluginDll, version, zips, messages);
        return clean;
    }

    static List<string> Folders(string solutions)
        => !Directory.Exists(solutions) ? []
            : Directory.EnumerateDirectories(solutions)
                .Where(d => File.Exists(Path.Combine(d, "Other", "Solution.xml"))).Order(StringComparer.Ordinal).ToList();

    static bool Build(string folder, string? pluginDll, Version version, string output, TextWriter messages)
    {
        IReadOnlyList<Finding> findings = SolutionLint.CheckSources(folder, pluginDll, version);
        foreach (Finding finding in findings)
        {
            string source = Path.Combine(folder, finding.Place.File);
            messages.WriteLine(finding.ToString(File.Exists(source) ? source : finding.Place.File));
        }
        if (findings.Count > 0) return false;
        foreach (bool managed in new[] { false, true })
        {
            string zip = Path.Combine(output, Path.GetFileName(folder) + (managed ? "_managed.zip" : ".zip"));
            byte[] bytes = SolutionPackage.Pack(folder, pluginDll, version, managed);
            // An unchanged zip keeps its time, so that what depends on it is not built again.
            if (!File.Exists(zip) || !File.ReadAllBytes(zip).AsSpan().SequenceEqual(bytes)) File.WriteAllBytes(zip, bytes);
            messages.WriteLine($"{Path.GetFileName(folder)} -> {zip}");
        }
        return true;
    }
}
