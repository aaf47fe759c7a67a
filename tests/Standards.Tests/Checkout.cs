using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.TestServers;

namespace CrmBehavior.Standards.Tests;

/// <summary>The files of this checkout that people wrote.</summary>
internal static class Checkout
{
    static readonly string[] Made = ["bin", "obj", "node_modules", ".git", ".vs", "TestResults", "artifacts", "BenchmarkDotNet.Artifacts"];

    static readonly string[] Texts = [".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".json", ".xml", ".yml", ".sql", ".html", ".js", ".cjs", ".css", ".svg", ""];

    /// <summary>Paths from the root, with slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Under(new DirectoryInfo(BuiltProgram.Root)).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> TextFiles => Files.Where(f => Texts.Contains(Path.GetExtension(f)));

    public static IEnumerable<string> Projects => Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(BuiltProgram.Root, file));

    /// <summary>What a project names in elements of a kind, as <c>ProjectReference</c>.</summary>
    public static IReadOnlyList<string> Named(string project, string element) =>
        [.. XDocument.Parse(Read(project)).Descendants(element).Select(e => (string?)e.Attribute("Include")).OfType<string>()];

    /// <summary>Names of the projects that one refers to, those that it is only built after left out.</summary>
    public static IReadOnlyList<string> References(string project) =>
    [
        .. XDocument.Parse(Read(project)).Descendants("ProjectReference").Where(e => (string?)e.Attribute("ReferenceOutputAssembly") != "false")
            .Select(e => Path.GetFileNameWithoutExtension(((string)e.Attribute("Include")!).Replace('\\', '/'))).Order(StringComparer.Ordinal),
    ];

    static IEnumerable<string> Under(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.GetFiles()) yield return Path.GetRelativePath(BuiltProgram.Root, file.FullName).Replace('\\', '/');
        foreach (DirectoryInfo inner in folder.GetDirectories().Where(d => !Made.Contains(d.Name)))
        {
            foreach (string file in Under(inner)) yield return file;
        }
    }
}
