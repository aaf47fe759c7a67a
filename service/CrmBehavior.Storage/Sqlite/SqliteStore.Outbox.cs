using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Characters;
using CrmBehavior.Storage.Commits;

namespace CrmBehavior.Storage.Sqlite;

public sealed partial class SqliteStore
{
    private const string IsFree = "kind = ?1 AND state < 2 AND lease_until <= ?2";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LeasedEffect>> LeaseAsync(
        IReadOnlyCollection<string> kinds, int most, TimeSpan lease, bool flush, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        long now = options.Now;
        string isDue = flush ? "ready <= ?2" : "due <= ?2";
        string first = $"SELECT 1 FROM outbox WHERE {IsFree} AND {isDue} LIMIT 1";
        // Looking first costs no turn: most of the time nothing is due.
        bool isAnyDue = await ReadAsync(link => kinds.Any(kind => link.Use(first).Bind(1, kind).Bind(2, now).Number() is not null), cancellation);
        if (!isAnyDue) return [];
        return await WriteAsync(work => Lease(work, kinds, most, isDue, now, now + (long)lease.TotalMilliseconds), cancellation);
    }

    /// <inheritdoc/>
    public Task RenewAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan lease, CancellationToken cancellation) => WriteAsync(
        work =>
        {
            long now = options.Now;
            foreach (LeasedEffect leased in effects)
            {
                work.Use("UPDATE outbox SET lease_until = ?4 WHERE contact = ?1 AND id = ?2 AND fence = ?3 AND lease_until > ?5")
                    .Bind(1, leased.Contact).Bind(2, leased.Effect.Id).Bind(3, leased.Fence).Bind(4, now + (long)lease.TotalMilliseconds).Bind(5, now).Run();
            }
        },
        cancellation);

    /// <inheritdoc/>
    public Task CompleteAsync(IReadOnlyCollection<LeasedEffect> done, IReadOnlyCollection<Effect> followUps, CancellationToken cancellation)
    {
        EffectRow.CheckAll(followUps);
        return WriteAsync(
            work =>
            {
                foreach (LeasedEffect leased in done)
                {
                    int gone = Bind(work.Use("DELETE FROM outbox WHERE contact = ?1 AND id = ?2 AND fence = ?3 AND revision = ?4"), leased).Run();
                    if (gone == 0) PutBackNewer(work, leased);
                }
                SqliteEffects.Follow(work, followUps, options.Now, marks);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> MarkUncertainAsync(LeasedEffect effect, CancellationToken cancellation) => WriteAsync(
        work =>
        {
            bool isMarked = Bind(work.Use("UPDATE outbox SET state = 1, doubted = ?5 WHERE contact = ?1 AND id = ?2 AND fence = ?3 AND revision = ?4 AND state < 2 AND lease_until > ?5"), effect)
                .Bind(5, options.Now).Run() == 1;
            if (!isMarked) PutBackNewer(work, effect);
            return isMarked;
        },
        cancellation);

    /// <inheritdoc/>
    public Task RetryAsync(IReadOnlyCollection<LeasedEffect> effects, TimeSpan after, string reason, CancellationToken cancellation) => WriteAsync(
        work =>
        {
            long due = options.Now + (long)after.TotalMilliseconds;
            foreach (LeasedEffect leased in effects)
            {
                Bind(
                    work.Use("""
                        UPDATE outbox SET state = CASE revision WHEN ?4 THEN ?5 ELSE state END, due = ?6, ready = ?6, reason = ?7, lease_until = 0, lease_owner = ''
                        WHERE contact = ?1 AND id = ?2 AND fence = ?3 AND state < 2
                        """),
                    leased).Bind(5, leased.State == EffectState.Uncertain ? 1 : 0).Bind(6, due).Bind(7, StoredText.Mend(reason)).Run();
            }
        },
        cancellation);

    /// <inheritdoc/>
    public Task ParkAsync(LeasedEffect effect, string reason, IReadOnlyCollection<Effect> followUps, CancellationToken cancellation)
    {
        EffectRow.CheckAll(followUps);
        return WriteAsync(
            work =>
            {
                int parked = Bind(
                        work.Use("""
                            UPDATE outbox SET state = 2, since = ?5, reason = ?6, lease_until = 0, lease_owner = ''
                            WHERE contact = ?1 AND id = ?2 AND fence = ?3 AND revision = ?4 AND state < 2
                            """),
                        effect).Bind(5, options.Now).Bind(6, StoredText.Mend(reason)).Run();
                if (parked == 0) PutBackNewer(work, effect);
                else SqliteEffects.Follow(work, followUps, options.Now, marks);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> SettleAsync(Guid effect, Func<Effect, Effect> followUp, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(followUp);
        return WriteAsync(
            work =>
            {
                List<Effect> settled = work.Use($"DELETE FROM outbox WHERE id = ?1 AND kind = 'mail' RETURNING {SqliteRows.EffectColumns}").Bind(1, effect).All(SqliteRows.Effect);
                Effect[] followUps = [.. settled.Select(followUp)];
                EffectRow.CheckAll(followUps);
                SqliteEffects.Follow(work, followUps, options.Now, marks);
                return settled.Count == 1;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedEffect>> ReadParkedAsync(int most, CancellationToken cancellation) => ReadAsync<IReadOnlyList<ParkedEffect>>(
        link => link.Use($"{ParkedOnes} ORDER BY since DESC, id DESC LIMIT ?1").Bind(1, most).All(Parked), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedEffect>> ReadParkedAfterAsync((DateTimeOffset ParkedAt, Guid Id) after, int most, CancellationToken cancellation) => ReadAsync<IReadOnlyList<ParkedEffect>>(
        link => link.Use($"{ParkedOnes} AND (since, id) < (?1, ?2) ORDER BY since DESC, id DESC LIMIT ?3")
            .Bind(1, after.ParkedAt.ToUnixTimeMilliseconds()).Bind(2, after.Id).Bind(3, most).All(Parked),
        cancellation);

    /// <inheritdoc/>
    public Task<ParkedEffect?> FindParkedAsync(Guid effect, CancellationToken cancellation) =>
        ReadAsync(link => link.Use($"{ParkedOnes} AND id = ?1").Bind(1, effect).All(Parked).FirstOrDefault(), cancellation);

    /// <inheritdoc/>
    public Task<bool> DropParkedAsync(Guid effect, CancellationToken cancellation) => WriteAsync(
        work => work.Use("DELETE FROM outbox WHERE id = ?1 AND state = 2").Bind(1, effect).Run() == 1, cancellation);

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(Guid effect, CancellationToken cancellation) => WriteAsync(
        work => work.Use("UPDATE outbox SET state = 0, attempts = 0, due = ?2, ready = ?2, since = ?2, reason = '' WHERE id = ?1 AND state = 2")
            .Bind(1, effect).Bind(2, options.Now).Run() == 1,
        cancellation);

    /// <inheritdoc/>
    public Task<(long Waiting, long Parked, TimeSpan Oldest)> CountAsync(CancellationToken cancellation) => ReadAsync(
        link =>
        {
            long waiting = link.Use("SELECT count(*) FROM outbox WHERE state < 2").Number() ?? 0;
            long parked = link.Use("SELECT count(*) FROM outbox WHERE state = 2").Number() ?? 0;
            long now = options.Now;
            long oldest = link.Use("SELECT min(since) FROM outbox WHERE state < 2").Number() ?? now;
            return (waiting, parked, TimeSpan.FromMilliseconds(Math.Max(0, now - oldest)));
        },
        cancellation);

    private List<LeasedEffect> Lease(SqliteWork work, IReadOnlyCollection<string> kinds, int most, string isDue, long now, long until)
    {
        // Kind by kind, for then the index yields them in order and no backlog is sorted.
        string find = $"SELECT id, due, contact FROM outbox WHERE {IsFree} AND {isDue} ORDER BY due, contact LIMIT ?3";
        var free = new List<(Guid Id, long Due, Guid Contact)>();
        foreach (string kind in kinds.Distinct(StringComparer.Ordinal))
            free.AddRange(work.Use(find).Bind(1, kind).Bind(2, now).Bind(3, most).All(row => (row.Guid(0), row.Long(1), row.Guid(2))));
        var leased = new List<LeasedEffect>();
        foreach ((Guid id, _, Guid contact) in free.OrderBy(x => x.Due).ThenBy(x => x.Contact).Take(most))
        {
            leased.AddRange(work.Use($"""
                UPDATE outbox SET fence = fence + 1, attempts = attempts + 1, lease_until = ?3, lease_owner = ?4 WHERE contact = ?1 AND id = ?2
                RETURNING {SqliteRows.EffectColumns}, attempts, fence, revision, state, CASE state WHEN 1 THEN max(0, ?5 - coalesce(doubted, since)) ELSE 0 END
                """).Bind(1, contact).Bind(2, id).Bind(3, until).Bind(4, options.LeaseOwner).Bind(5, now)
                .All(row => new LeasedEffect(SqliteRows.Effect(row), row.Int(6), row.Long(7), row.Long(8), (EffectState)row.Int(9), TimeSpan.FromMilliseconds(row.Long(10)))));
        }
        return leased;
    }

    private static readonly string ParkedOnes = $"SELECT {SqliteRows.EffectColumns}, reason, since FROM outbox WHERE state = 2";

    private static ParkedEffect Parked(SqliteStatement row) => new(SqliteRows.Effect(row), row.Text(6), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(7)));

    /// <summary>Where only the revision is another, the newer one is free to be carried out at once.</summary>
    private static void PutBackNewer(SqliteWork work, LeasedEffect leased) =>
        Bind(work.Use("UPDATE outbox SET lease_until = 0, lease_owner = '' WHERE contact = ?1 AND id = ?2 AND fence = ?3 AND revision <> ?4 AND state < 2"), leased).Run();

    private static SqliteStatement Bind(SqliteStatement statement, LeasedEffect leased) =>
        statement.Bind(1, leased.Contact).Bind(2, leased.Effect.Id).Bind(3, leased.Fence).Bind(4, leased.Revision);
}
