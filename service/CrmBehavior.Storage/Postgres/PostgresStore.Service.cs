using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Characters;
using CrmBehavior.Storage.Migrations;
using CrmBehavior.Storage.Plans;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

public sealed partial class PostgresStore
{
    private const string PlanColumns = "generation, at, definitions, layout_keys, fingerprint";

    /// <inheritdoc/>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        try
        {
            await MigrationRunner.RunAsync(new PostgresMigrationTarget(maintenance, options.Time), Migration.Of("Postgres"), cancellation);
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
        await marks.FindKeyAsync(this, cancellation);
    }

    /// <inheritdoc/>
    public Task<StoredPlan?> FindPlanAsync(CancellationToken cancellation) => FirstAsync(
        $"SELECT {PlanColumns} FROM plan ORDER BY generation DESC LIMIT 1", ReadPlan, cancellation);

    /// <inheritdoc/>
    public Task<StoredPlan?> FindPlanAsync(int generation, CancellationToken cancellation) => FirstAsync(
        $"SELECT {PlanColumns} FROM plan WHERE generation = $1", ReadPlan, cancellation, P(generation));

    /// <inheritdoc/>
    public async Task<bool> TryAddPlanAsync(StoredPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        StoredText.Check(plan.Fingerprint, "Plan", "fingerprint");
        return await RunAsync(
            $"INSERT INTO plan ({PlanColumns}) SELECT $1, $2, $3, $4, $5 WHERE $1 = (SELECT coalesce(max(generation), 0) + 1 FROM plan) ON CONFLICT DO NOTHING",
            cancellation, P(plan.Generation), P(plan.At), P(PlanCodec.Write(plan.Definitions)), P(PlanCodec.Write(plan.LayoutKeys)), P(plan.Fingerprint)) == 1;
    }

    /// <inheritdoc/>
    public Task<string?> FindSettingAsync(string name, CancellationToken cancellation)
    {
        StoredText.Check(name, "A setting", "name");
        return FirstAsync<string>("SELECT value FROM setting WHERE name = $1", row => row.GetString(0), cancellation, P(name));
    }

    /// <inheritdoc/>
    public async Task<string> EnsureSettingAsync(string name, string value, CancellationToken cancellation)
    {
        StoredText.Check(name, "A setting", "name");
        StoredText.Check(value, $"Setting '{name}'", "value");
        await RunAsync("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", cancellation, P(name), P(value));
        return (await FindSettingAsync(name, cancellation))!;
    }

    /// <inheritdoc/>
    public Task PutSettingAsync(string name, string value, CancellationToken cancellation)
    {
        StoredText.Check(name, "A setting", "name");
        StoredText.Check(value, $"Setting '{name}'", "value");
        return RunAsync("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", cancellation, P(name), P(value));
    }

    /// <inheritdoc/>
    public Task<Guid?> FindByEmailAsync(string email, CancellationToken cancellation)
    {
        StoredText.Check(email, "An address", "text");
        return CallAsync(
            async connection => await connection.Command("SELECT contact FROM email WHERE email = $1", P(email)).AllAsync(row => row.GetGuid(0), cancellation)
                is [var contact] ? contact : (Guid?)null,
            cancellation);
    }

    /// <inheritdoc/>
    public Task RememberEmailAsync(string email, Guid? contact, CancellationToken cancellation)
    {
        StoredText.Check(email, "An address", "text");
        if (contact is not { } id) return RunAsync("DELETE FROM email WHERE email = $1", cancellation, P(email));
        return TogetherAsync(
            batch =>
            {
                batch.Add(PersonLock.Shared, PersonLock.Of([id], marks));
                batch.Add(
                    """
                    INSERT INTO email (email, contact) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM erased WHERE mark = $3)
                    ON CONFLICT (email) DO UPDATE SET contact = excluded.contact
                    """, P(email), P(id), P(marks.Of(id)));
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Guid, Guid>> FindMastersAsync(IReadOnlyCollection<Guid> contacts, CancellationToken cancellation) => CallAsync<IReadOnlyDictionary<Guid, Guid>>(
        async connection =>
        {
            var masters = new Dictionary<Guid, Guid>();
            List<(Guid Merged, Guid Master)> steps = await connection.Command(
                """
                WITH RECURSIVE chain (contact, master, depth) AS (
                  SELECT contact, master, 1 FROM profile WHERE contact = ANY ($1) AND master IS NOT NULL
                  UNION ALL SELECT c.contact, p.master, c.depth + 1 FROM chain c JOIN profile p ON p.contact = c.master WHERE p.master IS NOT NULL AND c.depth < 16)
                SELECT contact, master FROM chain ORDER BY depth
                """, P(contacts.ToArray())).AllAsync(row => (row.GetGuid(0), row.GetGuid(1)), cancellation);
            foreach ((Guid merged, Guid master) in steps) masters[merged] = master;
            return masters;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlySet<(Guid Contact, string Tag)>> FindLastingTagsAsync(
        IReadOnlyCollection<(Guid Contact, string Tag)> tags, CancellationToken cancellation)
    {
        foreach ((Guid contact, string tag) in tags) StoredText.Check(tag, $"A lasting tag of contact {contact}", "name");
        return CallAsync<IReadOnlySet<(Guid, string)>>(
            async connection => (await connection.Command(
                    "SELECT t.contact, t.tag FROM unnest($1, $2) n (contact, tag) JOIN lasting_tag t ON t.contact = n.contact AND t.tag = n.tag",
                    P(tags.Select(x => x.Contact).ToArray()), P<string[]>([.. tags.Select(x => x.Tag)]))
                .AllAsync(row => (row.GetGuid(0), row.GetString(1)), cancellation)).ToHashSet(),
            cancellation);
    }

    /// <inheritdoc/>
    public Task NoteLastingTagAsync(Guid contact, string tag, bool lasting, CancellationToken cancellation)
    {
        StoredText.Check(tag, $"A lasting tag of contact {contact}", "name");
        if (!lasting) return RunAsync("DELETE FROM lasting_tag WHERE contact = $1 AND tag = $2", cancellation, P(contact), P(tag));
        return TogetherAsync(
            batch =>
            {
                batch.Add(PersonLock.Shared, PersonLock.Of([contact], marks));
                batch.Add(
                    "INSERT INTO lasting_tag (contact, tag) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM erased WHERE mark = $3) ON CONFLICT DO NOTHING",
                    P(contact), P(tag), P(marks.Of(contact)));
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task NoteWrittenTagAsync(LeasedEffect by, Guid contact, string tag, bool? lasting, bool isGiftOver, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(by);
        StoredText.Check(tag, $"A tag of contact {contact}", "name");
        const string Held = "WITH held AS MATERIALIZED (SELECT 1 FROM outbox WHERE contact = $1 AND id = $2 AND fence = $3 FOR UPDATE) ";
        return TogetherAsync(
            batch =>
            {
                batch.Add(PersonLock.Shared, PersonLock.Of([by.Contact, contact], marks));
                if (lasting == true)
                {
                    batch.Add(
                        Held + "INSERT INTO lasting_tag (contact, tag) SELECT $4, $5 FROM held WHERE NOT EXISTS (SELECT 1 FROM erased WHERE mark = $6) ON CONFLICT DO NOTHING",
                        [.. Of(by), P(contact), P(tag), P(marks.Of(contact))]);
                }
                if (lasting == false) batch.Add(Held + "DELETE FROM lasting_tag t USING held WHERE t.contact = $4 AND t.tag = $5", [.. Of(by), P(contact), P(tag)]);
                if (isGiftOver) batch.Add(Held + "DELETE FROM given_tag t USING held WHERE t.contact = $4 AND t.tag = $5", [.. Of(by), P(contact), P(tag)]);
            },
            cancellation);

        static NpgsqlParameter[] Of(LeasedEffect effect) => [P(effect.Contact), P(effect.Effect.Id), P(effect.Fence)];
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<(Guid Contact, string Tag)>> FindGivenTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, CancellationToken cancellation)
    {
        foreach ((Guid contact, string tag) in tags) StoredText.Check(tag, $"A given tag of contact {contact}", "name");
        return CallAsync<IReadOnlySet<(Guid, string)>>(
            async connection => (await connection.Command(
                    "SELECT t.contact, t.tag FROM unnest($1, $2) n (contact, tag) JOIN given_tag t ON t.contact = n.contact AND t.tag = n.tag",
                    P(tags.Select(x => x.Contact).ToArray()), P<string[]>([.. tags.Select(x => x.Tag)]))
                .AllAsync(row => (row.GetGuid(0), row.GetString(1)), cancellation)).ToHashSet(),
            cancellation);
    }

    /// <inheritdoc/>
    public Task NoteGivenTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, bool given, CancellationToken cancellation)
    {
        foreach ((Guid contact, string tag) in tags) StoredText.Check(tag, $"A given tag of contact {contact}", "name");
        // In one order, so that two who note the same never wait for each other in a circle.
        (Guid Contact, string Tag)[] ordered = [.. tags.Distinct().OrderBy(x => x.Contact).ThenBy(x => x.Tag, StringComparer.Ordinal)];
        Guid[] contacts = Array.ConvertAll(ordered, x => x.Contact);
        string[] names = Array.ConvertAll(ordered, x => x.Tag);
        if (!given)
        {
            return RunAsync(
                """
                WITH gone AS MATERIALIZED (SELECT t.contact, t.tag FROM unnest($1, $2) n (contact, tag) JOIN given_tag t ON t.contact = n.contact AND t.tag = n.tag ORDER BY t.contact, t.tag COLLATE "C" FOR UPDATE OF t)
                DELETE FROM given_tag t USING gone WHERE t.contact = gone.contact AND t.tag = gone.tag
                """,
                cancellation, P(contacts), P(names));
        }
        return TogetherAsync(
            batch =>
            {
                batch.Add(PersonLock.Shared, PersonLock.Of(contacts, marks));
                batch.Add(
                    """
                    INSERT INTO given_tag (contact, tag) SELECT n.contact, n.tag FROM unnest($1, $2, $3) WITH ORDINALITY n (contact, tag, mark, place)
                    WHERE NOT EXISTS (SELECT 1 FROM erased e WHERE e.mark = n.mark) ORDER BY n.place ON CONFLICT DO NOTHING
                    """,
                    P(contacts), P(names), P(Array.ConvertAll(contacts, marks.Of)));
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task AddUnresolvedAsync(IReadOnlyCollection<(IReadOnlyList<string> Subjects, byte[] Call)> calls, CancellationToken cancellation)
    {
        foreach (string subject in calls.SelectMany(x => x.Subjects)) StoredText.Check(subject, "A call without contact", "subject");
        (int Call, string Subject)[] subjects = [.. calls.SelectMany((x, i) => x.Subjects.Distinct(StringComparer.Ordinal).Select(s => (i + 1, s)))];
        return RunAsync(
            """
            WITH call AS (
              SELECT nextval(pg_get_serial_sequence('unresolved', 'number')) AS number, c.subject, c.call, c.n
              FROM (SELECT * FROM unnest($1, $2) WITH ORDINALITY u (subject, call, n) ORDER BY u.n) c),
            kept AS (INSERT INTO unresolved (number, subject, call) OVERRIDING SYSTEM VALUE SELECT number, subject, call FROM call)
            INSERT INTO unresolved_subject (subject, number) SELECT s.subject, call.number FROM unnest($3, $4) s (n, subject) JOIN call ON call.n = s.n
            """,
            cancellation, P<string[]>([.. calls.Select(x => x.Subjects[0])]), P(calls.Select(x => x.Call).ToArray()), P(subjects.Select(x => (long)x.Call).ToArray()), P<string[]>([.. subjects.Select(x => x.Subject)]));
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> FindUnresolvedAsync(IReadOnlyCollection<string> subjects, CancellationToken cancellation)
    {
        foreach (string subject in subjects) StoredText.Check(subject, "A call without contact", "subject");
        return CallAsync<IReadOnlySet<string>>(
            async connection => (await connection.Command("SELECT DISTINCT subject FROM unresolved_subject WHERE subject = ANY ($1)", P<string[]>([.. subjects]))
                .AllAsync(row => row.GetString(0), cancellation)).ToHashSet(StringComparer.Ordinal),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<(long Number, string Subject, byte[] Call)>> ReadUnresolvedAsync(long after, int most, CancellationToken cancellation) =>
        CallAsync<IReadOnlyList<(long, string, byte[])>>(
            async connection => await connection.Command("SELECT number, subject, call FROM unresolved WHERE number > $1 ORDER BY number LIMIT $2", P(after), P((long)most))
                .AllAsync(row => (row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2)), cancellation),
            cancellation);

    /// <inheritdoc/>
    public Task RemoveUnresolvedAsync(IReadOnlyCollection<long> numbers, CancellationToken cancellation) =>
        RunAsync(
            "WITH gone AS (DELETE FROM unresolved WHERE number = ANY ($1)) DELETE FROM unresolved_subject WHERE number = ANY ($1)", cancellation, P(numbers.ToArray()));

    /// <inheritdoc/>
    public Task ParkInputAsync(string door, string reason, byte[] content, long at, CancellationToken cancellation) => RunAsync(
        "INSERT INTO parked_input (door, reason, at, content) VALUES ($1, $2, $3, $4)", cancellation, P(StoredText.Mend(door)), P(StoredText.Mend(reason)), P(at), P(content));

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ParkedInput> Latest, long Count)> ReadParkedInputsAsync(int most, CancellationToken cancellation) =>
        CallAsync<(IReadOnlyList<ParkedInput>, long)>(
            async connection => (
                await connection.Command($"SELECT {ParkedColumns} FROM parked_input ORDER BY number DESC LIMIT $1", P((long)most)).AllAsync(ReadParked, cancellation),
                (await connection.Command("SELECT count(*) FROM parked_input").AllAsync(row => row.GetInt64(0), cancellation))[0]),
            cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInput>> ReadParkedInputsBeforeAsync(long before, int most, CancellationToken cancellation) => CallAsync<IReadOnlyList<ParkedInput>>(
        async connection => await connection.Command($"SELECT {ParkedColumns} FROM parked_input WHERE number < $1 ORDER BY number DESC LIMIT $2", P(before), P((long)most))
            .AllAsync(ReadParked, cancellation),
        cancellation);

    /// <inheritdoc/>
    public async Task<bool> RemoveParkedInputAsync(long number, CancellationToken cancellation) =>
        await RunAsync("DELETE FROM parked_input WHERE number = $1", cancellation, P(number)) == 1;

    private const string ParkedColumns = "number, door, reason, at, content, contact";

    private static ParkedInput ReadParked(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4), row.IsDBNull(5) ? null : row.GetGuid(5));

    private static StoredPlan ReadPlan(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetInt64(1), PlanCodec.ReadDefinitions(row.GetFieldValue<byte[]>(2)), PlanCodec.ReadKeys(row.GetFieldValue<byte[]>(3)), row.GetString(4));

    private Task<T?> FirstAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params NpgsqlParameter[] parameters)
        where T : class =>
        CallAsync(async connection => (await connection.Command(sql, parameters).AllAsync(read, cancellation)).FirstOrDefault(), cancellation);

    private Task<int> RunAsync(string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters) =>
        CallAsync(connection => connection.RunAsync(sql, cancellation, parameters), cancellation);
}
