using System;
using System.Globalization;
using Npgsql;

namespace CrmBehavior.Storage.Postgres;

/// <summary>Where connections come from, with the settings that sessions of the store need.</summary>
internal static class PostgresSources
{
    /// <summary>Connections for batches and the outbox.</summary>
    public static NpgsqlDataSource Hot(PostgresStoreOptions options)
    {
        NpgsqlConnectionStringBuilder words = Words(options);
        long milliseconds = (long)options.CommandTimeout.TotalMilliseconds;
        words.Options = string.Join(' ',
            "-c synchronous_commit=on",
            Invariant($"-c lock_timeout={milliseconds}"),
            Invariant($"-c statement_timeout={milliseconds + 1000}"),
            // The locks of a process that was stopped in the middle of a batch must come free without it.
            Invariant($"-c idle_in_transaction_session_timeout={2 * milliseconds}"),
            // Every statement here is served by an index. Left to statistics of a table that was empty a minute ago, a prepared plan would
            // read all of it for each batch.
            "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off",
            words.Options).TrimEnd();
        // The server's own limit comes first and says more.
        words.CommandTimeout = Seconds(options.CommandTimeout) + 5;
        if (!words.ShouldSerialize("Max Auto Prepare")) words.MaxAutoPrepare = 64;
        return NpgsqlDataSource.Create(words);
    }

    /// <summary>Connections for the schema, its partitions and clearing up; few, and apart, so that a batch that needs a new month never waits for other batches.</summary>
    public static NpgsqlDataSource Maintenance(PostgresStoreOptions options)
    {
        NpgsqlConnectionStringBuilder words = Words(options);
        // A change of the schema that waits for a lock makes everybody queue behind it; so it waits little and comes again.
        words.Options = ("-c lock_timeout=2000 -c synchronous_commit=on " + words.Options).TrimEnd();
        words.CommandTimeout = 0;
        words.MaxPoolSize = 4;
        words.MinPoolSize = 0;
        return NpgsqlDataSource.Create(words);
    }

    private static NpgsqlConnectionStringBuilder Words(PostgresStoreOptions options)
    {
        var words = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        if (!words.ShouldSerialize("Timeout")) words.Timeout = Seconds(options.CommandTimeout);
        if (string.IsNullOrEmpty(words.ApplicationName)) words.ApplicationName = $"CrmBehavior {options.LeaseOwner}";
        // Enlisting and multiplexing would take the transaction out of our hands.
        words.Enlist = false;
        return words;
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
