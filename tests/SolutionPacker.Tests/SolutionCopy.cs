using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrmBehavior.SolutionPacker.Linting;
using Shouldly;

namespace CrmBehavior.SolutionPacker.Tests;

/// <summary>A copy of the product's sources in which a test plants a fault.</summary>
sealed class SolutionCopy : IDisposable
{
    internal SolutionCopy()
        : this(Directory.CreateTempSubdirectory("crmb-solution-").FullName, Repository.Sources)
    {
    }

    SolutionCopy(string parent, string sources)
    {
        Folder = Path.Combine(parent, Path.GetFileName(sources));
        foreach (string file in Directory.EnumerateFiles(sources, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(Folder, Path.GetRelativePath(sources, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>The second solution, alone or beside a copy of the first.</summary>
    internal static SolutionCopy OfSales(bool besideFirst = true)
    {
        string parent = Directory.CreateTempSubdirectory("crmb-solution-").FullName;
        if (besideFirst) _ = new SolutionCopy(parent, Repository.Sources);
        return new SolutionCopy(parent, Repository.SalesSources);
    }

    internal string Folder { get; }

    /// <summary>The one file below a folder that contains a text.</summary>
    internal string FileWith(string folder, string text)
        => Directory.EnumerateFiles(Path.Combine(Folder, folder), "*", SearchOption.AllDirectories)
            .Where(f => File.ReadAllText(f).Contains(text, StringComparison.Ordinal))
            .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).ShouldHaveSingleItem();

    /// <summary>Replaces the first occurrence of a text that must be there.</summary>
    internal SolutionCopy Replace(string file, string old, string replacement)
    {
        string text = Read(file);
        int at = text.IndexOf(old, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0, $"{file} does not contain {old}");
        return Write(file, text[..at] + replacement + text[(at + old.Length)..]);
    }

    internal SolutionCopy Write(string file, string text)
    {
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    internal SolutionCopy Delete(string file)
    {
        File.Delete(Path.Combine(Folder, file));
        return this;
    }

    internal string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>Line of the first occurrence, from 1.</summary>
    internal int LineOf(string file, string text) => Read(file).Split(text)[0].Count(c => c == '\n') + 1;

    internal IReadOnlyList<Finding> Findings() => SolutionLint.CheckSources(Folder, Repository.PluginDll, Repository.Version);

    /// <summary>The only finding, which must be of this rule, in this file, at the line of this text.</summary>
    internal Finding OnlyFinding(string rule, string file, string atText)
    {
        Finding finding = Findings().ShouldHaveSingleItem();
        finding.Rule.ShouldBe(rule, finding.ToString());
        finding.Place.File.ShouldBe(file);
        finding.Place.Line.ShouldBe(LineOf(file, atText), finding.ToString());
        return finding;
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
}
