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

    [Fact]
    public void Waiting_that_brings_no_company_ends_and_begins_again_when_it_does()
    {
        var pace = new RoundPace(clock);
        int alone = Rounds(pace, seconds: 10, carried: 1, rest: 10);
        alone.ShouldBeGreaterThan(10 * RoundPace.PerSecond * 10, "nearly all go at once");
        Rounds(pace, seconds: 10, carried: 50).ShouldBeLessThanOrEqualTo(RoundPace.Burst + 10 * RoundPace.PerSecond);
    }

    /// <summary>Rounds of somebody who begins one whenever he may, looking a hundred times a second.</summary>
    int Rounds(RoundPace pace, int seconds, int carried = 50, int rest = 0)
    {
        int rounds = 0;
        for (int look = 0; look <= seconds * 100; look++)
        {
            if (look > 0) clock.Now += TimeSpan.FromMilliseconds(10);
            while (pace.IsOpen)
            {
                pace.Spend(carried);
                rounds++;
                if (rest > 0)
                {
                    clock.Now += TimeSpan.FromMilliseconds(rest);
                    break;
                }
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
