using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Conformance;

/// <summary>What <see cref="IServiceStore"/> promises.</summary>
public abstract class ServiceStoreSuite(StoreFixture fixture) : StoreSuite(fixture)
{
    [SkippableFact]
    public async Task Plans_are_read_back_by_number_and_the_latest_is_in_force()
    {
        OpenStore store = await FreshAsync();
        (await store.Service.FindPlanAsync(default)).ShouldBeNull();
        StoredPlan first = Plan(1, "a"), second = Plan(2, "b");
        (await store.Service.TryAddPlanAsync(first, default)).ShouldBeTrue();
        (await store.Service.TryAddPlanAsync(second, default)).ShouldBeTrue();
        ShouldBe(await store.Service.FindPlanAsync(default), second);
        ShouldBe(await store.Service.FindPlanAsync(1, default), first);
        (await store.Service.FindPlanAsync(3, default)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Plan_that_another_process_was_faster_to_add_is_not_added()
    {
        OpenStore store = await FreshAsync();
        OpenStore[] processes = [.. Enumerable.Range(0, 4).Select(n => Another($"{n}"))];
        bool[] added = await Task.WhenAll(processes.Select((x, i) => Task.Run(() => x.Service.TryAddPlanAsync(Plan(1, $"{i}"), default))));
        added.Count(x => x).ShouldBe(1);
        (await store.Service.FindPlanAsync(default))!.Fingerprint.ShouldBe($"{Array.IndexOf(added, true)}");
        (await store.Service.TryAddPlanAsync(Plan(1, "late"), default)).ShouldBeFalse();
        (await store.Service.TryAddPlanAsync(Plan(3, "early"), default)).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task Setting_stays_what_it_was_first()
    {
        OpenStore store = await FreshAsync();
        (await store.Service.FindSettingAsync("organisation", default)).ShouldBeNull();
        string[] kept = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(() => Another($"{n}").Service.EnsureSettingAsync("organisation", $"org {n}", default))));
        kept.Distinct().Count().ShouldBe(1);
        (await store.Service.EnsureSettingAsync("organisation", "other", default)).ShouldBe(kept[0]);
        (await store.Service.FindSettingAsync("organisation", default)).ShouldBe(kept[0]);
    }

    [SkippableFact]
    public async Task Address_is_remembered_moved_and_forgotten()
    {
        OpenStore store = await FreshAsync();
        Guid before = Guid.NewGuid(), after = Guid.NewGuid();
        (await store.Service.FindByEmailAsync("a@example.org", default)).ShouldBeNull();
        await store.Service.RememberEmailAsync("a@example.org", before, default);
        await store.Service.RememberEmailAsync("a@example.org", after, default);
        (await store.Service.FindByEmailAsync("a@example.org", default)).ShouldBe(after);
        await store.Service.RememberEmailAsync("a@example.org", null, default);
        (await store.Service.FindByEmailAsync("a@example.org", default)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task A_setting_is_put_in_place_of_the_one_there_is()
    {
        OpenStore store = await FreshAsync();
        await store.Service.PutSettingAsync("mark", "one", default);
        await store.Service.PutSettingAsync("mark", "two", default);
        (await store.Service.EnsureSettingAsync("mark", "three", default)).ShouldBe("two");
    }

    [SkippableFact]
    public async Task Lasting_tags_are_noted_found_and_forgotten()
    {
        OpenStore store = await FreshAsync();
        Guid one = Guid.NewGuid(), other = Guid.NewGuid();
        await store.Service.NoteLastingTagAsync(one, "vip", true, default);
        await store.Service.NoteLastingTagAsync(one, "vip", true, default);
        await store.Service.NoteLastingTagAsync(other, "partner", true, default);
        (await store.Service.FindLastingTagsAsync([(one, "vip"), (one, "partner"), (other, "partner"), (other, "VIP")], default))
            .ShouldBe([(one, "vip"), (other, "partner")], ignoreOrder: true);
        await store.Service.NoteLastingTagAsync(one, "vip", false, default);
        (await store.Service.FindLastingTagsAsync([(one, "vip")], default)).ShouldBeEmpty();
        (await store.Service.FindLastingTagsAsync([], default)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task What_follows_from_a_written_tag_is_noted_only_while_nobody_has_taken_the_effect_over()
    {
        OpenStore store = await FreshAsync();
        Guid one = Guid.NewGuid(), master = Guid.NewGuid();
        await store.CommitAsync([one], commit => commit.Effects.Add(Rows.Effect(one, EffectKind.Tag, "vip")));
        LeasedEffect first = (await store.Outbox.LeaseAsync([EffectKind.Tag], 10, Minute, false, default)).Single();
        await store.Service.NoteGivenTagsAsync([(one, "vip"), (master, "vip")], true, default);

        // Carried out for the contact into whom this one was merged, it is still the same effect.
        LeasedEffect followed = first with { Effect = first.Effect with { Contact = master } };
        await store.Service.NoteWrittenTagAsync(followed, master, "vip", lasting: true, isGiftOver: true, default);
        (await store.Service.FindLastingTagsAsync([(master, "vip")], default)).ShouldBe([(master, "vip")]);
        (await store.Service.FindGivenTagsAsync([(one, "vip"), (master, "vip")], default)).ShouldBe([(one, "vip")]);

        Clock.Advance(Minute + Minute);
        LeasedEffect second = (await Another("two").Outbox.LeaseAsync([EffectKind.Tag], 10, Minute, false, default)).Single();
        await store.Service.NoteWrittenTagAsync(first, one, "vip", lasting: true, isGiftOver: true, default);
        await store.Service.NoteWrittenTagAsync(first, master, "vip", lasting: false, isGiftOver: false, default);
        (await store.Service.FindLastingTagsAsync([(one, "vip"), (master, "vip")], default)).ShouldBe([(master, "vip")]);
        (await store.Service.FindGivenTagsAsync([(one, "vip")], default)).ShouldBe([(one, "vip")]);

        await store.Service.NoteWrittenTagAsync(second, master, "vip", lasting: false, isGiftOver: false, default);
        (await store.Service.FindLastingTagsAsync([(master, "vip")], default)).ShouldBeEmpty();
        await store.Outbox.CompleteAsync([second with { Effect = second.Effect with { Contact = master } }], [], default);
        (await store.Outbox.CountAsync(default)).Waiting.ShouldBe(0);
    }

    [SkippableFact]
    public async Task Given_tags_are_noted_found_and_forgotten()
    {
        OpenStore store = await FreshAsync();
        Guid one = Guid.NewGuid(), other = Guid.NewGuid();
        await store.Service.NoteGivenTagsAsync([(one, "vip"), (one, "vip"), (other, "partner")], true, default);
        await Another("other").Service.NoteGivenTagsAsync([(one, "vip")], true, default);
        (await store.Service.FindGivenTagsAsync([(one, "vip"), (one, "partner"), (other, "partner"), (other, "VIP")], default))
            .ShouldBe([(one, "vip"), (other, "partner")], ignoreOrder: true);
        await store.Service.NoteGivenTagsAsync([(one, "vip"), (one, "never")], false, default);
        await store.Service.NoteGivenTagsAsync([], true, default);
        (await store.Service.FindGivenTagsAsync([(one, "vip"), (other, "partner")], default)).ShouldBe([(other, "partner")]);
        await store.CommitAsync([other], commit => commit.Erased.Add(other));
        await store.Service.NoteGivenTagsAsync([(other, "late")], true, default);
        (await store.Service.FindGivenTagsAsync([(other, "partner"), (other, "late")], default)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Calls_that_wait_for_an_identity_come_in_order_until_they_are_removed()
    {
        OpenStore store = await FreshAsync();
        await store.Service.AddUnresolvedAsync([.. Enumerable.Range(0, 40).Select(i => (Of($"s{i % 3}", $"v{i}"), Rows.Bytes($"call {i}")))], default);
        await store.Service.AddUnresolvedAsync([], default);
        await store.Service.AddUnresolvedAsync([(Of("s"), [0, 255])], default);
        IReadOnlyList<(long Number, string Subject, byte[] Call)> first = await store.Service.ReadUnresolvedAsync(30, default);
        first.Select(x => x.Call).ShouldBe(Enumerable.Range(0, 30).Select(i => Rows.Bytes($"call {i}")));
        first.Select(x => x.Number).ShouldBeInOrder();
        (await store.Service.ReadUnresolvedAsync(first[9].Number, 5, default)).Select(x => x.Number).ShouldBe(first.Skip(10).Take(5).Select(x => x.Number));
        await store.Service.RemoveUnresolvedAsync([.. first.Select(x => x.Number)], default);
        IReadOnlyList<(long Number, string Subject, byte[] Call)> rest = await store.Service.ReadUnresolvedAsync(30, default);
        rest.Count.ShouldBe(11);
        rest[^1].Call.ShouldBe([0, 255]);
        await store.Service.RemoveUnresolvedAsync([.. rest.Select(x => x.Number)], default);
        await store.Service.AddUnresolvedAsync([(Of("s"), [])], default);
        // A number that somebody may still mean to remove never comes again.
        (await store.Service.ReadUnresolvedAsync(1, default))[0].Number.ShouldBeGreaterThan(rest[^1].Number);
    }

    [SkippableFact]
    public async Task Whoever_a_call_names_is_known_to_wait_until_the_last_of_his_calls_is_removed()
    {
        OpenStore store = await FreshAsync();
        await store.Service.AddUnresolvedAsync([(Of("anna@example.org", "visitor"), Rows.Bytes("one")), (Of("other", "other"), Rows.Bytes("two"))], default);
        await Another("second").Service.AddUnresolvedAsync([(Of("visitor"), Rows.Bytes("three"))], default);

        (await store.Service.FindUnresolvedAsync(["visitor", "anna@example.org", "Visitor", "nobody"], default)).ShouldBe(["visitor", "anna@example.org"], ignoreOrder: true);
        (await store.Service.FindUnresolvedAsync([], default)).ShouldBeEmpty();
        IReadOnlyList<(long Number, string Subject, byte[] Call)> kept = await store.Service.ReadUnresolvedAsync(10, default);
        kept.Select(x => x.Subject).ShouldBe(["anna@example.org", "other", "visitor"]);
        await store.Service.RemoveUnresolvedAsync([kept[0].Number], default);
        (await Another("second").Service.FindUnresolvedAsync(["visitor", "anna@example.org"], default)).ShouldBe(["visitor"]);
        await store.Service.RemoveUnresolvedAsync([kept[2].Number], default);
        (await store.Service.FindUnresolvedAsync(["visitor", "anna@example.org", "other"], default)).ShouldBe(["other"]);
    }

    [SkippableFact]
    public async Task Input_that_cannot_be_read_is_set_aside_as_it_came()
    {
        OpenStore store = await FreshAsync();
        await store.Service.ParkInputAsync("bus", "no JSON", [0, 1, 255], Rows.Noon, default);
        await store.Service.ParkInputAsync("track", "no \0 text", [], Rows.Noon + 1, default);

        (IReadOnlyList<ParkedInput> latest, long count) = await store.Service.ReadParkedInputsAsync(1, default);
        count.ShouldBe(2);
        latest.ShouldHaveSingleItem().Door.ShouldBe("track");
        (await store.Service.ReadParkedInputsBeforeAsync(latest[0].Number, 5, default)).ShouldHaveSingleItem().Door.ShouldBe("bus");
        (await store.Service.ReadParkedInputsBeforeAsync(latest[0].Number + 1, 1, default)).ShouldHaveSingleItem().Door.ShouldBe("track");
        (await store.Service.RemoveParkedInputAsync(latest[0].Number, default)).ShouldBeTrue();
        (await store.Service.RemoveParkedInputAsync(latest[0].Number, default)).ShouldBeFalse();
        (latest, count) = await store.Service.ReadParkedInputsAsync(10, default);
        count.ShouldBe(1);
        latest[0].Content.ShouldBe([0, 1, 255]);
        (latest[0].Reason, latest[0].At).ShouldBe(("no JSON", Rows.Noon));
    }

    [SkippableFact]
    public async Task An_event_that_could_not_be_judged_is_set_aside_with_its_batch()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        await store.CommitAsync([contact], commit =>
        {
            commit.Profiles.Add((Rows.Profile(contact, "state", sequence: 1), null));
            commit.Events.Add(Rows.Event(contact, 1));
            commit.Parked.Add((ParkedInput.Judging, "it breaks \0 the engine", commit.Events[0]));
        });
        (IReadOnlyList<ParkedInput> latest, _) = await store.Service.ReadParkedInputsAsync(10, default);
        latest.ShouldHaveSingleItem().Door.ShouldBe(ParkedInput.Judging);
        latest[0].Contact.ShouldBe(contact);
        latest[0].Content.ShouldBe((await store.LogAsync(contact))[0].Body);
    }

    [SkippableFact]
    public async Task An_event_judged_after_all_takes_the_last_place_of_its_log_and_is_set_aside_no_more()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid(), other = Guid.NewGuid();
        await store.CommitAsync([contact, other], commit =>
        {
            foreach (Guid one in new[] { contact, other })
            {
                commit.Profiles.Add((Rows.Profile(one, "state", sequence: 2), null));
                commit.Events.AddRange([Rows.Event(one, 1), Rows.Event(one, 2)]);
                commit.Parked.Add((ParkedInput.Judging, "it breaks the engine", commit.Events[^2]));
            }
        });
        ParkedInput parked = (await store.Service.ReadParkedInputsAsync(10, default)).Latest.Single(p => p.Contact == contact);

        LoggedEvent logged = (await store.LogAsync(contact))[0];
        await store.CommitAsync([contact], commit =>
        {
            commit.Profiles.Add((Rows.Profile(contact, "later", sequence: 3), null));
            commit.Rejudged.Add(new RejudgedEvent(parked.Number, logged, 3, Rows.Noon + 7));
        });

        (await store.LogAsync(contact)).Select(l => (l.Id, l.Sequence, l.Now)).ShouldBe([("id-2", 2, Rows.Noon + 1), ("id-1", 3, Rows.Noon + 7)]);
        (await store.LogAsync(other)).Select(l => l.Id).ShouldBe(["id-1", "id-2"]);
        (await store.Service.ReadParkedInputsAsync(10, default)).Latest.ShouldHaveSingleItem().Contact.ShouldBe(other);
        await using IProfileBatch batch = await store.Profiles.OpenAsync([contact], [], default);
        (await batch.ReadLogAsync(contact, default)).Select(l => l.Id).ShouldBe(["id-2", "id-1"]);
        (await batch.FindSeenAsync([new EventKey(contact, "id-1")], default)).Count.ShouldBe(1);
    }

    private static void ShouldBe(StoredPlan? found, StoredPlan plan)
    {
        (found!.Generation, found.At, found.Fingerprint).ShouldBe((plan.Generation, plan.At, plan.Fingerprint));
        found.Definitions.ShouldBe(plan.Definitions);
        found.LayoutKeys.ShouldBe(plan.LayoutKeys);
    }

    private static IReadOnlyList<string> Of(params string[] subjects) => subjects;

    private static StoredPlan Plan(int generation, string fingerprint) => new(
        generation, Rows.Noon + generation,
        [new PublishedDefinition("segment", "Käufer \"x\"", 3, false, true, """{"a":"\u0000 <&>"}"""), new PublishedDefinition("journey", "j", 1, true, false, "{}")],
        ["segment/x/0", "score/ä/1"], fingerprint);
}
