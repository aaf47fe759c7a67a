using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Commits;
using CrmBehavior.Storage.Erasure;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>Adds effects to the outbox.</summary>
internal static class SqliteEffects
{
    private const string Insert = """
        INSERT INTO outbox (id, contact, kind, key, at, state, due, ready, since, attempts, fence, revision, lease_until, lease_owner, reason, body)
        VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?7, 0, ?8, 1, 0, '', '', ?9)
        ON CONFLICT (contact, id) DO

        """;

    private const string InsertOrLeave = Insert + "NOTHING";

    private const string InsertOrFold = Insert + """
        UPDATE SET at = excluded.at, body = excluded.body, revision = revision + 1, attempts = 0, reason = '', state = 0,
          since = CASE state WHEN 2 THEN excluded.since ELSE since END,
          due = CASE state WHEN 2 THEN excluded.due ELSE min(due, excluded.due) END,
          ready = CASE state WHEN 2 THEN excluded.ready ELSE min(ready, excluded.ready) END
        """;

    /// <summary>Adds effects of contacts that are there.</summary>
    public static void Write(SqliteWork work, List<EffectRow> rows, long now)
    {
        foreach (EffectRow row in rows)
        {
            Effect effect = row.Effect;
            work.Use(row.IsKeyed ? InsertOrFold : InsertOrLeave)
                .Bind(1, effect.Id).Bind(2, effect.Contact).Bind(3, effect.Kind).Bind(4, effect.Key).Bind(5, effect.At).Bind(6, row.Due).Bind(7, now)
                .Bind(8, Random.Shared.NextInt64(1L << 62)).Bind(9, effect.Body).Run();
        }
    }

    /// <summary>Adds what follows from effects, leaving out contacts that were erased meanwhile.</summary>
    public static void Follow(SqliteWork work, IReadOnlyCollection<Effect> effects, long now, ErasureMarks marks) => Write(
        work,
        EffectRow.Fold(effects.Where(x => work.Use("SELECT 1 FROM erased WHERE mark = ?1").Bind(1, marks.Of(x.Contact)).Number() is null), now),
        now);
}
