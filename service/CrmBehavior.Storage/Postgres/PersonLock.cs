using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Storage.Erasure;
using Npgsql;
using static CrmBehavior.Storage.Postgres.Statements;

namespace CrmBehavior.Storage.Postgres;

/// <summary>
/// Keeps apart the erasing of a person and writers who know of the person but hold no batch: an address remembered, an effect that follows
/// from another. Without it such a row could be written between the deletion and its commit, and stay. Whoever takes it does so before
/// touching any row of the outbox.
/// </summary>
internal static class PersonLock
{
    /// <summary>For erasing.</summary>
    public const string Exclusive = "SELECT pg_advisory_xact_lock(n) FROM (SELECT n FROM unnest($1) n ORDER BY n OFFSET 0) s";

    /// <summary>For writing.</summary>
    public const string Shared = "SELECT pg_advisory_xact_lock_shared(n) FROM (SELECT n FROM unnest($1) n ORDER BY n OFFSET 0) s";

    /// <summary>The locks of some persons.</summary>
    public static NpgsqlParameter Of(IEnumerable<Guid> contacts, ErasureMarks marks) => P(contacts.Distinct().Select(marks.NumberOf).ToArray());
}
