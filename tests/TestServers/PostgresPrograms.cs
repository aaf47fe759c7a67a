using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace CrmBehavior.TestServers;

/// <summary>The programs of an installed PostgreSQL.</summary>
public static class PostgresPrograms
{
    private static readonly string[] Needed = ["initdb", "postgres", "pg_ctl"];

    private static readonly string? Found = Find();

    /// <summary>What is missing for a server to be started, as a sentence; null when nothing is.</summary>
    public static string? Missing =>
        OperatingSystem.IsWindows() ? "A PostgreSQL server is started by these tests on Linux and macOS only."
        : Found is null ? $"PostgreSQL is not installed: no folder of PATH and no /usr/lib/postgresql/*/bin holds {string.Join(", ", Needed)}."
        : null;

    /// <summary>Full path of a program.</summary>
    /// <param name="name">Its name, as <c>initdb</c>.</param>
    /// <returns>The path.</returns>
    public static string Of(string name) => Path.Combine(Found ?? throw new InvalidOperationException(Missing), name);

    private static string? Find()
    {
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (Directory.Exists(Debian))
        {
            folders = folders.Concat(Directory.GetDirectories(Debian)
                .OrderByDescending(x => int.TryParse(Path.GetFileName(x), out int version) ? version : 0).Select(x => Path.Combine(x, "bin")));
        }
        // All in one folder: initdb looks for the server beside itself.
        return folders.FirstOrDefault(folder => Needed.All(name => File.Exists(Path.Combine(folder, name))));
    }
}
