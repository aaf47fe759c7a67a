using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.Data.Sqlite;

namespace CrmBehavior.Sandbox.Storage;

/// <summary>
/// The one SQLite file of a sandbox. Everything lives in memory; the journal only makes it survive kill -9: each committed change of
/// a stand-in is one transaction here, written before the change is answered.
/// </summary>
internal sealed class Journal : IDisposable
{
    readonly SqliteConnection connection;
    readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);
    readonly Lock gate = new();

    static Journal() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens or creates the file.</summary>
    public Journal(string file)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        // NORMAL survives the end of the process, which is what is promised; only a power cut could take the last commits.
        foreach (string pragma in (string[])["journal_mode=WAL", "synchronous=NORMAL", "wal_autocheckpoint=8000", "cache_size=-65536"])
            Command("PRAGMA " + pragma).ExecuteNonQuery();
        foreach (string statement in JournalTables.Statements) Command(statement).ExecuteNonQuery();
        commands.Clear();
    }

    /// <summary>Runs the changes as one transaction; all or nothing.</summary>
    public void Write(Action<JournalWriter> changes)
    {
        lock (gate)
        {
            Command("BEGIN IMMEDIATE").ExecuteNonQuery();
            try
            {
                changes(new JournalWriter(this));
                Command("COMMIT").ExecuteNonQuery();
            }
            catch
            {
                Command("ROLLBACK").ExecuteNonQuery();
                throw;
            }
        }
    }

    /// <summary>Reads all rows of a query; parameters are <c>$0</c>, <c>$1</c>, …</summary>
    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> map, params object?[] values)
    {
        lock (gate)
        {
            var rows = new List<T>();
            using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
            while (reader.Read()) rows.Add(map(reader));
            return rows;
        }
    }

    /// <summary>A named setting of this sandbox that outlives the process; null when never set.</summary>
    public string? Setting(string name)
    {
        List<string> found = Read("SELECT value FROM setting WHERE name = $0", r => r.GetString(0), name);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Sets a named setting.</summary>
    public void SetSetting(string name, string value) =>
        Write(w => w.Run("INSERT INTO setting (name, value) VALUES ($0, $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value));

    /// <summary>A setting that is made once, at the first start on this file.</summary>
    public string SettingOrNew(string name, Func<string> make)
    {
        string? value = Setting(name);
        if (value is null) SetSetting(name, value = make());
        return value;
    }

    internal int Run(string sql, object?[] values) => Bind(sql, values).ExecuteNonQuery();

    SqliteCommand Bind(string sql, object?[] values)
    {
        SqliteCommand command = Command(sql);
        while (command.Parameters.Count < values.Length)
            command.Parameters.Add(new SqliteParameter("$" + command.Parameters.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), null));
        for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    SqliteCommand Command(string sql)
    {
        if (commands.TryGetValue(sql, out SqliteCommand? command)) return command;
        command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this program; values travel as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        commands.Add(sql, command);
        return command;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (SqliteCommand command in commands.Values) command.Dispose();
            commands.Clear();
            connection.Dispose();
        }
    }
}

/// <summary>Statements inside one transaction of the journal.</summary>
internal readonly struct JournalWriter(Journal journal)
{
    /// <summary>Runs a statement; parameters are <c>$0</c>, <c>$1</c>, …; answers the number of rows changed.</summary>
    public int Run(string sql, params object?[] values) => journal.Run(sql, values);
}
