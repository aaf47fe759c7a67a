using System.Collections.Generic;
using System.Linq;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests;

/// <summary>Seeds that every build runs; <see cref="Program"/> runs as many as there is time for.</summary>
public sealed class SeedTests
{
    const int Portion = 50;

    public static TheoryData<int> Portions => [.. Enumerable.Range(0, 4).Select(n => (n * Portion) + 1)];

    [Theory]
    [MemberData(nameof(Portions))]
    public void Week_with_faults_leaves_every_invariant_whole(int from)
    {
        for (int seed = from; seed < from + Portion; seed++) Run(seed);
    }

    [Fact]
    public void Equal_seeds_give_equal_runs_to_the_last_call()
    {
        var first = new Simulation(7);
        var second = new Simulation(7);
        var other = new Simulation(8);
        first.Run();
        second.Run();
        other.Run();
        first.World.Steps.ShouldBeGreaterThan(1000);
        second.World.Trace.ShouldBe(first.World.Trace);
        second.World.Steps.ShouldBe(first.World.Steps);
        other.World.Trace.ShouldNotBe(first.World.Trace);
    }

    [Fact]
    public void Week_without_faults_sends_mail_and_writes_rows()
    {
        var calm = new Simulation(3, isCalm: true);
        calm.Run().ShouldBeEmpty();
        calm.Mail.Inbox.Count.ShouldBeGreaterThan(3);
        calm.Crm.Rows.Keys.Select(r => r.Set).Distinct().Order().ShouldBe(["crmb_contactscores", "crmb_touchpoints", "tasks"]);
        calm.Crm.Tags.ShouldNotBeEmpty();
    }

    static void Run(int seed)
    {
        var simulation = new Simulation(seed);
        IReadOnlyList<string> problems = simulation.Run();
        problems.ShouldBeEmpty($"Seed {seed}; see it alone with: --from {seed} --seeds 1 --notes");
    }
}
