using System;
using System.Collections.Generic;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>A connection with its prepared statements; one caller at a time.</summary>
internal sealed class SqliteLink : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);
    private readonly string file;

    static SqliteLink() => Batteries_V2.Init();

    /// <summary>Opens one.</summary>
    /// <param name="file">Full path.</param>
    /// <param name="settings">Statements that set it up.</param>
    /// <exception cref="StoreException">The file cannot be opened.</exception>
    public SqliteLink(string file, params IEnumerable<string> settings)
    {
        this.file = file;
        // Pooled, a connection would keep the settings of its earlier life, and the file open beyond ours.
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            Handle = connection.Handle!;
            _ = raw.sqlite3_extended_result_codes(Handle, 1);
            foreach (string setting in settings) Execute(setting);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteErrors.From(null, e.SqliteExtendedErrorCode, file);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The native connection.</summary>
    public sqlite3 Handle { get; } = null!;

    /// <summary>A prepared statement, ready to be bound.</summary>
    /// <param name="sql">A constant: statements are told apart by it.</param>
    public SqliteStatement Use(string sql)
    {
        if (statements.TryGetValue(sql, out SqliteStatement? statement)) return statement;
        statement = new SqliteStatement(Handle, sql, file);
        statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Runs statements that return nothing.</summary>
    public void Execute(string sql)
    {
        int answer = TryExecute(sql);
        if (answer != raw.SQLITE_OK) throw Fault(answer);
    }

    /// <summary>Runs statements and returns SQLite's answer.</summary>
    public int TryExecute(string sql) => raw.sqlite3_exec(Handle, sql);

    /// <summary>An answer as exception.</summary>
    public StoreException Fault(int answer, bool isCommit = false) => SqliteErrors.From(Handle, answer, file, isCommit);

    /// <summary>Ends what a caller left half-read.</summary>
    public void ResetAll()
    {
        foreach (SqliteStatement statement in statements.Values) statement.Reset();
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in statements.Values) statement.Dispose();
        connection.Dispose();
    }
}
