using System;
using System.Linq;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Planted;

/// <summary>The checker is checked: each planted bug is caught within a bounded number of seeds, of which all pass without it.</summary>
public sealed class PlantedBugTests
{
    const int Most = 60;

    public static TheoryData<Bug> Bugs => [.. Enum.GetValues<Bug>().Except([Bug.None])];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Bug_is_caught(Bug bug)
    {
        int caughtBy = Enumerable.Range(1, Most).FirstOrDefault(seed => new Simulation(seed, bug).Run().Count > 0);
        caughtBy.ShouldBeGreaterThan(0, $"None of {Most} seeds noticed {bug}.");
    }
}
