using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Pipeline.Refresh;
using CrmBehavior.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>Scores that fade, shown anew once a night, by whichever process is there.</summary>
public sealed class ScoreRefreshTests : IAsyncLifetime
{
    const string Score = """{"kind":"score","name":"interest","halfLife":"7d","points":[{"event":"big","add":100},{"event":"small","add":3}],"grades":[{"name":"cold","from":0},{"name":"hot","from":60}]}""";

    readonly string folder = Directory.CreateTempSubdirectory("crmb-refresh-").FullName;
    readonly SteppingClock clock = new();
    readonly PlanHolder plans = new();
    readonly DispatchOptions times = new();
    SqliteStore one = null!, two = null!;

    public async Task InitializeAsync()
    {
        (one, two) = (Open("one"), Open("two"));
        await one.MigrateAsync(default);
        plans.Set(ActivePlan.Compile(new StoredPlan(1, clock.Now, [new PublishedDefinition("score", "interest", 1, false, true, Score)], [], "one")).Plan);
    }

    public async Task DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_value_that_has_faded_by_more_than_1_is_written_once_a_night_whoever_looks()
    {
        ScoreRefresh first = Refresh(one), second = Refresh(two);
        await Task.WhenAll(first.RunOnceAsync(default), second.RunOnceAsync(default));
        Guid big = await HappenAsync("big"), small = await HappenAsync("small");
        await WrittenAsync();
        clock.Advance(TimeSpan.FromHours(16));
        (first.IsDue, second.IsDue).ShouldBe((false, false));
        clock.Advance(TimeSpan.FromHours(1.5));
        first.IsDue.ShouldBeTrue();

        await Task.WhenAll(first.RunOnceAsync(default), second.RunOnceAsync(default));
        await second.RunOnceAsync(default);
        await Refresh(two).RunOnceAsync(default);

        (Guid contact, double value, long at, string? grade) = (await WrittenAsync()).ShouldHaveSingleItem();
        (contact, at, grade).ShouldBe((big, clock.Now, "hot"));
        value.ShouldBe(100 * Math.Pow(2, -17.5 / (7 * 24)), 1e-9);
        (first.IsDue, second.IsDue).ShouldBe((false, false));
        (await one.CountAsync(default)).Waiting.ShouldBe(0);

        // What is not off by more than 1 is left alone until it is; the other is written every night.
        var nights = new List<int>();
        for (int night = 2; night <= 12; night++)
        {
            clock.Advance(TimeSpan.FromDays(1));
            await first.RunOnceAsync(default);
            (Guid Contact, double, long, string?)[] written = [.. await WrittenAsync()];
            written.Count(w => w.Contact == big).ShouldBe(1);
            if (written.Any(w => w.Contact == small)) nights.Add(night);
        }
        // 3 points lose the first after 7 d · log2(3/2) = 4.1 d and the second after 11.1 d.
        nights.ShouldBe([5, 12]);
    }

    [Fact]
    public async Task A_newer_value_is_never_overtaken_and_a_grade_that_time_changed_is_told_with_its_value()
    {
        Guid contact = await HappenAsync("big");
        await Refresh(one).RunOnceAsync(default);
        await WrittenAsync();
        clock.Advance(TimeSpan.FromDays(6));
        await Refresh(one).RunOnceAsync(default);
        await HappenAsync("small", contact);

        (_, double value, long at, string? grade) = (await WrittenAsync()).ShouldHaveSingleItem();
        value.ShouldBe(100 * Math.Pow(2, -6.0 / 7) + 3, 1e-6);
        (at, grade).ShouldBe((clock.Now, "cold"));
        (await one.ReadDecisionsAsync(contact, 10, default)).Select(d => d.Effect).ShouldBe(["graded", "graded"]);
    }

    [Fact]
    public async Task A_night_whose_process_has_died_is_gone_on_with_by_another_when_the_lease_has_lapsed()
    {
        for (int i = 0; i < 5; i++) await HappenAsync("big");
        await Refresh(one).RunOnceAsync(default);
        await WrittenAsync();
        clock.Advance(TimeSpan.FromDays(1));
        // The first finds a crowd after its first page and waits; its process dies with the lease that it takes next.
        await Refresh(one, crowd: 0).RunOnceAsync(default);
        (await WrittenAsync()).Count.ShouldBe(2);
        clock.Advance(TimeSpan.FromSeconds(10));
        (await one.LeaseAsync([EffectKind.Refresh], 1, times.Lease, false, default)).Count.ShouldBe(1);

        ScoreRefresh other = Refresh(two);
        await other.RunOnceAsync(default);
        (await WrittenAsync()).ShouldBeEmpty();
        other.IsDue.ShouldBeTrue();
        clock.Advance(times.Lease);
        await other.RunOnceAsync(default);

        (await WrittenAsync()).Count.ShouldBe(3);
        other.IsDue.ShouldBeFalse();
    }

    async Task<Guid> HappenAsync(string name, Guid? contact = null)
    {
        Guid who = contact ?? Guid.NewGuid();
        string id = Guid.NewGuid().ToString(), at = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);
        await Processor(one).ProcessAsync([new AcceptedEvent(id, name, clock.Now, clock.Now, Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","name":"{{name}}","at":"{{at}}"}""")) { Contact = who }], default);
        return who;
    }

    /// <summary>What is to be written of scores now, and is done with.</summary>
    async Task<IReadOnlyList<(Guid Contact, double Value, long At, string? Grade)>> WrittenAsync()
    {
        IReadOnlyList<LeasedEffect> leased = await one.LeaseAsync([EffectKind.Score, EffectKind.Contact], 100, times.Lease, flush: true, default);
        await one.CompleteAsync(leased, [], default);
        return [.. leased.Where(l => l.Effect.Kind == EffectKind.Score).Select(l =>
        {
            JsonElement body = JsonDocument.Parse(l.Effect.Body).RootElement;
            return (l.Effect.Contact, body.GetProperty("value").GetDouble(), body.GetProperty("at").GetInt64(), body.TryGetProperty("grade", out JsonElement grade) ? grade.GetString() : null);
        })];
    }

    ScoreRefresh Refresh(SqliteStore store, int crowd = 1000) => new(store, store, Processor(store), new ScoreRefreshOptions { Page = 2, Crowd = crowd }, times, clock);

    ContactProcessor Processor(SqliteStore store) => new(store, store, plans, new EffectFactory(new EffectOptions()), new EffectNews(), clock, NullLogger<ContactProcessor>.Instance);

    SqliteStore Open(string owner) => SqliteStore.Open(new SqliteStoreOptions { ConnectionString = Path.Combine(folder, "store.db"), LeaseOwner = owner, Time = clock, CommandTimeout = TimeSpan.FromSeconds(5), ErasureKey = new byte[32] });
}
