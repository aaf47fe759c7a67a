using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;

namespace CrmBehavior.SolutionPacker.Packing;

/// <summary>The source folder of one solution: one component a file, in the form that <c>pac solution unpack</c> gives.</summary>
sealed class SourceFolder
{
    readonly SortedDictionary<string, string> files;
    readonly HashSet<string> untaken;

    internal SourceFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new SolutionFormatException(SourcePlace.Whole(path), "is no folder; a solution's sources lie in a folder with Other/Solution.xml in it.");
        }
        string root = Path.GetFullPath(path);
        files = new SortedDictionary<string, string>(
            Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(root, f).Replace('\\', '/')),
            StringComparer.Ordinal);
        untaken = [.. files.Keys];
    }

    /// <summary>The file as XML, which then counts as taken.</summary>
    internal XDocument Load(string file) => XmlFiles.Load(file, Content(file));

    /// <summary>The bytes of the file, which then counts as taken.</summary>
    internal ReadOnlyMemory<byte> Content(string file)
    {
        if (!files.TryGetValue(file, out string? path)) throw new SolutionFormatException(SourcePlace.Whole(file), "is missing.");
        untaken.Remove(file);
        return File.ReadAllBytes(path);
    }

    /// <summary>Whether there is such a file.</summary>
    internal bool Has(string file) => files.ContainsKey(file);

    /// <summary>Files of a folder and the folders in it whose names end so, sorted.</summary>
    internal IEnumerable<string> Under(string folder, string ending)
        => files.Keys.Where(f => f.StartsWith(folder, StringComparison.Ordinal) && f.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Refuses to go on while a file was not taken: what lies in the folder is meant to ship.</summary>
    internal void RefuseUntaken()
    {
        string? file = untaken.Order(StringComparer.Ordinal).FirstOrDefault();
        if (file is not null)
        {
            throw new SolutionFormatException(
                SourcePlace.Whole(file), "belongs to no component that the packer knows; move it out of the solution's folder, or teach the packer.");
        }
    }
}
