using System;
using System.IO;
using System.Linq;
using System.Reflection;
using CrmBehavior.SolutionPacker.Files;

namespace CrmBehavior.SolutionPacker.Tests;

/// <summary>The sources and the built zips of the product's own solution.</summary>
static class Repository
{
    static readonly Lazy<string> Plugin = new(ExtractPlugin);

    internal static string Root { get; } = FindRoot();

    internal static string Sources { get; } = Path.Combine(Root, "solution", "CrmBehavior");

    internal static string SalesSources { get; } = Path.Combine(Root, "solution", "CrmBehaviorSales");

    internal static Version Version { get; } = new(1, 0, 0, 0);

    /// <summary>The net462 plugin that the build put into the zip.</summary>
    internal static string PluginDll => Plugin.Value;

    internal static byte[] BuiltZip(bool managed, string solution = "CrmBehavior")
        => File.ReadAllBytes(Path.Combine(Root, "solution", "bin", Configuration(), solution + (managed ? "_managed.zip" : ".zip")));

    static string Configuration()
        => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Configuration").Value!;

    static string ExtractPlugin()
    {
        (string entry, ReadOnlyMemory<byte> dll) = SolutionFiles.FromZip(BuiltZip(managed: true)).Contents
            .Single(c => c.Key.EndsWith(".dll", StringComparison.Ordinal));
        string folder = Directory.CreateTempSubdirectory("crmb-plugin-").FullName;
        string path = Path.Combine(folder, Path.GetFileName(entry));
        File.WriteAllBytes(path, dll.ToArray());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return path;
    }

    static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "global.json"))) return at.FullName;
        }
        throw new InvalidOperationException("The tests run outside the repository: no global.json above them.");
    }
}
