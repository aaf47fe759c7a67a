using System;
using System.Collections.Generic;
using System.Linq;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Planted;

/// <summary>The checker is checked: each planted bug is caught within a bounded number of seeds, of which all pass without it.</summary>
public sealed class PlantedBugTests
{
    const int Most = 120;

    /// <summary>Where the rare ones showed when they were planted; a story that is told otherwise may show them elsewhere.</summary>
    static readonly Dictionary<Bug, int> Rare = new() { [Bug.UncertainMailSentAgain] = 52, [Bug.ConsentFromOldCopy] = 27 };

    public static TheoryData<Bug> Bugs => [.. Enum.GetValues<Bug>().Except([Bug.None])];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Bug_is_caught(Bug bug)
    {
        int caughtBy = Enumerable.Range(1, Most).Prepend(Rare.GetValueOrDefault(bug, 1)).FirstOrDefault(seed => new Simulation(seed, bug).Run().Count > 0);
        caughtBy.ShouldBeGreaterThan(0, $"None of {Most} seeds noticed {bug}.");
    }
}
