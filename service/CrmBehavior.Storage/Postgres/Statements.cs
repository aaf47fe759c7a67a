using System.Threading;
using System.Threading.Tasks;
using Npgsql;

namespace CrmBehavior.Storage.Postgres;

/// <summary>Statements with parameters by position, sent together where they can be.</summary>
internal static class Statements
{
    /// <summary>A parameter of the type its value has.</summary>
    public static NpgsqlParameter P<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>A statement by itself.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    /// <summary>Adds a statement to those that are sent together.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }

    /// <summary>Runs a statement by itself.</summary>
    /// <returns>How many rows it changed.</returns>
    public static async Task<int> RunAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using NpgsqlCommand command = connection.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
