using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Storage.Commits;
using CrmBehavior.Storage.Erasure;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

/// <summary>
/// Locks and reads what a batch is about, in one message to the server. Rows that are not there are made first, in order, for there must be
/// something to lock. Nobody waits in a circle: who waits for a row being made holds only rows before it that nobody else can see yet, and
/// who waits for a lock holds only locks before it.
/// </summary>
internal sealed class PostgresOpening(Guid[] contacts, string[] visitors, ErasureMarks marks)
{
    private const string MakeVisitors = "INSERT INTO visitor (visitor) SELECT v FROM unnest($1) v ORDER BY v COLLATE \"C\" ON CONFLICT DO NOTHING";

    private const string LockVisitors =
        "SELECT v.visitor, v.contact, v.sequence FROM unnest($1) w (visitor) JOIN visitor v ON v.visitor = w.visitor COLLATE \"C\" ORDER BY v.visitor FOR UPDATE OF v";

    private const string OfVisitors = " UNION SELECT contact FROM visitor WHERE visitor = ANY ($2) AND contact IS NOT NULL";

    private const string MakeContacts = "INSERT INTO profile (contact) SELECT c FROM ({0}) w (c) ORDER BY c ON CONFLICT DO NOTHING";

    private const string LockContacts = $$"""
        WITH wanted (contact) AS MATERIALIZED ({0})
        SELECT {{PostgresRows.ProfileColumns}} FROM wanted w JOIN profile p ON p.contact = w.contact ORDER BY p.contact FOR UPDATE OF p
        """;

    private static readonly string MakeNamed = Text(MakeContacts, ""), MakeAll = Text(MakeContacts, OfVisitors);

    private static readonly string LockNamed = Text(LockContacts, ""), LockAll = Text(LockContacts, OfVisitors);

    /// <summary>Reads profiles that nobody else has locked.</summary>
    public static async Task<BatchScope?> ReadFreeAsync(NpgsqlCommand query, CancellationToken cancellation)
    {
        var scope = new BatchScope();
        await using (query)
        {
            await using NpgsqlDataReader rows = await query.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) Take(scope, rows);
        }
        return scope;
    }

    /// <summary>Locks and reads.</summary>
    /// <returns>What is there; null when a row was taken away after it had been found to be there.</returns>
    public async Task<BatchScope?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var scope = new BatchScope { IsNamed = true };
        bool hasVisitors = visitors.Length > 0;
        await using (NpgsqlBatch batch = connection.CreateBatch())
        {
            NpgsqlParameter[] both = hasVisitors ? [P(contacts), P(visitors)] : [P(contacts)];
            if (hasVisitors)
            {
                batch.Add(MakeVisitors, P(visitors));
                batch.Add(LockVisitors, P(visitors));
            }
            batch.Add(hasVisitors ? MakeAll : MakeNamed, both);
            batch.Add(hasVisitors ? LockAll : LockNamed, [.. both.Select(x => x.Clone())]);
            await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellation);
            if (hasVisitors)
            {
                while (await rows.ReadAsync(cancellation)) TakeVisitor(scope, rows);
                await rows.NextResultAsync(cancellation);
            }
            while (await rows.ReadAsync(cancellation)) Take(scope, rows);
        }
        if (scope.Visitors.Count < visitors.Length || contacts.Any(x => !scope.Contacts.Contains(x)) || scope.Claims.Values.Any(x => !scope.Contacts.Contains(x))) return null;
        await FindErasedAsync(connection, scope, cancellation);
        return scope;
    }

    private static void TakeVisitor(BatchScope scope, NpgsqlDataReader row)
    {
        string visitor = row.GetString(0);
        scope.Visitors.Add(visitor);
        long kept = row.GetInt64(2);
        scope.KeptBefore.Add(visitor, kept);
        if (!row.IsDBNull(1)) scope.Claims.Add(visitor, row.GetGuid(1));
        else if (kept == 0) scope.BareVisitors.Add(visitor);
    }

    private static void Take(BatchScope scope, NpgsqlDataReader row)
    {
        Guid contact = row.GetGuid(0);
        scope.Contacts.Add(contact);
        if (row.IsDBNull(2)) scope.BareContacts.Add(contact);
        else scope.Add(PostgresRows.Profile(row), PostgresRows.Due(row));
    }

    /// <summary>Of contacts without a profile some may have been erased.</summary>
    private async Task FindErasedAsync(NpgsqlConnection connection, BatchScope scope, CancellationToken cancellation)
    {
        if (scope.BareContacts.Count == 0) return;
        byte[][] sought = [.. scope.BareContacts.Select(marks.Of)];
        List<long> found = await connection.Command("SELECT w.n FROM unnest($1) WITH ORDINALITY w (mark, n) JOIN erased e ON e.mark = w.mark", P(sought))
            .AllAsync(row => row.GetInt64(0), cancellation);
        foreach (long n in found) scope.AddErased(scope.BareContacts[(int)n - 1]);
    }

    private static string Text(string statement, string alsoWanted) => statement.Replace("{0}", "SELECT unnest($1)" + alsoWanted, StringComparison.Ordinal);
}
