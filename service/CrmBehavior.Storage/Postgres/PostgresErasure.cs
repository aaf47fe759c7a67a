using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Storage.Erasure;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

/// <summary>Every place where a person's data lies in the database.</summary>
internal static class PostgresErasure
{
    private static readonly string[] Deletions =
    [
        // Not waited for: who has locked a visitor of this contact is about to wait for the contact itself.
        "SELECT 1 FROM visitor WHERE contact = ANY ($1) FOR UPDATE NOWAIT",
        "DELETE FROM kept WHERE visitor IN (SELECT visitor FROM visitor WHERE contact = ANY ($1))",
        "DELETE FROM visitor WHERE contact = ANY ($1)",
        "DELETE FROM event WHERE contact = ANY ($1)",
        "DELETE FROM seen WHERE contact = ANY ($1)",
        "DELETE FROM decision WHERE contact = ANY ($1)",
        """
        WITH own AS MATERIALIZED (SELECT contact, id FROM outbox WHERE contact = ANY ($1) ORDER BY contact, id FOR UPDATE)
        DELETE FROM outbox o USING own WHERE o.contact = own.contact AND o.id = own.id
        """,
        "DELETE FROM email WHERE contact = ANY ($1)",
        "DELETE FROM lasting_tag WHERE contact = ANY ($1)",
        "DELETE FROM given_tag WHERE contact = ANY ($1)",
        "DELETE FROM parked_input WHERE contact = ANY ($1)",
        "DELETE FROM profile WHERE contact = ANY ($1)",
    ];

    /// <summary>Adds the statements that delete all of some contacts and leave their marks.</summary>
    public static void Add(NpgsqlBatch batch, IReadOnlyCollection<Guid> contacts, ErasureMarks marks, TracedRows traced)
    {
        AddTraced(batch, traced);
        foreach (string deletion in Deletions) batch.Add(deletion, P(contacts.ToArray()));
        batch.Add("INSERT INTO erased (mark) SELECT unnest($1) ON CONFLICT DO NOTHING", P(contacts.Select(marks.Of).ToArray()));
    }

    /// <summary>Adds the statements that delete what names no contact; nobody is waited for, as whoever has it at hand may be about to wait for the contact.</summary>
    private static void AddTraced(NpgsqlBatch batch, TracedRows traced)
    {
        if (traced.Kept.Count > 0)
        {
            string[] visitors = [.. traced.Kept.Select(x => x.Visitor)];
            batch.Add("SELECT 1 FROM visitor WHERE visitor = ANY ($1) FOR UPDATE NOWAIT", P(visitors));
            batch.Add(
                "DELETE FROM kept k USING unnest($1, $2) n (visitor, key) WHERE k.visitor = n.visitor COLLATE \"C\" AND k.key = n.key",
                P(visitors), P(traced.Kept.Select(x => x.Key).ToArray()));
            batch.Add(
                "DELETE FROM visitor v WHERE visitor = ANY ($1) AND contact IS NULL AND NOT EXISTS (SELECT 1 FROM kept k WHERE k.visitor = v.visitor)", P(visitors));
        }
        if (traced.Parked.Count > 0)
        {
            batch.Add("SELECT 1 FROM parked_input WHERE number = ANY ($1) FOR UPDATE NOWAIT", P(traced.Parked.ToArray()));
            batch.Add("DELETE FROM parked_input WHERE number = ANY ($1)", P(traced.Parked.ToArray()));
        }
        if (traced.Unresolved.Count > 0)
        {
            batch.Add("SELECT 1 FROM unresolved WHERE number = ANY ($1) FOR UPDATE NOWAIT", P(traced.Unresolved.ToArray()));
            batch.Add("SELECT 1 FROM unresolved_subject WHERE number = ANY ($1) FOR UPDATE NOWAIT", P(traced.Unresolved.ToArray()));
            batch.Add("DELETE FROM unresolved_subject WHERE number = ANY ($1)", P(traced.Unresolved.ToArray()));
            batch.Add("DELETE FROM unresolved WHERE number = ANY ($1)", P(traced.Unresolved.ToArray()));
        }
    }
}
