using System;
using System.IO;
using System.Net.Sockets;
using Npgsql;

namespace CrmBehavior.Storage.Postgres;

/// <summary>What PostgreSQL or the way to it answers, as the exception of the store.</summary>
internal static class PostgresErrors
{
    /// <summary>A row fits no partition.</summary>
    public const string NoPartition = "23514";

    /// <summary>The exception of the store for one of Npgsql; null for one that is not the database's.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="isCommit">Whether it was thrown by a COMMIT.</param>
    public static StoreException? From(Exception exception, bool isCommit = false) => exception switch
    {
        PostgresException e => FromServer(e, isCommit),
        NpgsqlException or SocketException or IOException or TimeoutException => new StoreException(
            exception is TimeoutException || exception.InnerException is TimeoutException
                ? $"PostgreSQL did not answer in time, or no connection was free: {exception.Message}"
                : $"The connection to PostgreSQL was lost or not made; see that the server runs and is reachable: {exception.Message}",
            isTransient: true, code: null, exception)
        {
            IsOutcomeUnknown = isCommit,
        },
        _ => null,
    };

    /// <summary>Whether connections that were open when this happened are of no more use: the server went, or became a standby.</summary>
    public static bool SpoilsPool(Exception exception) => exception switch
    {
        PostgresException e => e.SqlState is "25006" || e.SqlState.StartsWith("57P", StringComparison.Ordinal) || e.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException e => e.InnerException is IOException or SocketException,
        _ => false,
    };

    private static StoreException FromServer(PostgresException e, bool isCommit)
    {
        (string sentence, bool isTransient) = e.SqlState switch
        {
            "53100" => ("the server's disk is full: make room on it, then what was not taken comes again", true),
            "53200" => ("the server has not enough memory", true),
            "53300" => ("the server has no connection left: raise max_connections, or lower 'Maximum Pool Size' of this service", true),
            "25006" => ("the database is read-only, as a standby is after a fail-over: see that the connection string leads to the primary", true),
            "25P03" => ("a batch was idle for so long that the server gave its locks away", true),
            "40001" => ("another transaction was in the way", true),
            "40P01" => ("two transactions waited for each other, and this one gave way", true),
            "55P03" => ("a lock was not free in time: another batch has it", true),
            "57014" => ("a statement took too long and was cancelled", true),
            "57P01" or "57P02" or "57P03" => ("the server is shutting down or starting", true),
            "58030" => ("the server's disk failed to read or write", true),
            // There are no other checks; its text would be in the server's language.
            NoPartition => ("a month or week of a table was dropped meanwhile", true),
            "42P01" => ($"the database has no schema yet: {nameof(PostgresStore.MigrateAsync)} comes first", false),
            "3D000" => ("there is no such database: create it", false),
            "28P01" or "28000" => ("the server does not let us in: see user and password", false),
            "42501" => ("the user may not do this: it must own the tables", false),
            _ => ("the server refused", e.IsTransient),
        };
        return new StoreException($"PostgreSQL: {sentence} ({e.SqlState}: {e.MessageText}).", isTransient, e.SqlState, e)
        {
            // An error takes the transaction back; only when the server itself goes down is it open what it did before.
            IsOutcomeUnknown = isCommit && e.InvariantSeverity is "FATAL" or "PANIC",
        };
    }
}
