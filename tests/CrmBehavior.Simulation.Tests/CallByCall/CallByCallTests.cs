using System;
using System.IO;
using System.Threading.Tasks;
using CrmBehavior.Simulation.Tests.Outside;
using CrmBehavior.Simulation.Tests.Running;
using CrmBehavior.Simulation.Tests.Story;
using CrmBehavior.Storage.Postgres;
using CrmBehavior.Storage.Sqlite;
using CrmBehavior.TestServers;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>The first call at a port fails, then the second, and so on until a run meets no failure any more: exhaustive where chance is lucky.</summary>
public sealed class CallByCallTests
{
    public static TheoryData<string, Mishap, bool> Ways
    {
        get
        {
            var ways = new TheoryData<string, Mishap, bool>();
            foreach (string port in new[] { "store", "crm", "mail", "bus" })
            {
                ways.Add(port, Mishap.Before, false);
                ways.Add(port, Mishap.Before, true);
                if (port != "bus") ways.Add(port, Mishap.After, false);
            }
            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Whatever_call_fails_the_story_ends_the_same_on_SQLite(string port, Mishap how, bool lasts)
    {
        string folder = Directory.CreateTempSubdirectory("crmb-calls-").FullName;
        try
        {
            await RunAllAsync(port, how, lasts, async (clock, call, run) =>
            {
                await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { ConnectionString = Path.Combine(folder, $"store-{call}.db"), LeaseOwner = "one", Time = clock, CommandTimeout = TimeSpan.FromSeconds(10), ErasureKey = new byte[32] });
                await store.MigrateAsync(default);
                await run(new StoreSides(store, store, store));
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Whatever_call_fails_the_story_ends_the_same_on_PostgreSQL(string port, Mishap how, bool lasts)
    {
        Skip.IfNot(PostgresPrograms.Missing is null, PostgresPrograms.Missing);
        PostgresCluster cluster = await PostgresCluster.SharedAsync();
        string database = await cluster.CreateDatabaseAsync();
        await RunAllAsync(port, how, lasts, async (clock, _, run) =>
        {
            await using PostgresStore store = PostgresStore.Open(new PostgresStoreOptions { ConnectionString = cluster.ConnectionString(database), LeaseOwner = "one", Time = clock, CommandTimeout = TimeSpan.FromSeconds(10), ErasureKey = new byte[32] });
            await store.MigrateAsync(default);
            await cluster.ExecuteAsync(database, "TRUNCATE profile, event, seen, visitor, kept, decision, outbox, email, lasting_tag, given_tag, unresolved, unresolved_subject, parked_input, plan");
            await run(new StoreSides(store, store, store));
        });
    }

    static async Task RunAllAsync(string port, Mishap how, bool lasts, Func<SteppingClock, int, Func<StoreSides, Task>, Task> withEmptyStore)
    {
        for (int call = 1; call < 1000; call++)
        {
            var interruption = new Interruption(port, call, how, lasts);
            var clock = new SteppingClock();
            var crm = new SimulatedCrm();
            crm.Definitions.AddRange(PublishedTexts.AtFirst);
            await withEmptyStore(clock, call, async store => (await new ShortStory(store, crm, clock, interruption, call).RunAsync()).ShouldBeEmpty($"{interruption}"));
            if (interruption.HasStruck) continue;
            call.ShouldBeGreaterThan(1, "No call was met at all.");
            return;
        }
        Assert.Fail("The story never ran without meeting the failure.");
    }
}
