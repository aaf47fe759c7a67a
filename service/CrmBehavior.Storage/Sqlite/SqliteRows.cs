using System;
using System.Collections.Generic;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>Rows as the port has them, from statements that name their columns in one fixed order.</summary>
internal static class SqliteRows
{
    public const string EventColumns = "contact, sequence, id, name, at, received, now, body";
    public const string KeptColumns = "visitor, id, name, at, received, body";
    public const string DecisionColumns = "contact, ordinal, id, at, definition, kind, effect, line";
    public const string ProfileColumns = "contact, state, generation, sequence, due, master";
    public const string EffectColumns = "id, contact, kind, key, at, body";

    /// <summary>All rows of a statement.</summary>
    public static List<T> All<T>(this SqliteStatement rows, Func<SqliteStatement, T> read)
    {
        var all = new List<T>();
        while (rows.Step()) all.Add(read(rows));
        return all;
    }

    public static LoggedEvent Event(SqliteStatement row) =>
        new(row.Guid(0), row.Long(1), row.Text(2), row.Text(3), row.Long(4), row.Long(5), row.Long(6), row.Bytes(7));

    public static KeptEvent Kept(SqliteStatement row) => new(row.Text(0), row.Text(1), row.Text(2), row.Long(3), row.Long(4), row.Bytes(5));

    public static StoredDecision Decision(SqliteStatement row) =>
        new(row.Guid(0), row.Long(1), row.Guid(2), row.Long(3), row.Text(4), row.Text(5), row.Text(6), row.Bytes(7));

    public static Profile Profile(SqliteStatement row) => new(row.Guid(0), row.Bytes(1), row.Int(2), row.Long(3), IsErased: false, row.IsNull(5) ? null : row.Guid(5));

    public static long? Due(SqliteStatement row) => row.IsNull(4) ? null : row.Long(4);

    public static Effect Effect(SqliteStatement row) => new(row.Guid(0), row.Guid(1), row.Text(2), row.Text(3), row.Long(4), row.Bytes(5));
}
