using System;
using System.IO;

namespace CrmBehavior.Sandbox.Hosting;

/// <summary>The checkout this sandbox was built in.</summary>
internal static class Repository
{
    /// <summary>Its root; null when the sandbox runs elsewhere.</summary>
    public static string? Root { get; } = Find();

    static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props"))) return folder.FullName;
        return null;
    }
}
