using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Storage.Characters;
using CrmBehavior.Storage.Commits;
using CrmBehavior.Storage.Erasure;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

/// <summary>Writes what a batch leaves: one statement per table, all sent together, each column one array.</summary>
internal sealed class PostgresCommit(NpgsqlBatch batch, CommitRows rows, BatchScope scope, ErasureMarks marks, TracedRows? traced)
{
    public void Add(long now)
    {
        if (rows.Profiles.Count > 0) AddProfiles();
        if (rows.Masters.Count > 0)
        {
            batch.Add(
                "UPDATE profile p SET master = n.master FROM unnest($1, $2) n (contact, master) WHERE p.contact = n.contact",
                Column(rows.Masters, x => x.Contact), Column(rows.Masters, x => x.Master));
        }
        if (rows.Events.Count > 0) AddEvents();
        if (rows.Claims.Count > 0) AddClaims();
        if (rows.Joined.Count > 0) batch.Add("DELETE FROM kept WHERE visitor = ANY ($1)", P<string[]>([.. rows.Joined]));
        if (rows.Kept.Count > 0) AddKept();
        if (rows.Decisions.Count > 0) AddDecisions();
        PostgresEffects.Add(batch, rows.Effects, now);
        if (rows.Parked.Count > 0)
        {
            batch.Add(
                "INSERT INTO parked_input (door, reason, at, content, contact) SELECT * FROM unnest($1, $2, $3, $4, $5)",
                Column(rows.Parked, x => x.Door), Column(rows.Parked, x => StoredText.Mend(x.Reason)), Column(rows.Parked, x => x.Event.ReceivedAt), Column(rows.Parked, x => x.Event.Body),
                Column(rows.Parked, x => x.Event.Contact));
        }
        if (rows.Rejudged.Count > 0) AddRejudged();
        if (traced != null) PostgresErasure.Add(batch, rows.Erased, marks, traced);
        AddTidying();
    }

    private void AddProfiles() => batch.Add(
        """
        UPDATE profile p SET state = n.state, generation = n.generation, sequence = n.sequence, due = n.due
        FROM unnest($1, $2, $3, $4, $5) n (contact, state, generation, sequence, due) WHERE p.contact = n.contact
        """,
        Column(rows.Profiles, x => x.Profile.Contact), Column(rows.Profiles, x => x.Profile.State), Column(rows.Profiles, x => x.Profile.Generation),
        Column(rows.Profiles, x => x.Profile.Sequence), Column(rows.Profiles, x => x.Due));

    private void AddEvents()
    {
        batch.Add(
            "INSERT INTO event (contact, sequence, received, at, now, id, name, body) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)",
            Column(rows.Events, x => x.Event.Contact), Column(rows.Events, x => x.Event.Sequence), Column(rows.Events, x => x.Event.ReceivedAt),
            Column(rows.Events, x => x.Event.At), Column(rows.Events, x => x.Event.Now), Column(rows.Events, x => x.Event.Id),
            Column(rows.Events, x => x.Event.Name), Column(rows.Events, x => x.Event.Body));
        batch.Add(
            "INSERT INTO seen (contact, key, week) SELECT * FROM unnest($1, $2, $3)",
            Column(rows.Events, x => x.Event.Contact), Column(rows.Events, x => x.Key), Column(rows.Events, x => x.Week));
    }

    private void AddRejudged()
    {
        batch.Add(
            """
            UPDATE event e SET sequence = n.later, now = n.now FROM unnest($1, $2, $3, $4, $5) n (contact, sequence, received, later, now)
            WHERE e.contact = n.contact AND e.sequence = n.sequence AND e.received = n.received
            """,
            Column(rows.Rejudged, x => x.Event.Contact), Column(rows.Rejudged, x => x.Event.Sequence), Column(rows.Rejudged, x => x.Event.ReceivedAt),
            Column(rows.Rejudged, x => x.Sequence), Column(rows.Rejudged, x => x.Now));
        batch.Add("DELETE FROM parked_input WHERE number = ANY ($1)", Column(rows.Rejudged, x => x.Number));
    }

    private void AddClaims() => batch.Add(
        "UPDATE visitor v SET contact = n.contact FROM unnest($1, $2) n (visitor, contact) WHERE v.visitor = n.visitor COLLATE \"C\"",
        Column(rows.Claims, x => x.Visitor), Column(rows.Claims, x => x.Contact));

    private void AddKept()
    {
        var reached = new Dictionary<string, long>(scope.KeptBefore, StringComparer.Ordinal);
        long[] sequences = [.. rows.Kept.Select(x => reached[x.Visitor] += 1)];
        batch.Add(
            """
            INSERT INTO kept (visitor, key, sequence, received, at, id, name, body) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (visitor, key) DO NOTHING
            """,
            Column(rows.Kept, x => x.Visitor), Column(rows.Kept, x => EventHash.Of(x.Id)), P(sequences), Column(rows.Kept, x => x.ReceivedAt),
            Column(rows.Kept, x => x.At), Column(rows.Kept, x => x.Id), Column(rows.Kept, x => x.Name), Column(rows.Kept, x => x.Body));
        string[] visitors = [.. rows.Kept.Select(x => x.Visitor).Distinct()];
        batch.Add(
            "UPDATE visitor v SET sequence = n.sequence FROM unnest($1, $2) n (visitor, sequence) WHERE v.visitor = n.visitor COLLATE \"C\"",
            P(visitors), P(Array.ConvertAll(visitors, x => reached[x])));
    }

    private void AddDecisions() => batch.Add(
        "INSERT INTO decision (contact, ordinal, at, id, definition, kind, effect, line) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)",
        Column(rows.Decisions, x => x.Contact), Column(rows.Decisions, x => x.Ordinal), Column(rows.Decisions, x => x.At), Column(rows.Decisions, x => x.Id),
        Column(rows.Decisions, x => x.Definition), Column(rows.Decisions, x => x.Kind), Column(rows.Decisions, x => x.Effect),
        Column(rows.Decisions, x => x.Line));

    /// <summary>Takes away rows that were made to be locked and hold nothing still.</summary>
    private void AddTidying()
    {
        Guid[] contacts = [.. scope.BareContacts.Except(rows.Profiles.Select(x => x.Profile.Contact))];
        if (contacts.Length > 0) batch.Add("DELETE FROM profile WHERE contact = ANY ($1)", P(contacts));
        string[] visitors = [.. scope.BareVisitors.Except(rows.Kept.Select(x => x.Visitor)).Except(rows.Claims.Select(x => x.Visitor))];
        if (visitors.Length > 0) batch.Add("DELETE FROM visitor WHERE visitor = ANY ($1)", P(visitors));
    }

    private static NpgsqlParameter Column<TRow, T>(List<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (int i = 0; i < column.Length; i++) column[i] = value(rows[i]);
        return P(column);
    }
}
