using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Conformance;

/// <summary>Whatever is done to the stores, they answer the same.</summary>
public sealed class AgreementTests(SqliteFixture sqlite, PostgresFixture postgres) : IClassFixture<SqliteFixture>, IClassFixture<PostgresFixture>
{
    private const int Stories = 10;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Stories)];

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task Random_commits_leases_and_erasures_give_the_same_reads(int seed)
    {
        Skip.If(postgres.Missing is not null, postgres.Missing);
        List<string>[] stories = await Task.WhenAll(TellAsync(sqlite, seed), TellAsync(postgres, seed));
        (List<string> mine, List<string> theirs) = (stories[0], stories[1]);
        for (int i = 0; i < Math.Min(mine.Count, theirs.Count); i++) mine[i].ShouldBe(theirs[i], $"seed {seed}, line {i}");
        mine.Count.ShouldBe(theirs.Count);
        mine.Count.ShouldBeGreaterThan(150);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Store_in_memory_answers_as_those_that_last(int seed)
    {
        List<string> lasting = await TellAsync(sqlite, seed), memory = await TellAsync(new MemoryFixture(), seed);
        for (int i = 0; i < Math.Min(lasting.Count, memory.Count); i++) memory[i].ShouldBe(lasting[i], $"seed {seed}, line {i}");
        memory.Count.ShouldBe(lasting.Count);
    }

    /// <summary>What spreading over nodes comes down to: no statement may ask for more than the rows of the contacts it names.</summary>
    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task Tables_spread_over_partitions_by_contact_answer_as_whole_ones(int seed)
    {
        Skip.If(postgres.Missing is not null, postgres.Missing);
        List<string> whole = await TellAsync(sqlite, seed);
        List<string> spread = await TellAsync(postgres, seed, async () =>
        {
            foreach ((string table, string key) in new[] { ("profile", "contact"), ("outbox", "contact"), ("visitor", "visitor"), ("kept", "visitor") })
            {
                await postgres.ExecuteAsync($"ALTER TABLE {table} RENAME TO {table}_whole; CREATE TABLE {table} (LIKE {table}_whole INCLUDING ALL) PARTITION BY HASH ({key}); DROP TABLE {table}_whole");
                for (int part = 0; part < 4; part++)
                    await postgres.ExecuteAsync($"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS 4, REMAINDER {part})");
            }
        });
        for (int i = 0; i < Math.Min(whole.Count, spread.Count); i++) spread[i].ShouldBe(whole[i], $"seed {seed}, line {i}");
        spread.Count.ShouldBe(whole.Count);
    }

    /// <summary>Does what the seed says and tells all that the store answers.</summary>
    private static async Task<List<string>> TellAsync(StoreFixture fixture, int seed, Func<Task>? onceThereIsASchema = null)
    {
        await fixture.ClearAsync();
        var clock = new ManualClock();
        await using OpenStore store = fixture.Open("one", clock, TimeSpan.FromMinutes(1), new byte[32]);
        await store.Service.MigrateAsync(default);
        if (onceThereIsASchema is not null) await onceThereIsASchema();
        var story = new RandomStory(new Random(seed), store, clock);
        for (int step = 0; step < 60; step++) await story.TakeStepAsync(step);
        await story.TellAllAsync();
        return story.Told;
    }
}
