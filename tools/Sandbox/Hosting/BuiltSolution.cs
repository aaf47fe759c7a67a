using System;
using System.IO;
using System.Linq;

namespace CrmBehavior.Sandbox.Hosting;

/// <summary>Finds the managed solution that goes with this sandbox: beside it, or where the solution project builds it.</summary>
internal static class BuiltSolution
{
    const string FileName = "CrmBehavior_managed.zip";

    /// <summary>The solution for organisations that have Dynamics 365 Sales.</summary>
    public const string SalesFileName = "CrmBehaviorSales_managed.zip";

    /// <summary>The newest of those found; null when the solution was never built.</summary>
    public static string? Find(string fileName = FileName)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, fileName);
        if (File.Exists(beside)) return beside;
        if (Repository.Root is not { } root) return null;
        string bin = Path.Combine(root, "solution", "bin");
        return Directory.Exists(bin)
            ? Directory.GetFiles(bin, fileName, SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault() : null;
    }
}
