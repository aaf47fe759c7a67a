using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Erasure;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>Every place where a person's data lies in the file.</summary>
internal static class SqliteErasure
{
    private static readonly string[] Deletions =
    [
        "DELETE FROM kept WHERE visitor IN (SELECT visitor FROM visitor WHERE contact = ?1)",
        "DELETE FROM visitor WHERE contact = ?1",
        "DELETE FROM event WHERE contact = ?1",
        SqliteWeeks.With + "DELETE FROM seen WHERE week IN (SELECT week FROM weeks) AND contact = ?1",
        "DELETE FROM decision WHERE contact = ?1",
        "DELETE FROM outbox WHERE contact = ?1",
        "DELETE FROM email WHERE contact = ?1",
        "DELETE FROM lasting_tag WHERE contact = ?1",
        "DELETE FROM given_tag WHERE contact = ?1",
        "DELETE FROM parked_input WHERE contact = ?1",
        "DELETE FROM profile WHERE contact = ?1",
    ];

    /// <summary>Deletes all of some contacts and leaves their marks.</summary>
    public static void Erase(SqliteWork work, IReadOnlyCollection<Guid> contacts, ErasureMarks marks)
    {
        if (contacts.Count == 0) return;
        EraseTraces(work, contacts);
        foreach (Guid contact in contacts)
        {
            foreach (string deletion in Deletions) work.Use(deletion).Bind(1, contact).Run();
            work.Use("INSERT INTO erased (mark) VALUES (?1) ON CONFLICT DO NOTHING").Bind(1, marks.Of(contact)).Run();
        }
        work.Erases = true;
        work.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Owed(work) + 1}"));
    }

    /// <summary>Deletes what names no contact but was of these people. That is looked through whole, for bodies have no index.</summary>
    private static void EraseTraces(SqliteWork work, IReadOnlyCollection<Guid> contacts)
    {
        SqliteStatement emails = work.Use("SELECT email FROM email WHERE contact = ?1");
        var traces = new PersonTraces(contacts, contacts.SelectMany(contact => emails.Bind(1, contact).All(row => row.Text(0))));
        Delete("SELECT number, body, visitor FROM kept", row => traces.AreIn(row.Blob(1)) || traces.AreIn(row.Blob(2)), "DELETE FROM kept WHERE number = ?1");
        Delete("SELECT number, content FROM parked_input WHERE contact IS NULL", row => traces.AreIn(row.Blob(1)), "DELETE FROM parked_input WHERE number = ?1");
        Delete("SELECT number, call FROM unresolved", row => traces.AreIn(row.Blob(1)), "DELETE FROM unresolved WHERE number = ?1", "DELETE FROM unresolved_subject WHERE number = ?1");

        void Delete(string search, Func<SqliteStatement, bool> isOfThem, params string[] deletions)
        {
            var found = new List<long>();
            SqliteStatement row = work.Use(search);
            while (row.Step())
            {
                if (isOfThem(row)) found.Add(row.Long(0));
            }
            foreach (string deletion in deletions)
            {
                foreach (long number in found) work.Use(deletion).Bind(1, number).Run();
            }
        }
    }

    /// <summary>
    /// Wipes what deleting alone cannot reach: where SQLite divided a page earlier on, copies of rows may stay in parts it does not use. Only
    /// a rewritten file is free of them, so it is rewritten once there were erasures; if somebody is in the way, the next time.
    /// </summary>
    public static async Task WipeAsync(SqliteWriter writer, CancellationToken cancellation)
    {
        long owed;
        using (SqliteWork work = await writer.BeginAsync(cancellation)) owed = Owed(work);
        if (owed == 0 || !await writer.TryRewriteAsync(cancellation)) return;
        using SqliteWork noting = await writer.BeginAsync(cancellation);
        // What another process has erased meanwhile is owed still.
        noting.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Owed(noting) - owed}"));
        noting.Commit();
    }

    /// <summary>How many erasing commits there were since the file was last rewritten; it stands in the file's header.</summary>
    private static long Owed(SqliteWork work) => work.Use("PRAGMA user_version").Number() ?? 0;
}
