using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace CrmBehavior.Acceptance.Tests.Cdnow;

/// <summary>What <c>expected.sql</c> works out from the orders; it shares no code with what it judges.</summary>
internal sealed partial class ExpectedRows : IDisposable
{
    readonly SqliteConnection database = new("Data Source=:memory:");
    readonly Dictionary<string, string> queries = new(StringComparer.Ordinal);

    public ExpectedRows(IEnumerable<Order> orders)
    {
        string script = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cdnow", "expected.sql"));
        foreach (Match query in Query().Matches(script)) queries[query.Groups[1].Value] = query.Groups[2].Value;
        database.Open();
        using SqliteTransaction transaction = database.BeginTransaction();
        Execute("CREATE TABLE orders (number INTEGER PRIMARY KEY, customer INTEGER, at INTEGER, cents INTEGER)");
        using SqliteCommand insert = database.CreateCommand();
        insert.CommandText = "INSERT INTO orders VALUES ($number, $customer, $at, $cents)";
        foreach (Order order in orders)
        {
            insert.Parameters.Clear();
            insert.Parameters.AddWithValue("$number", order.Number);
            insert.Parameters.AddWithValue("$customer", order.Customer);
            insert.Parameters.AddWithValue("$at", order.At.ToUnixTimeMilliseconds());
            insert.Parameters.AddWithValue("$cents", (long)(decimal.Parse(order.Amount, CultureInfo.InvariantCulture) * 100));
            insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    /// <summary>Customers in the segment.</summary>
    public IReadOnlyList<int> Vip(DateTimeOffset until) => Read("vip", until, r => r.GetInt32(0));

    /// <summary>Customers with the instants at which they had not ordered for 90 days.</summary>
    public IReadOnlyList<(int Customer, DateTimeOffset At)> WinBack(DateTimeOffset until) =>
        Read("winBack", until, r => (r.GetInt32(0), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(1))));

    /// <summary>Customers with the value of their score at that instant.</summary>
    public IReadOnlyList<(int Customer, double Value)> Engagement(DateTimeOffset until) => Read("engagement", until, r => (r.GetInt32(0), r.GetDouble(1)));

    public void Dispose() => database.Dispose();

    List<T> Read<T>(string query, DateTimeOffset until, Func<SqliteDataReader, T> row)
    {
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = queries[query];
        command.Parameters.AddWithValue("$until", until.ToUnixTimeMilliseconds());
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(row(reader));
        return rows;
    }

    void Execute(string sql)
    {
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [GeneratedRegex(@"-- name: (\w+)\n(.*?;)\n", RegexOptions.Singleline)]
    private static partial Regex Query();
}
