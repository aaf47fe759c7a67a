using System;
using System.IO;

namespace CrmBehavior.TestServers;

/// <summary>Programs of this repository, as they were built beside the tests.</summary>
public static class BuiltProgram
{
    /// <summary>Root of the checkout.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A program's main assembly, of the same configuration as the tests.</summary>
    /// <param name="project">Folder of its project from the root, as <c>tools/Sandbox</c>.</param>
    /// <param name="assembly">Name of its assembly.</param>
    /// <returns>The path.</returns>
    /// <exception cref="InvalidOperationException">It has not been built.</exception>
    public static string Find(string project, string assembly)
    {
        bool isRelease = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        string file = Path.Combine([Root, .. project.Split('/'), "bin", isRelease ? "Release" : "Debug", "net10.0", assembly + ".dll"]);
        return File.Exists(file) ? file : throw new InvalidOperationException($"{project} is not built; run: dotnet build {project}");
    }

    static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at != null; at = at.Parent)
        {
            if (at.GetFiles("CrmBehavior.sln").Length > 0) return at.FullName;
        }
        throw new InvalidOperationException("The tests run outside their checkout.");
    }
}
