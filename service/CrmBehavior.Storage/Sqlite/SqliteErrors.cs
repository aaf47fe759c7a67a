using System;
using SQLitePCL;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>What SQLite answers, as the exception of the store.</summary>
internal static class SqliteErrors
{
    /// <summary>The exception for an answer.</summary>
    /// <param name="database">The connection, or null when there is none yet.</param>
    /// <param name="answer">The result code, extended or not.</param>
    /// <param name="file">The file, for the message.</param>
    /// <param name="isCommit">Whether it is the answer to a COMMIT.</param>
    public static StoreException From(sqlite3? database, int answer, string file, bool isCommit = false)
    {
        string detail = database is null || database.IsClosed ? raw.sqlite3_errstr(answer).utf8_to_string() : raw.sqlite3_errmsg(database).utf8_to_string();
        int code = answer & 0xFF;
        (string name, string sentence, bool isTransient) = code switch
        {
            raw.SQLITE_BUSY => ("SQLITE_BUSY", $"another process holds '{file}' for too long", true),
            raw.SQLITE_LOCKED => ("SQLITE_LOCKED", $"'{file}' is locked", true),
            raw.SQLITE_FULL => ("SQLITE_FULL", $"the disk under '{file}' is full: make room on it, then what was not taken comes again", true),
            raw.SQLITE_READONLY => ("SQLITE_READONLY", $"'{file}' is read-only: give this process the right to write to the file and its folder", false),
            raw.SQLITE_IOERR => ("SQLITE_IOERR", $"the disk under '{file}' failed to read or write", true),
            raw.SQLITE_CANTOPEN => ("SQLITE_CANTOPEN", $"'{file}' cannot be opened: see that its folder is there and that this process may write to it", false),
            raw.SQLITE_CORRUPT => ("SQLITE_CORRUPT", $"'{file}' is damaged: stop the service and restore a copy", false),
            raw.SQLITE_NOTADB => ("SQLITE_NOTADB", $"'{file}' is no SQLite database", false),
            raw.SQLITE_CONSTRAINT => ("SQLITE_CONSTRAINT", $"a row breaks a rule of '{file}'", false),
            raw.SQLITE_NOMEM => ("SQLITE_NOMEM", "there is not enough memory", true),
            raw.SQLITE_INTERRUPT => ("SQLITE_INTERRUPT", "it was interrupted", true),
            raw.SQLITE_PROTOCOL => ("SQLITE_PROTOCOL", $"the locks of '{file}' are contended", true),
            raw.SQLITE_ERROR when detail.StartsWith("no such table", StringComparison.Ordinal)
                => ("SQLITE_ERROR", $"'{file}' has no schema yet: {nameof(SqliteStore.MigrateAsync)} comes first", false),
            _ => ($"SQLITE_{code}", $"'{file}' was not to be read or written", false),
        };
        return new StoreException($"SQLite: {sentence} ({detail}, {answer}).", isTransient, name)
        {
            // Frames may have reached the disk before the answer to their being flushed did.
            IsOutcomeUnknown = isCommit && code == raw.SQLITE_IOERR,
        };
    }
}
