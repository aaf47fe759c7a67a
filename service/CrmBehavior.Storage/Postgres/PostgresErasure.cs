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
    public static void Add(NpgsqlBatch batch, IReadOnlyCollection<Guid> contacts, ErasureMarks marks)
    {
        foreach (string deletion in Deletions) batch.Add(deletion, P(contacts.ToArray()));
        batch.Add("INSERT INTO erased (mark) SELECT unnest($1) ON CONFLICT DO NOTHING", P(contacts.Select(marks.Of).ToArray()));
    }
}
