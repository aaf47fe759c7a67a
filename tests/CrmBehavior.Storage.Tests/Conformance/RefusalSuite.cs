using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Conformance;

/// <summary>What every store refuses, in the same words, before anything of the commit is written.</summary>
public abstract class RefusalSuite(StoreFixture fixture) : StoreSuite(fixture)
{
    private static readonly Guid Locked = Guid.Parse("0a000000-0000-0000-0000-000000000001"), Free = Guid.Parse("0b000000-0000-0000-0000-000000000002");

    private static readonly Dictionary<string, (Action<ProfileCommit> Add, string Says)> Faults = new()
    {
        ["profile of a contact not locked"] = (c => c.Profiles.Add((Rows.Profile(Free), null)), $"Commit, profile 0 (contact {Free}): contact {Free} is not locked"),
        ["two profiles of a contact"] = (c => c.Profiles.AddRange([(Rows.Profile(Locked), null), (Rows.Profile(Locked), null)]), "Commit, profile 1"),
        ["profile marked as erased"] = (c => c.Profiles.Add((Rows.Profile(Locked) with { IsErased = true }, null)), "erased"),
        ["event of a contact not locked"] = (c => c.Events.Add(Rows.Event(Free, 1)), "Commit, event 0"),
        ["event id with NUL"] = (c => c.Events.Add(Rows.Event(Locked, 1, "a\0b")), $"Commit, event 0 (contact {Locked}): its id holds U+0000 at position 1"),
        ["event name with half a pair"] = (c => c.Events.Add(Rows.Event(Locked, 1, name: "x\uD83D")), "its name holds U+D83D at position 1"),
        ["two events of an id"] = (c => c.Events.AddRange([Rows.Event(Locked, 1, "a"), Rows.Event(Locked, 2, "a")]), "Commit, event 1 (contact"),
        ["event without sequence"] = (c => c.Events.Add(Rows.Event(Locked, 0)), "sequence 0"),
        ["event received before 1970"] = (c => c.Events.Add(Rows.Event(Locked, 1, received: -5)), "time of receipt -5"),
        ["event received in the year 10000"] = (c => c.Events.Add(Rows.Event(Locked, 1, received: 253402300800000)), "time of receipt"),
        ["kept event of a visitor not locked"] = (c => c.Kept.Add(Rows.Kept("w", "a")), "visitor 'w' is not locked"),
        ["kept event of a visitor who is known"] = (c => c.Kept.Add(Rows.Kept("known", "a")), "visitor 'known' is known"),
        ["kept event of a visitor claimed beside it"] = (c => { c.Kept.Add(Rows.Kept("v", "a")); c.Claims.Add(("v", Locked)); }, "visitor 'v' is known"),
        ["kept event id with NUL"] = (c => c.Kept.Add(Rows.Kept("v", "\0")), "Commit, kept event 0: its id"),
        ["claim by a contact not locked"] = (c => c.Claims.Add(("v", Free)), "Commit, claim 0"),
        ["visitor claimed twice"] = (c => c.Claims.AddRange([("v", Locked), ("v", Locked)]), "claimed twice"),
        ["decision of a contact not locked"] = (c => c.Decisions.Add(Rows.Decision(Free, 0)), "Commit, decision 0"),
        ["decision with half a pair"] = (c => c.Decisions.Add(Rows.Decision(Locked, 0) with { Definition = "\uDC00" }), "its definition holds U+DC00 at position 0"),
        ["effect of a contact not locked"] = (c => c.Effects.Add(Rows.Effect(Free)), "Commit, effect 0"),
        ["effect key with NUL"] = (c => c.Effects.Add(Rows.Effect(Locked, key: "a\0")), "its key holds U+0000 at position 1"),
        ["effect with a negative delay"] = (c => c.Effects.Add(Rows.Effect(Locked, delay: TimeSpan.FromSeconds(-1))), "delay"),
        ["erased contact not locked"] = (c => c.Erased.Add(Free), "Commit, erased contact 0"),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task Commit_with_a_fault_is_refused_and_names_the_row(string fault)
    {
        OpenStore store = await FreshAsync();
        await store.CommitAsync([Locked], ["known"], (_, commit) => commit.Claims.Add(("known", Locked)));
        (Action<ProfileCommit> add, string says) = Faults[fault];
        StoreUnavailableException refused = await Should.ThrowAsync<StoreUnavailableException>(store.CommitAsync(
            [Locked],
            ["v", "known"],
            (_, commit) =>
            {
                commit.Decisions.Add(Rows.Decision(Locked, 7));
                add(commit);
            }));
        refused.Message.ShouldContain(says.Replace("decision 0", "decision 1", StringComparison.Ordinal));
        refused.IsTransient.ShouldBeFalse();
        if (refused is StoreException own) (own.IsOutcomeUnknown, own.Code).ShouldBe((false, null));
        (await store.Profiles.ReadDecisionsAsync(Locked, 10, default)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Names_that_no_store_could_keep_are_refused_on_the_way_in_and_reasons_are_mended()
    {
        OpenStore store = await FreshAsync();
        await Should.ThrowAsync<StoreUnavailableException>(() => store.Profiles.OpenAsync([], ["a\0"], default));
        await Should.ThrowAsync<StoreUnavailableException>(() => store.Service.EnsureSettingAsync("a\0", "b", default));
        await Should.ThrowAsync<StoreUnavailableException>(() => store.Service.FindByEmailAsync("\uD800@x", default));
        await Should.ThrowAsync<StoreUnavailableException>(() => store.Service.AddUnresolvedAsync([(["a\0"], [])], default));

        await store.Service.ParkInputAsync("bus\0", "half \uD83D of it", [0, 255], Rows.Noon, default);
        ParkedInput parked = (await store.Service.ReadParkedInputsAsync(1, default)).Latest[0];
        (parked.Door, parked.Reason).ShouldBe(("bus\uFFFD", "half \uFFFD of it"));

        Guid contact = Guid.NewGuid();
        await store.CommitAsync([contact], commit => commit.Effects.Add(Rows.Effect(contact)));
        LeasedEffect leased = (await store.Outbox.LeaseAsync([EffectKind.Task], 1, Minute, false, default)).Single();
        await store.Outbox.ParkAsync(leased, "\0\uDC00", [], default);
        (await store.Outbox.ReadParkedAsync(1, default))[0].Reason.ShouldBe("\uFFFD\uFFFD");
    }

    [SkippableFact]
    public async Task Text_of_any_script_and_bytes_of_any_kind_are_kept()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        string text = "ä 日本 🙂 ‮ \u0001\u007F \uFFFF ' \" \\ %";
        await store.CommitAsync(
            [contact],
            [text],
            (_, commit) =>
            {
                commit.Profiles.Add((Rows.Profile(contact), null));
                commit.Events.Add(Rows.Event(contact, 1, text, name: text) with { Body = [0, 0xD8, 0xFF] });
                commit.Claims.Add((text, contact));
            });
        LoggedEvent logged = (await store.LogAsync(contact)).Single();
        (logged.Id, logged.Name).ShouldBe((text, text));
        logged.Body.ShouldBe([0, 0xD8, 0xFF]);
        await using IProfileBatch batch = await store.Profiles.OpenAsync([], [text], default);
        batch.Claims[text].ShouldBe(contact);
        (await batch.FindSeenAsync([new(contact, text), new(contact, "\uD800")], default)).ShouldBe([new EventKey(contact, text)]);
    }
}
