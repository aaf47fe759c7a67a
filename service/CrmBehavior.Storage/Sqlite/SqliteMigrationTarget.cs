using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Storage.Migrations;

namespace CrmBehavior.Storage.Sqlite;

/// <summary>The schema of the file, brought forward under an exclusive lock.</summary>
internal sealed class SqliteMigrationTarget(SqliteWriter writer, TimeProvider time) : IMigrationTarget
{
    public async Task<int> TakeAsync(Migration step, CancellationToken cancellation)
    {
        using SqliteWork work = await writer.BeginAsync(cancellation, isExclusive: true);
        work.Execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, taken_at TEXT NOT NULL) STRICT");
        int latest = (int)(work.Use("SELECT max(number) FROM migration").Number() ?? 0);
        if (latest >= step.Number) return latest;
        work.Execute(step.Sql);
        work.Use("INSERT INTO migration (number, name, taken_at) VALUES (?1, ?2, ?3)")
            .Bind(1, step.Number).Bind(2, step.Name).Bind(3, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)).Run();
        work.Commit();
        return step.Number;
    }
}
