using System;
using System.IO;
using Microsoft.Data.Sqlite;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>The file a store lies in.</summary>
internal static class SqliteFile
{
    /// <summary>The full path that a connection string means; its folder is made.</summary>
    /// <exception cref="ArgumentException">It means no file, or one where SQLite cannot keep its promises.</exception>
    public static string Find(string connectionString) => Find(connectionString, folder => new DriveInfo(folder).DriveType);

    internal static string Find(string connectionString, Func<string, DriveType> driveOf)
    {
        string source = connectionString;
        if (connectionString.Contains('=', StringComparison.Ordinal))
        {
            var words = new SqliteConnectionStringBuilder(connectionString);
            source = words.DataSource;
            if (words.Mode == SqliteOpenMode.Memory) source = ":memory:";
        }
        if (source.Length == 0 || source.StartsWith(":memory:", StringComparison.Ordinal) || source.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"The connection string '{connectionString}' names no file: give a path. A store in memory would lose what it has accepted.");

        if (source.StartsWith(@"\\", StringComparison.Ordinal) || source.StartsWith("//", StringComparison.Ordinal)) throw OnNetwork(source);
        string path = Path.GetFullPath(source);
        string folder = Path.GetDirectoryName(path) ?? throw new ArgumentException($"'{path}' is a folder: name a file in it.");
        Directory.CreateDirectory(folder);
        if (driveOf(folder) == DriveType.Network) throw OnNetwork(path);
        return path;
    }

    private static ArgumentException OnNetwork(string path) => new(
        $"'{path}' lies on a network file system, where SQLite cannot lock and may be corrupted. Put it on a disk of this machine, or use PostgreSQL.");
}
