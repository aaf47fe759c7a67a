using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.CallByCall;
using CrmBehavior.Simulation.Tests.Running;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Tagging;

/// <summary>Tags that segments give beside those that people give by hand.</summary>
public sealed class TagTests
{
    static readonly PublishedDefinition[] Definitions =
    [
        .. new[] { ("gold", "tier"), ("keen", "mood") }.Select(s => new PublishedDefinition("segment", s.Item1, 1, false, true, $$"""{"kind":"segment","name":"{{s.Item1}}","when":{"trait":"{{s.Item2}}","eq":"yes"},"tag":"Vip"}""")),
    ];

    readonly Desk desk;
    readonly System.Guid contact;

    public TagTests()
    {
        var clock = new SteppingClock();
        var store = new MemoryStore(new MemoryDatabase(), clock, new byte[32]);
        desk = new Desk(new StoreSides(store, store, store), clock, Definitions);
        contact = desk.Contact("anna");
    }

    bool HasTag => desk.Crm.Tags.Contains((contact, "Vip"));

    [Fact]
    public async Task Tag_given_by_hand_stays_when_a_segment_came_and_went_before_anything_was_written()
    {
        desk.Crm.Tags.Add((contact, "Vip"));
        await SetAsync("tier", true);
        await SetAsync("tier", false);
        await desk.DispatchAsync();
        HasTag.ShouldBeTrue();
    }

    [Fact]
    public async Task Tag_given_by_hand_stays_when_a_segment_came_went_and_came_again_and_later_ends()
    {
        desk.Crm.Tags.Add((contact, "Vip"));
        foreach (bool isIn in new[] { true, false, true }) await SetAsync("tier", isIn);
        await desk.DispatchAsync();
        await SetAsync("tier", false);
        await desk.DispatchAsync();
        HasTag.ShouldBeTrue();
    }

    [Fact]
    public async Task Tag_that_a_segment_gave_is_taken_away_whatever_happened_between()
    {
        await SetAsync("tier", true);
        await desk.DispatchAsync();
        HasTag.ShouldBeTrue();
        foreach (bool isIn in new[] { false, true, false }) await SetAsync("tier", isIn);
        await desk.DispatchAsync();
        HasTag.ShouldBeFalse();
    }

    [Fact]
    public async Task Tag_that_two_segments_gave_is_taken_away_with_the_last_of_them()
    {
        await SetAsync("tier", true);
        await desk.DispatchAsync();
        await SetAsync("mood", true);
        await desk.DispatchAsync();
        await SetAsync("tier", false);
        await desk.DispatchAsync();
        HasTag.ShouldBeTrue();
        await SetAsync("mood", false);
        await desk.DispatchAsync();
        HasTag.ShouldBeFalse();
    }

    Task SetAsync(string trait, bool isIn) => desk.TellAsync(contact, "contact_updated", $$"""{"{{trait}}":"{{(isIn ? "yes" : "no")}}"}""", "crm");
}
