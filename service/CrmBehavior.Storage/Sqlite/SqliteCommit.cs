using System;
using System.Collections.Generic;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Characters;
using CrmBehavior.Storage.Commits;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>Writes what a batch leaves, row by row through prepared statements.</summary>
internal sealed class SqliteCommit(SqliteWork work, CommitRows rows, BatchScope scope)
{
    public const long Day = 24L * 60 * 60 * 1000;
    private const int DayShift = 40;

    /// <summary>The first number that a row of a day or a later one can have.</summary>
    /// <param name="at">An instant of the day.</param>
    public static long FirstNumber(long at) => at / Day << DayShift;

    public void Write(long now)
    {
        foreach ((Profile profile, long? due) in rows.Profiles) WriteProfile(profile, due);
        foreach ((Guid contact, Guid? master) in rows.Masters)
        {
            if (master is { } other) work.Use("UPDATE profile SET master = ?2 WHERE contact = ?1").Bind(1, contact).Bind(2, other).Run();
            else work.Use("UPDATE profile SET master = NULL WHERE contact = ?1").Bind(1, contact).Run();
        }
        WriteEvents();
        WriteVisitors();
        WriteDecisions();
        SqliteEffects.Write(work, rows.Effects, now);
        foreach ((string door, string reason, LoggedEvent parked) in rows.Parked)
        {
            work.Use("INSERT INTO parked_input (door, reason, at, content, contact) VALUES (?5, ?1, ?2, ?3, ?4)")
                .Bind(1, StoredText.Mend(reason)).Bind(2, parked.ReceivedAt).Bind(3, parked.Body).Bind(4, parked.Contact).Bind(5, door).Run();
        }
        foreach (RejudgedEvent one in rows.Rejudged)
        {
            work.Use("UPDATE event SET sequence = ?3, now = ?4 WHERE contact = ?1 AND key = ?2").Bind(1, one.Event.Contact).Bind(2, EventHash.Of(one.Event.Id)).Bind(3, one.Sequence).Bind(4, one.Now).Run();
            work.Use("DELETE FROM parked_input WHERE number = ?1").Bind(1, one.Number).Run();
        }
    }

    private void WriteProfile(Profile profile, long? due)
    {
        if (!scope.Profiles.TryGetValue(profile.Contact, out Profile? before) || before.IsErased)
        {
            work.Use("INSERT INTO profile (contact, state, generation, sequence, due) VALUES (?1, ?2, ?3, ?4, ?5)")
                .Bind(1, profile.Contact).Bind(2, profile.State).Bind(3, profile.Generation).Bind(4, profile.Sequence).Bind(5, due).Run();
            return;
        }
        // An index entry is rewritten when its column is named, changed or not; so only what has changed is named.
        bool isOfSamePlan = before.Generation == profile.Generation;
        if (isOfSamePlan && scope.Due[profile.Contact] == due)
        {
            work.Use("UPDATE profile SET state = ?2, sequence = ?3 WHERE contact = ?1")
                .Bind(1, profile.Contact).Bind(2, profile.State).Bind(3, profile.Sequence).Run();
            return;
        }
        SqliteStatement update = isOfSamePlan
            ? work.Use("UPDATE profile SET state = ?2, sequence = ?3, due = ?4 WHERE contact = ?1")
            : work.Use("UPDATE profile SET state = ?2, sequence = ?3, due = ?4, generation = ?5 WHERE contact = ?1").Bind(5, profile.Generation);
        update.Bind(1, profile.Contact).Bind(2, profile.State).Bind(3, profile.Sequence).Bind(4, due).Run();
    }

    private void WriteEvents()
    {
        if (rows.Events.Count == 0) return;
        var numbers = new Numbers(work, "SELECT max(number) FROM event WHERE number >= ?1 AND number < ?2");
        SqliteStatement insert = work.Use(
            "INSERT INTO event (number, contact, key, sequence, received, at, now, id, name, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
        foreach (EventRow row in rows.Events)
        {
            LoggedEvent logged = row.Event;
            insert.Bind(1, numbers.Next(logged.ReceivedAt)).Bind(2, logged.Contact).Bind(3, row.Key).Bind(4, logged.Sequence).Bind(5, logged.ReceivedAt)
                .Bind(6, logged.At).Bind(7, logged.Now).Bind(8, logged.Id).Bind(9, logged.Name).Bind(10, logged.Body).Run();
        }
    }

    private void WriteVisitors()
    {
        foreach ((string visitor, Guid contact) in rows.Claims)
        {
            work.Use("INSERT INTO visitor (visitor, contact) VALUES (?1, ?2) ON CONFLICT (visitor) DO UPDATE SET contact = excluded.contact")
                .Bind(1, visitor).Bind(2, contact).Run();
        }
        foreach (string visitor in rows.Joined) work.Use("DELETE FROM kept WHERE visitor = ?1").Bind(1, visitor).Run();
        foreach (KeptEvent kept in rows.Kept)
        {
            work.Use("INSERT INTO kept (visitor, key, received, at, id, name, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (visitor, key) DO NOTHING")
                .Bind(1, kept.Visitor).Bind(2, EventHash.Of(kept.Id)).Bind(3, kept.ReceivedAt).Bind(4, kept.At).Bind(5, kept.Id).Bind(6, kept.Name)
                .Bind(7, kept.Body).Run();
        }
    }

    private void WriteDecisions()
    {
        if (rows.Decisions.Count == 0) return;
        var numbers = new Numbers(work, "SELECT max(number) FROM decision WHERE number >= ?1 AND number < ?2");
        SqliteStatement insert = work.Use(
            "INSERT INTO decision (number, contact, ordinal, id, at, definition, kind, effect, line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
        foreach (StoredDecision decision in rows.Decisions)
        {
            insert.Bind(1, numbers.Next(decision.At)).Bind(2, decision.Contact).Bind(3, decision.Ordinal).Bind(4, decision.Id).Bind(5, decision.At)
                .Bind(6, decision.Definition).Bind(7, decision.Kind).Bind(8, decision.Effect).Bind(9, decision.Line).Run();
        }
    }

    /// <summary>Hands out the numbers of appended rows, day by day.</summary>
    private sealed class Numbers(SqliteWork work, string latestSql)
    {
        private readonly Dictionary<long, long> latest = [];

        public long Next(long at)
        {
            long first = FirstNumber(at);
            if (!latest.TryGetValue(first, out long number))
                number = work.Use(latestSql).Bind(1, first).Bind(2, first + (1L << DayShift)).Number() ?? first - 1;
            return latest[first] = number + 1;
        }
    }
}
