using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Commits;
using CrmBehavior.Storage.Erasure;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

/// <summary>Adds effects to the outbox.</summary>
internal static class PostgresEffects
{
    private const string Insert = """
        INSERT INTO outbox AS o (id, contact, kind, key, at, state, due, ready, since, attempts, fence, revision, lease_until, lease_owner, reason, body)
        SELECT n.id, n.contact, n.kind, n.key, n.at, 0, n.due, $7, $7, 0, n.fence, 1, 0, '', '', n.body
        FROM unnest($1, $2, $3, $4, $5, $6, $8, $9) n (id, contact, kind, key, at, due, fence, body)
        """;

    private const string InsertLiving = """
        INSERT INTO outbox AS o (id, contact, kind, key, at, state, due, ready, since, attempts, fence, revision, lease_until, lease_owner, reason, body)
        SELECT n.id, n.contact, n.kind, n.key, n.at, 0, n.due, $7, $7, 0, n.fence, 1, 0, '', '', n.body
        FROM unnest($1, $2, $3, $4, $5, $6, $8, $9, $10) n (id, contact, kind, key, at, due, fence, body, mark)
        WHERE NOT EXISTS (SELECT 1 FROM erased e WHERE e.mark = n.mark)
        """;

    private const string Leave = " ORDER BY n.contact, n.id ON CONFLICT (contact, id) DO NOTHING";

    private const string Fold = """
         ORDER BY n.contact, n.id ON CONFLICT (contact, id) DO UPDATE SET at = excluded.at, body = excluded.body, revision = o.revision + 1, attempts = 0, reason = '', state = 0,
          since = CASE o.state WHEN 2 THEN excluded.since ELSE o.since END,
          due = CASE o.state WHEN 2 THEN excluded.due ELSE least(o.due, excluded.due) END,
          ready = CASE o.state WHEN 2 THEN excluded.ready ELSE least(o.ready, excluded.ready) END
        """;

    /// <summary>Adds effects of contacts that are there.</summary>
    public static void Add(NpgsqlBatch batch, List<EffectRow> rows, long now)
    {
        Add(batch, Insert + Leave, rows.FindAll(x => !x.IsKeyed), now, marks: null);
        Add(batch, Insert + Fold, rows.FindAll(x => x.IsKeyed), now, marks: null);
    }

    /// <summary>Adds what follows from effects, leaving out contacts that were erased meanwhile; their locks must be held.</summary>
    public static void AddFollowing(NpgsqlBatch batch, IReadOnlyCollection<Effect> effects, long now, ErasureMarks marks)
    {
        List<EffectRow> rows = EffectRow.Fold(effects, now);
        Add(batch, InsertLiving + Leave, rows.FindAll(x => !x.IsKeyed), now, marks);
        Add(batch, InsertLiving + Fold, rows.FindAll(x => x.IsKeyed), now, marks);
    }

    private static void Add(NpgsqlBatch batch, string sql, List<EffectRow> rows, long now, ErasureMarks? marks)
    {
        if (rows.Count == 0) return;
        List<NpgsqlParameter> columns =
        [
            Column(rows, x => x.Effect.Id), Column(rows, x => x.Effect.Contact), Column(rows, x => x.Effect.Kind), Column(rows, x => x.Effect.Key),
            Column(rows, x => x.Effect.At), Column(rows, x => x.Due), P(now), Column(rows, _ => Random.Shared.NextInt64(1L << 62)),
            Column(rows, x => x.Effect.Body),
        ];
        if (marks is not null) columns.Add(Column(rows, x => marks.Of(x.Effect.Contact)));
        batch.Add(sql, [.. columns]);
    }

    private static NpgsqlParameter Column<T>(List<EffectRow> rows, Func<EffectRow, T> value) => P(rows.Select(value).ToArray());
}
