using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Characters;
using CrmBehavior.Storage.Commits;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

public sealed partial class PostgresStore
{
    private static readonly string LeaseDue = LeaseSql("due"), LeaseReady = LeaseSql("ready");

    /// <inheritdoc/>
    public Task<IReadOnlyList<LeasedEffect>> LeaseAsync(IReadOnlyCollection<string> kinds, int most, TimeSpan lease, bool flush, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        long now = options.Now, until = now + (long)lease.TotalMilliseconds;
        return CallAsync<IReadOnlyList<LeasedEffect>>(
            async connection =>
            {
                List<(LeasedEffect Leased, long Due)> leased = await connection.Command(
                        flush ? LeaseReady : LeaseDue, P<string[]>([.. kinds.Distinct(StringComparer.Ordinal)]), P(now), P((long)most), P(until), P(options.LeaseOwner))
                    .AllAsync(Leased, cancellation);
                return [.. leased.OrderBy(x => x.Due).ThenBy(x => x.Leased.Effect.Contact).Select(x => x.Leased)];
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task RenewAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan lease, CancellationToken cancellation)
    {
        long now = options.Now;
        return RunAsync(
            """
            WITH own AS MATERIALIZED (
              SELECT o.contact, o.id FROM outbox o JOIN unnest($1, $2, $3) n (contact, id, fence) ON o.contact = n.contact AND o.id = n.id AND o.fence = n.fence
              WHERE o.lease_until > $5 ORDER BY o.contact, o.id FOR UPDATE OF o
            )
            UPDATE outbox o SET lease_until = $4 FROM own WHERE o.contact = own.contact AND o.id = own.id
            """,
            cancellation, P(effects.Select(x => x.Contact).ToArray()), P(effects.Select(x => x.Effect.Id).ToArray()), P(effects.Select(x => x.Fence).ToArray()),
            P(now + (long)lease.TotalMilliseconds), P(now));
    }

    /// <inheritdoc/>
    public Task CompleteAsync(IReadOnlyCollection<LeasedEffect> done, IReadOnlyCollection<Effect> followUps, CancellationToken cancellation)
    {
        EffectRow.CheckAll(followUps);
        return TogetherAsync(
            batch =>
            {
                AddPersonLocks(batch, followUps);
                batch.Add(
                    Named("gone AS (DELETE FROM outbox o USING held h WHERE o.contact = h.contact AND o.id = h.id AND h.is_same)") + FreeNewer,
                    Named(done));
                PostgresEffects.AddFollowing(batch, followUps, options.Now, marks);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> MarkUncertainAsync(LeasedEffect effect, CancellationToken cancellation) => await TogetherAsync(
        batch => batch.Add(
            Named("marked AS (UPDATE outbox o SET state = 1, doubted = $5 FROM held h WHERE o.contact = h.contact AND o.id = h.id AND h.is_same AND o.lease_until > $5 RETURNING 1), freed AS ("
                + FreeNewer + ") SELECT 1 FROM marked"),
            [.. Named([effect]), P(options.Now)]),
        cancellation) == 1;

    /// <inheritdoc/>
    public Task RetryAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan after, string reason, CancellationToken cancellation) => TogetherAsync(
        batch => batch.Add(
            Named("""
                before AS (SELECT * FROM unnest($1, $2, $7) b (contact, id, state))
                UPDATE outbox o SET state = CASE WHEN h.is_same THEN b.state ELSE o.state END, due = $5, ready = $5, reason = $6, lease_until = 0, lease_owner = ''
                FROM held h JOIN before b ON b.contact = h.contact AND b.id = h.id WHERE o.contact = h.contact AND o.id = h.id
                """),
            [
                .. Named(effects), P(options.Now + (long)after.TotalMilliseconds), P(StoredText.Mend(reason)),
                P(effects.Select(x => (short)(x.State == EffectState.Uncertain ? 1 : 0)).ToArray()),
            ]),
        cancellation);

    /// <inheritdoc/>
    public Task ParkAsync(LeasedEffect effect, string reason, IReadOnlyCollection<Effect> followUps, CancellationToken cancellation)
    {
        EffectRow.CheckAll(followUps);
        return CallAsync(
            async connection =>
            {
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
                int parked = await RunTogetherAsync(
                    connection,
                    batch =>
                    {
                        AddPersonLocks(batch, followUps);
                        batch.Add(
                            Named("parked AS (UPDATE outbox o SET state = 2, since = $5, reason = $6, lease_until = 0, lease_owner = '' "
                                + "FROM held h WHERE o.contact = h.contact AND o.id = h.id AND h.is_same RETURNING 1), freed AS (" + FreeNewer + ") SELECT 1 FROM parked"),
                            [.. Named([effect]), P(options.Now), P(StoredText.Mend(reason))]);
                    },
                    cancellation);
                if (parked > 0) await RunTogetherAsync(connection, batch => PostgresEffects.AddFollowing(batch, followUps, options.Now, marks), cancellation);
                await transaction.CommitAsync(cancellation);
                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> SettleAsync(Guid effect, Func<Effect, Effect> followUp, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(followUp);
        return CallAsync(
            async connection =>
            {
                List<Effect> mails = await connection.Command($"SELECT {PostgresRows.EffectColumns} FROM outbox o WHERE id = $1 AND kind = 'mail'", P(effect))
                    .AllAsync(PostgresRows.Effect, cancellation);
                if (mails.Count == 0) return false;
                Effect[] followUps = [followUp(mails[0])];
                EffectRow.CheckAll(followUps);
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
                int settled = await RunTogetherAsync(
                    connection,
                    batch =>
                    {
                        AddPersonLocks(batch, followUps);
                        batch.Add("DELETE FROM outbox WHERE id = $1 AND kind = 'mail' RETURNING 1", P(effect));
                    },
                    cancellation);
                if (settled == 0) return false;
                await RunTogetherAsync(connection, batch => PostgresEffects.AddFollowing(batch, followUps, options.Now, marks), cancellation);
                await transaction.CommitAsync(cancellation);
                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedEffect>> ReadParkedAsync(int most, CancellationToken cancellation) => CallAsync<IReadOnlyList<ParkedEffect>>(
        async connection => await connection.Command($"{ParkedOnes} ORDER BY o.since DESC, o.id DESC LIMIT $1", P((long)most)).AllAsync(Parked, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedEffect>> ReadParkedAfterAsync((DateTimeOffset ParkedAt, Guid Id) after, int most, CancellationToken cancellation) => CallAsync<IReadOnlyList<ParkedEffect>>(
        async connection => await connection.Command(
                $"{ParkedOnes} AND (o.since, o.id) < ($1, $2) ORDER BY o.since DESC, o.id DESC LIMIT $3", P(after.ParkedAt.ToUnixTimeMilliseconds()), P(after.Id), P((long)most))
            .AllAsync(Parked, cancellation),
        cancellation);

    /// <inheritdoc/>
    public Task<ParkedEffect?> FindParkedAsync(Guid effect, CancellationToken cancellation) => CallAsync(
        async connection => (await connection.Command($"{ParkedOnes} AND o.id = $1", P(effect)).AllAsync(Parked, cancellation)).FirstOrDefault(), cancellation);

    /// <inheritdoc/>
    public Task<bool> DropParkedAsync(Guid effect, CancellationToken cancellation) => CallAsync(
        async connection => await connection.RunAsync("DELETE FROM outbox WHERE id = $1 AND state = 2", cancellation, P(effect)) == 1, cancellation);

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(Guid effect, CancellationToken cancellation) => CallAsync(
        async connection => await connection.RunAsync(
            "UPDATE outbox SET state = 0, attempts = 0, due = $2, ready = $2, since = $2, reason = '' WHERE id = $1 AND state = 2", cancellation, P(effect), P(options.Now)) == 1,
        cancellation);

    /// <inheritdoc/>
    public Task<(long Waiting, long Parked, TimeSpan Oldest)> CountAsync(CancellationToken cancellation) => CallAsync(
        async connection => (await connection.Command(
                """
                SELECT (SELECT count(*) FROM outbox WHERE state < 2), (SELECT count(*) FROM outbox WHERE state = 2),
                  (SELECT coalesce(min(since), $1) FROM (SELECT min(since) FROM outbox WHERE state = 0 UNION ALL SELECT min(since) FROM outbox WHERE state = 1) s (since))
                """, P(options.Now))
            .AllAsync(row => (row.GetInt64(0), row.GetInt64(1), TimeSpan.FromMilliseconds(Math.Max(0, options.Now - row.GetInt64(2)))), cancellation))[0],
        cancellation);

    private const string ParkedOnes = $"SELECT {PostgresRows.EffectColumns}, o.reason, o.since FROM outbox o WHERE o.state = 2";

    private static ParkedEffect Parked(NpgsqlDataReader row) => new(PostgresRows.Effect(row), row.GetString(6), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)));

    /// <summary>Where only the revision is another, the newer one is free to be carried out at once.</summary>
    private const string FreeNewer = " UPDATE outbox o SET lease_until = 0, lease_owner = '' FROM held h WHERE o.contact = h.contact AND o.id = h.id AND NOT h.is_same RETURNING 1";

    /// <summary>Locks, in the order of contacts and ids, the rows of leases that are still the caller's, and goes on from there.</summary>
    private static string Named(string rest) => $"""
        WITH held AS MATERIALIZED (
          SELECT o.contact, o.id, o.revision = n.revision AS is_same FROM unnest($1, $2, $3, $4) n (contact, id, fence, revision)
            JOIN outbox o ON o.contact = n.contact AND o.id = n.id AND o.fence = n.fence
          WHERE o.state < 2 ORDER BY o.contact, o.id FOR UPDATE OF o),
        {rest}
        """;

    private static NpgsqlParameter[] Named(IReadOnlyCollection<LeasedEffect> leased) =>
        [
            P(leased.Select(x => x.Contact).ToArray()), P(leased.Select(x => x.Effect.Id).ToArray()),
            P(leased.Select(x => x.Fence).ToArray()), P(leased.Select(x => x.Revision).ToArray()),
        ];

    private static (LeasedEffect Leased, long Due) Leased(NpgsqlDataReader row) => (
        new LeasedEffect(PostgresRows.Effect(row), row.GetInt32(6), row.GetInt64(7), row.GetInt64(8), (EffectState)row.GetInt16(9), TimeSpan.FromMilliseconds(row.GetInt64(11))), row.GetInt64(10));

    // Kind by kind, for then the index yields them in order and no backlog is sorted.
    private static string LeaseSql(string instant) => $"""
        WITH free AS MATERIALIZED (
          SELECT f.contact, f.id FROM unnest($1) k (kind) CROSS JOIN LATERAL (
            SELECT o.id, o.due, o.contact FROM outbox o WHERE o.kind = k.kind AND o.state < 2 AND o.{instant} <= $2 AND o.lease_until <= $2
            ORDER BY o.due, o.contact LIMIT $3 FOR UPDATE SKIP LOCKED) f
          ORDER BY f.due, f.contact LIMIT $3)
        UPDATE outbox o SET fence = o.fence + 1, attempts = o.attempts + 1, lease_until = $4, lease_owner = $5 FROM free f WHERE o.contact = f.contact AND o.id = f.id
        RETURNING {PostgresRows.EffectColumns}, o.attempts, o.fence, o.revision, o.state, o.due, CASE o.state WHEN 1 THEN greatest(0, $2 - coalesce(o.doubted, o.since)) ELSE 0 END
        """;

    private void AddPersonLocks(NpgsqlBatch batch, IReadOnlyCollection<Effect> effects)
    {
        if (effects.Count > 0) batch.Add(PersonLock.Shared, PersonLock.Of(effects.Select(x => x.Contact), marks));
    }

    /// <summary>Runs statements in one transaction, sent together.</summary>
    private Task<int> TogetherAsync(Action<NpgsqlBatch> add, CancellationToken cancellation) =>
        CallAsync(connection => RunTogetherAsync(connection, add, cancellation), cancellation);

    /// <returns>How many rows the last statement returned or changed.</returns>
    private static async Task<int> RunTogetherAsync(NpgsqlConnection connection, Action<NpgsqlBatch> add, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.CreateBatch();
        add(batch);
        if (batch.BatchCommands.Count == 0) return 0;
        await batch.ExecuteNonQueryAsync(cancellation);
        return (int)batch.BatchCommands[^1].Rows;
    }
}
