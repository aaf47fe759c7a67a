using System;
using CrmBehavior.Pipeline.Dispatch;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Dispatch;

/// <summary>How often the CRM is written to.</summary>
public sealed class RoundPaceTests
{
    readonly Moved clock = new();

    [Fact]
    public void After_a_calm_while_rounds_begin_at_once_and_then_a_few_a_second()
    {
        var pace = new RoundPace(clock);
        Rounds(pace, seconds: 0).ShouldBe(RoundPace.Burst);
        Rounds(pace, seconds: 60).ShouldBe(60 * RoundPace.PerSecond);
        clock.Now += TimeSpan.FromHours(1);
        Rounds(pace, seconds: 0).ShouldBe(RoundPace.Burst);
    }

    /// <summary>Rounds of somebody who begins one whenever he may, looking a hundred times a second.</summary>
    int Rounds(RoundPace pace, int seconds)
    {
        int rounds = 0;
        for (int look = 0; look <= seconds * 100; look++)
        {
            if (look > 0) clock.Now += TimeSpan.FromMilliseconds(10);
            while (pace.IsOpen)
            {
                pace.Spend();
                rounds++;
            }
        }
        return rounds;
    }

    sealed class Moved : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
