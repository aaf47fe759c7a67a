using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Characters;
using CrmBehavior.Storage.Migrations;
using CrmBehavior.Storage.Plans;

namespace CrmBehavior.Storage.Sqlite;

public sealed partial class SqliteStore
{
    private const string PlanColumns = "generation, at, definitions, layout_keys, fingerprint";

    /// <inheritdoc/>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        await MigrationRunner.RunAsync(new SqliteMigrationTarget(writer, options.Time), Migration.Of("Sqlite"), cancellation);
        await marks.FindKeyAsync(this, cancellation);
    }

    /// <inheritdoc/>
    public Task<StoredPlan?> FindPlanAsync(CancellationToken cancellation) => ReadAsync(
        link => ReadPlan(link.Use($"SELECT {PlanColumns} FROM plan ORDER BY generation DESC LIMIT 1")), cancellation);

    /// <inheritdoc/>
    public Task<StoredPlan?> FindPlanAsync(int generation, CancellationToken cancellation) => ReadAsync(
        link => ReadPlan(link.Use($"SELECT {PlanColumns} FROM plan WHERE generation = ?1").Bind(1, generation)), cancellation);

    /// <inheritdoc/>
    public Task<bool> TryAddPlanAsync(StoredPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        StoredText.Check(plan.Fingerprint, "Plan", "fingerprint");
        byte[] definitions = PlanCodec.Write(plan.Definitions), keys = PlanCodec.Write(plan.LayoutKeys);
        return WriteAsync(
            work => work.Use($"INSERT INTO plan ({PlanColumns}) SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?1 = (SELECT coalesce(max(generation), 0) + 1 FROM plan)")
                .Bind(1, plan.Generation).Bind(2, plan.At).Bind(3, definitions).Bind(4, keys).Bind(5, plan.Fingerprint).Run() == 1,
            cancellation);
    }

    /// <inheritdoc/>
    public Task<string?> FindSettingAsync(string name, CancellationToken cancellation)
    {
        StoredText.Check(name, "A setting", "name");
        return ReadAsync(
            link =>
            {
                SqliteStatement row = link.Use("SELECT value FROM setting WHERE name = ?1").Bind(1, name);
                return row.Step() ? row.Text(0) : null;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<string> EnsureSettingAsync(string name, string value, CancellationToken cancellation)
    {
        StoredText.Check(name, "A setting", "name");
        StoredText.Check(value, $"Setting '{name}'", "value");
        return WriteAsync(
            work =>
            {
                work.Use("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING").Bind(1, name).Bind(2, value).Run();
                return work.Use("SELECT value FROM setting WHERE name = ?1").Bind(1, name).All(row => row.Text(0))[0];
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task PutSettingAsync(string name, string value, CancellationToken cancellation)
    {
        StoredText.Check(name, "A setting", "name");
        StoredText.Check(value, $"Setting '{name}'", "value");
        return WriteAsync(
            work => work.Use("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value").Bind(1, name).Bind(2, value).Run(),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<Guid?> FindByEmailAsync(string email, CancellationToken cancellation)
    {
        StoredText.Check(email, "An address", "text");
        return ReadAsync(
            link =>
            {
                SqliteStatement row = link.Use("SELECT contact FROM email WHERE email = ?1").Bind(1, email);
                return row.Step() ? row.Guid(0) : (Guid?)null;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task RememberEmailAsync(string email, Guid? contact, CancellationToken cancellation)
    {
        StoredText.Check(email, "An address", "text");
        return WriteAsync(
            work =>
            {
                if (contact is not { } id)
                {
                    work.Use("DELETE FROM email WHERE email = ?1").Bind(1, email).Run();
                    return;
                }
                work.Use("""
                    INSERT INTO email (email, contact) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM erased WHERE mark = ?3)
                    ON CONFLICT (email) DO UPDATE SET contact = excluded.contact
                    """).Bind(1, email).Bind(2, id).Bind(3, marks.Of(id)).Run();
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Guid, Guid>> FindMastersAsync(IReadOnlyCollection<Guid> contacts, CancellationToken cancellation) => ReadAsync<IReadOnlyDictionary<Guid, Guid>>(
        link =>
        {
            var masters = new Dictionary<Guid, Guid>();
            SqliteStatement chain = link.Use("""
            WITH RECURSIVE chain (contact, master, depth) AS (
              SELECT contact, master, 1 FROM profile WHERE contact = ?1 AND master IS NOT NULL
              UNION ALL SELECT c.contact, p.master, c.depth + 1 FROM chain c JOIN profile p ON p.contact = c.master WHERE p.master IS NOT NULL AND c.depth < 16)
            SELECT contact, master FROM chain ORDER BY depth
            """);
            foreach (Guid contact in contacts)
            {
                foreach ((Guid merged, Guid master) in chain.Bind(1, contact).All(row => (row.Guid(0), row.Guid(1)))) masters[merged] = master;
            }
            return masters;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlySet<(Guid Contact, string Tag)>> FindLastingTagsAsync(
        IReadOnlyCollection<(Guid Contact, string Tag)> tags, CancellationToken cancellation)
    {
        foreach ((Guid contact, string tag) in tags) StoredText.Check(tag, $"A lasting tag of contact {contact}", "name");
        return ReadAsync<IReadOnlySet<(Guid, string)>>(
            link => tags.Where(x => link.Use("SELECT 1 FROM lasting_tag WHERE contact = ?1 AND tag = ?2").Bind(1, x.Contact).Bind(2, x.Tag).Number() is not null).ToHashSet(),
            cancellation);
    }

    /// <inheritdoc/>
    public Task NoteLastingTagAsync(Guid contact, string tag, bool lasting, CancellationToken cancellation)
    {
        StoredText.Check(tag, $"A lasting tag of contact {contact}", "name");
        return WriteAsync(
            work =>
            {
                SqliteStatement note = lasting
                    ? work.Use("INSERT INTO lasting_tag (contact, tag) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM erased WHERE mark = ?3) ON CONFLICT DO NOTHING")
                        .Bind(3, marks.Of(contact))
                    : work.Use("DELETE FROM lasting_tag WHERE contact = ?1 AND tag = ?2");
                note.Bind(1, contact).Bind(2, tag).Run();
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task NoteWrittenTagAsync(LeasedEffect by, Guid contact, string tag, bool? lasting, bool isGiftOver, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(by);
        StoredText.Check(tag, $"A tag of contact {contact}", "name");
        return WriteAsync(
            work =>
            {
                bool isHeld = work.Use("SELECT 1 FROM outbox WHERE contact = ?1 AND id = ?2 AND fence = ?3").Bind(1, by.Contact).Bind(2, by.Effect.Id).Bind(3, by.Fence).Number() is not null;
                if (!isHeld) return;
                if (lasting == true)
                {
                    work.Use("INSERT INTO lasting_tag (contact, tag) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM erased WHERE mark = ?3) ON CONFLICT DO NOTHING")
                        .Bind(1, contact).Bind(2, tag).Bind(3, marks.Of(contact)).Run();
                }
                if (lasting == false) work.Use("DELETE FROM lasting_tag WHERE contact = ?1 AND tag = ?2").Bind(1, contact).Bind(2, tag).Run();
                if (isGiftOver) work.Use("DELETE FROM given_tag WHERE contact = ?1 AND tag = ?2").Bind(1, contact).Bind(2, tag).Run();
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<(Guid Contact, string Tag)>> FindGivenTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, CancellationToken cancellation)
    {
        foreach ((Guid contact, string tag) in tags) StoredText.Check(tag, $"A given tag of contact {contact}", "name");
        return ReadAsync<IReadOnlySet<(Guid, string)>>(
            link => tags.Where(x => link.Use("SELECT 1 FROM given_tag WHERE contact = ?1 AND tag = ?2").Bind(1, x.Contact).Bind(2, x.Tag).Number() is not null).ToHashSet(),
            cancellation);
    }

    /// <inheritdoc/>
    public Task NoteGivenTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, bool given, CancellationToken cancellation)
    {
        foreach ((Guid contact, string tag) in tags) StoredText.Check(tag, $"A given tag of contact {contact}", "name");
        return WriteAsync(
            work =>
            {
                foreach ((Guid contact, string tag) in tags)
                {
                    SqliteStatement note = given
                        ? work.Use("INSERT INTO given_tag (contact, tag) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM erased WHERE mark = ?3) ON CONFLICT DO NOTHING")
                            .Bind(3, marks.Of(contact))
                        : work.Use("DELETE FROM given_tag WHERE contact = ?1 AND tag = ?2");
                    note.Bind(1, contact).Bind(2, tag).Run();
                }
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task AddUnresolvedAsync(IReadOnlyCollection<(IReadOnlyList<string> Subjects, byte[] Call)> calls, CancellationToken cancellation)
    {
        foreach (string subject in calls.SelectMany(x => x.Subjects)) StoredText.Check(subject, "A call without contact", "subject");
        return WriteAsync(
            work =>
            {
                foreach ((IReadOnlyList<string> subjects, byte[] call) in calls)
                {
                    long number = work.Use("INSERT INTO unresolved (subject, call) VALUES (?1, ?2) RETURNING number").Bind(1, subjects[0]).Bind(2, call).Number()!.Value;
                    foreach (string subject in subjects)
                        work.Use("INSERT INTO unresolved_subject (subject, number) VALUES (?1, ?2) ON CONFLICT DO NOTHING").Bind(1, subject).Bind(2, number).Run();
                }
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> FindUnresolvedAsync(IReadOnlyCollection<string> subjects, CancellationToken cancellation)
    {
        foreach (string subject in subjects) StoredText.Check(subject, "A call without contact", "subject");
        return ReadAsync<IReadOnlySet<string>>(
            link => subjects.Where(x => link.Use("SELECT 1 FROM unresolved_subject WHERE subject = ?1 LIMIT 1").Bind(1, x).Number() is not null).ToHashSet(StringComparer.Ordinal),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<(long Number, string Subject, byte[] Call)>> ReadUnresolvedAsync(long after, int most, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<(long, string, byte[])>>(
            link => link.Use("SELECT number, subject, call FROM unresolved WHERE number > ?1 ORDER BY number LIMIT ?2").Bind(1, after).Bind(2, most)
                .All(row => (row.Long(0), row.Text(1), row.Bytes(2))),
            cancellation);

    /// <inheritdoc/>
    public Task RemoveUnresolvedAsync(IReadOnlyCollection<long> numbers, CancellationToken cancellation) => WriteAsync(
        work =>
        {
            foreach (long number in numbers)
            {
                work.Use("DELETE FROM unresolved WHERE number = ?1").Bind(1, number).Run();
                work.Use("DELETE FROM unresolved_subject WHERE number = ?1").Bind(1, number).Run();
            }
        },
        cancellation);

    /// <inheritdoc/>
    public Task ParkInputAsync(string door, string reason, byte[] content, long at, CancellationToken cancellation) => WriteAsync(
        work => work.Use("INSERT INTO parked_input (door, reason, at, content) VALUES (?1, ?2, ?3, ?4)")
            .Bind(1, StoredText.Mend(door)).Bind(2, StoredText.Mend(reason)).Bind(3, at).Bind(4, content).Run(),
        cancellation);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ParkedInput> Latest, long Count)> ReadParkedInputsAsync(int most, CancellationToken cancellation) =>
        ReadAsync<(IReadOnlyList<ParkedInput>, long)>(
            link => (
                link.Use($"SELECT {ParkedColumns} FROM parked_input ORDER BY number DESC LIMIT ?1").Bind(1, most).All(ReadParked),
                link.Use("SELECT count(*) FROM parked_input").Number() ?? 0),
            cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInput>> ReadParkedInputsBeforeAsync(long before, int most, CancellationToken cancellation) => ReadAsync<IReadOnlyList<ParkedInput>>(
        link => link.Use($"SELECT {ParkedColumns} FROM parked_input WHERE number < ?1 ORDER BY number DESC LIMIT ?2").Bind(1, before).Bind(2, most).All(ReadParked), cancellation);

    /// <inheritdoc/>
    public Task<bool> RemoveParkedInputAsync(long number, CancellationToken cancellation) => WriteAsync(
        work => work.Use("DELETE FROM parked_input WHERE number = ?1").Bind(1, number).Run() == 1, cancellation);

    private const string ParkedColumns = "number, door, reason, at, content, contact";

    private static ParkedInput ReadParked(SqliteStatement row) => new(row.Long(0), row.Text(1), row.Text(2), row.Long(3), row.Bytes(4), row.IsNull(5) ? null : row.Guid(5));

    private static StoredPlan? ReadPlan(SqliteStatement row) => row.Step()
        ? new StoredPlan(row.Int(0), row.Long(1), PlanCodec.ReadDefinitions(row.Bytes(2)), PlanCodec.ReadKeys(row.Bytes(3)), row.Text(4))
        : null;
}
