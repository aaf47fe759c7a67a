using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Erasure;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

/// <summary>
/// Finds what names no contact but was of people who are erased. It is looked through whole, for bodies have no index: the server leaves
/// out what has no word of theirs in it, and the rest is judged here as in the other stores.
/// </summary>
internal static class PostgresTraces
{
    /// <summary>Finds all of some people that is there; from now on nobody writes of them who holds no batch.</summary>
    public static async Task<TracedRows> FindAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> contacts, ErasureMarks marks, CancellationToken cancellation)
    {
        await using (NpgsqlCommand alone = connection.Command(PersonLock.Exclusive, PersonLock.Of(contacts, marks))) await alone.ExecuteNonQueryAsync(cancellation);
        List<string> emails = await connection.Command("SELECT email FROM email WHERE contact = ANY ($1)", P(contacts.ToArray())).AllAsync(row => row.GetString(0), cancellation);
        var traces = new PersonTraces(contacts, emails);
        string[] words = [.. traces.Words.Select(w => $"%{ForLike(Escape(w))}%")], names = [.. traces.Words.Select(w => $"%{ForLike(Encoding.UTF8.GetString(w))}%")];
        // It waits for nobody, and takes as long as it takes: with a limit, no attempt would ever come to its end.
        await connection.RunAsync("SET LOCAL statement_timeout = 0", cancellation);
        List<(string Visitor, long Key, byte[] Body)> kept = await Patient(connection.Command(
                $"SELECT visitor, key, body FROM kept WHERE {HasWord("body")} OR lower(visitor) LIKE ANY ($2)", P(words), P(names)))
            .AllAsync(row => (row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)), cancellation);
        List<(long Number, byte[] Content)> parked = await SearchAsync("SELECT number, content FROM parked_input WHERE contact IS NULL AND ", "content");
        List<(long Number, byte[] Content)> unresolved = await SearchAsync("SELECT number, call FROM unresolved WHERE ", "call");
        await connection.RunAsync("SET LOCAL statement_timeout TO DEFAULT", cancellation);
        return new TracedRows(
            traces,
            [.. kept.Where(x => traces.AreIn(x.Body) || traces.AreIn(x.Visitor)).Select(x => (x.Visitor, x.Key))],
            [.. parked.Where(x => traces.AreIn(x.Content)).Select(x => x.Number)],
            [.. unresolved.Where(x => traces.AreIn(x.Content)).Select(x => x.Number)]);

        Task<List<(long, byte[])>> SearchAsync(string sql, string column) => Patient(connection.Command(sql + HasWord(column), P(words)))
            .AllAsync(row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellation);
    }

    /// <summary>Looks at bytes as text of ASCII in lower case, in which other bytes stand as numbers.</summary>
    private static string HasWord(string column) => $"lower(encode({column}, 'escape') COLLATE \"C\") LIKE ANY ($1)";

    private static NpgsqlCommand Patient(NpgsqlCommand command)
    {
        command.CommandTimeout = 0;
        return command;
    }

    /// <summary>Bytes as PostgreSQL's format "escape" shows them.</summary>
    private static string Escape(byte[] bytes) => string.Concat(bytes.Select(b => b switch
    {
        0 or > 127 => "\\" + Convert.ToString(b, 8).PadLeft(3, '0'),
        (byte)'\\' => "\\\\",
        _ => ((char)b).ToString(),
    }));

    private static string ForLike(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}

/// <summary>Rows that name no contact but are of people who are erased.</summary>
/// <param name="Traces">By what they were found.</param>
/// <param name="Kept">Events of visitors.</param>
/// <param name="Parked">Inputs that were set aside.</param>
/// <param name="Unresolved">Calls that wait for the CRM.</param>
internal sealed record TracedRows(PersonTraces Traces, IReadOnlyList<(string Visitor, long Key)> Kept, IReadOnlyList<long> Parked, IReadOnlyList<long> Unresolved);
