using System.Threading.Tasks;
using CrmBehavior.TestServers;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Faults;

/// <summary>Death at every named point, on the embedded store. A class for each store, so that they run beside each other.</summary>
public sealed class SqliteCrashPointTests
{
    [Fact]
    public Task One_process_on_SQLite_dies_before_and_after_every_call_of_its_work() => KillTests.RunAsync(null, 1, KillTests.Points);
}

/// <summary>Death at every named point, with two processes over one database.</summary>
public sealed class PostgresCrashPointTests
{
    [SkippableFact]
    public async Task Processes_on_PostgreSQL_die_before_and_after_every_call_of_their_work()
    {
        Skip.If(PostgresPrograms.Missing != null, PostgresPrograms.Missing);
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await KillTests.RunAsync(cluster, 2, KillTests.Points);
    }
}
