using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Npgsql;

namespace CrmBehavior.Storage.Postgres;

/// <summary>Rows as the port has them, from statements that name their columns in one fixed order.</summary>
internal static class PostgresRows
{
    public const string EventColumns = "contact, sequence, id, name, at, received, now, body";
    public const string KeptColumns = "visitor, id, name, at, received, body";
    public const string DecisionColumns = "contact, ordinal, id, at, definition, kind, effect, line";
    public const string ProfileColumns = "p.contact, p.state, p.generation, p.sequence, p.due, p.master";
    public const string EffectColumns = "o.id, o.contact, o.kind, o.key, o.at, o.body";

    /// <summary>All rows of the result at hand.</summary>
    public static async Task<List<T>> AllAsync<T>(this NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var all = new List<T>();
        while (await rows.ReadAsync(cancellation)) all.Add(read(rows));
        return all;
    }

    /// <summary>All rows of a statement by itself.</summary>
    public static async Task<List<T>> AllAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using (command)
        {
            await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellation);
            return await rows.AllAsync(read, cancellation);
        }
    }

    public static LoggedEvent Event(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetFieldValue<byte[]>(7));

    public static KeptEvent Kept(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetFieldValue<byte[]>(5));

    public static StoredDecision Decision(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt64(1), row.GetGuid(2), row.GetInt64(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetFieldValue<byte[]>(7));

    public static Profile Profile(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetFieldValue<byte[]>(1), row.GetInt32(2), row.GetInt64(3), IsErased: false, row.IsDBNull(5) ? null : row.GetGuid(5));

    public static long? Due(NpgsqlDataReader row) => row.IsDBNull(4) ? null : row.GetInt64(4);

    public static Effect Effect(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetFieldValue<byte[]>(5));
}
