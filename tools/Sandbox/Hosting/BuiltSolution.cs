using System;
using System.IO;
using System.Linq;

namespace CrmBehavior.Sandbox.Hosting;

/// <summary>Finds the managed solution that goes with this sandbox: beside it, or where the solution project builds it.</summary>
internal static class BuiltSolution
{
    const string FileName = "CrmBehavior_managed.zip";

    /// <summary>The newest of those found; null when the solution was never built.</summary>
    public static string? Find()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, FileName);
        if (File.Exists(beside)) return beside;
        if (Repository.Root is not { } root) return null;
        string bin = Path.Combine(root, "solution", "bin");
        return Directory.Exists(bin)
            ? Directory.GetFiles(bin, FileName, SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault() : null;
    }
}
