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

    /// <summary>Does what the seed says and tells all that the store answers.</summary>
    private static async Task<List<string>> TellAsync(StoreFixture fixture, int seed)
    {
        await fixture.ClearAsync();
        var clock = new ManualClock();
        await using OpenStore store = fixture.Open("one", clock, TimeSpan.FromMinutes(1), new byte[32]);
        await store.Service.MigrateAsync(default);
        var story = new RandomStory(new Random(seed), store, clock);
        for (int step = 0; step < 60; step++) await story.TakeStepAsync(step);
        await story.TellAllAsync();
        return story.Told;
    }
}
