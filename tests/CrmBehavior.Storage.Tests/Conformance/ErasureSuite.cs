using System;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Conformance;

/// <summary>What is left of a contact that was deleted: a mark, and nothing else.</summary>
public abstract class ErasureSuite(StoreFixture fixture) : StoreSuite(fixture)
{
    [SkippableFact]
    public async Task Erased_contact_leaves_nothing_but_the_knowledge_that_it_was_erased()
    {
        OpenStore store = await FreshAsync();
        Guid gone = Guid.NewGuid(), other = Guid.NewGuid();
        await FillAsync(store, gone, "v");
        await FillAsync(store, other, "w");

        await store.CommitAsync(
            [gone],
            commit =>
            {
                // Whatever else the batch says about it goes too.
                commit.Profiles.Add((Rows.Profile(gone, "again"), 5));
                commit.Events.Add(Rows.Event(gone, 9, "again"));
                commit.Effects.Add(Rows.Effect(gone));
                commit.Erased.Add(gone);
            });

        await NothingIsLeftAsync(store, gone, "v");
        (await store.LogAsync(other)).Count.ShouldBe(1);
        (await store.Profiles.ReadDecisionsAsync(other, 10, default)).Count.ShouldBe(1);
        (await store.Outbox.CountAsync(default)).Waiting.ShouldBe(1);
        (await store.Outbox.ReadParkedAsync(10, default)).Single().Effect.Contact.ShouldBe(other);
        (await store.Service.FindByEmailAsync("w@example.org", default)).ShouldBe(other);
        (await store.Service.FindLastingTagsAsync([(gone, "vip"), (other, "vip")], default)).ShouldBe([(other, "vip")]);
    }

    [SkippableFact]
    public async Task What_still_comes_of_an_erased_contact_does_not_bring_it_back()
    {
        OpenStore store = await FreshAsync();
        Guid gone = Guid.NewGuid();
        await FillAsync(store, gone, "v");
        await store.CommitAsync([gone], commit => commit.Erased.Add(gone));

        await store.CommitAsync(
            [gone],
            ["v"],
            (batch, commit) =>
            {
                batch.Profiles[gone].ShouldBeEquivalentTo(new Profile(gone, [], 0, 0, IsErased: true));
                batch.Claims.ShouldBeEmpty();
                commit.Profiles.Add((Rows.Profile(gone), null));
                commit.Events.Add(Rows.Event(gone, 1, "late"));
                commit.Decisions.Add(Rows.Decision(gone, 0));
                commit.Effects.Add(Rows.Effect(gone));
                commit.Claims.Add(("v", gone));
            });
        await store.Service.RememberEmailAsync("v@example.org", gone, default);
        await store.Service.NoteLastingTagAsync(gone, "vip", true, default);

        await NothingIsLeftAsync(store, gone, "v");
    }

    [SkippableFact]
    public async Task Effects_that_follow_from_one_under_way_do_not_bring_an_erased_contact_back()
    {
        OpenStore store = await FreshAsync();
        Guid gone = Guid.NewGuid();
        await store.CommitAsync([gone], commit => commit.Effects.AddRange([Rows.Effect(gone, EffectKind.Mail), Rows.Effect(gone, EffectKind.Mail)]));
        var leased = await store.Outbox.LeaseAsync([EffectKind.Mail], 2, Minute, false, default);
        await store.CommitAsync([gone], commit => commit.Erased.Add(gone));

        await store.Outbox.CompleteAsync([leased[0]], [Rows.Effect(gone, EffectKind.Touchpoint), Rows.Effect(gone, EffectKind.Score, "s")], default);
        await store.Outbox.ParkAsync(leased[1], "refused", [Rows.Effect(gone, EffectKind.Touchpoint)], default);
        (await store.Outbox.MarkUncertainAsync(leased[1], default)).ShouldBeFalse();
        (await Fixture.CountRowsAsync("outbox")).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Erased_contact_is_known_under_the_same_secret_only()
    {
        OpenStore store = await FreshAsync();
        Guid gone = Guid.NewGuid();
        await store.CommitAsync([gone], commit => commit.Erased.AddRange([gone, gone]));
        await store.CommitAsync([gone], commit => commit.Erased.Add(gone));
        (await Another("later").Profiles.FindAsync(gone, default))!.IsErased.ShouldBeTrue();
        (await Another("stranger", secret: 8).Profiles.FindAsync(gone, default)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Events_that_come_while_their_contact_is_erased_find_it_erased()
    {
        OpenStore store = await FreshAsync();
        Guid gone = Guid.NewGuid();
        await FillAsync(store, gone, "v");
        IProfileBatch erasing = await store.Profiles.OpenAsync([gone], [], default);
        Task<IProfileBatch> waiting = Another("two").Profiles.OpenAsync([gone], [], default);
        var commit = new ProfileCommit();
        commit.Erased.Add(gone);
        await erasing.CommitAsync(commit, default);
        await using IProfileBatch late = await waiting;
        late.Profiles[gone].IsErased.ShouldBeTrue();
    }

    private static async Task FillAsync(OpenStore store, Guid contact, string visitor)
    {
        await store.CommitAsync(
            [contact],
            [visitor],
            (_, commit) =>
            {
                commit.Profiles.Add((Rows.Profile(contact, sequence: 1), Rows.Noon));
                commit.Events.Add(Rows.Event(contact, 1, "a"));
                commit.Decisions.Add(Rows.Decision(contact, 0));
                commit.Claims.Add((visitor, contact));
                commit.Effects.AddRange([Rows.Effect(contact), Rows.Effect(contact, EffectKind.Score, "engagement")]);
            });
        LeasedEffect leased = (await store.Outbox.LeaseAsync([EffectKind.Task], 10, Minute, false, default)).Single(x => x.Effect.Contact == contact);
        await store.Outbox.ParkAsync(leased, "the owner is gone", [], default);
        await store.Service.RememberEmailAsync($"{visitor}@example.org", contact, default);
        await store.Service.NoteLastingTagAsync(contact, "vip", true, default);
    }

    private static async Task NothingIsLeftAsync(OpenStore store, Guid gone, string visitor)
    {
        (await store.Profiles.FindAsync(gone, default)).ShouldBeEquivalentTo(new Profile(gone, [], 0, 0, IsErased: true));
        (await store.LogAsync(gone)).ShouldBeEmpty();
        (await store.Profiles.ReadDecisionsAsync(gone, 10, default)).ShouldBeEmpty();
        (await store.Outbox.ReadParkedAsync(10, default)).ShouldNotContain(x => x.Effect.Contact == gone);
        (await store.Outbox.LeaseAsync([EffectKind.Task, EffectKind.Score, EffectKind.Mail], 10, TimeSpan.Zero, true, default)).ShouldNotContain(x => x.Effect.Contact == gone);
        (await store.Service.FindByEmailAsync($"{visitor}@example.org", default)).ShouldBeNull();
        (await store.Service.FindLastingTagsAsync([(gone, "vip")], default)).ShouldBeEmpty();
        await using IProfileBatch batch = await store.Profiles.OpenAsync([gone], [visitor], default);
        batch.Profiles[gone].IsErased.ShouldBeTrue();
        batch.Claims.ShouldBeEmpty();
        (await batch.FindSeenAsync([new(gone, "a"), new(gone, "late"), new(gone, "again")], default)).ShouldBeEmpty();
        (await batch.ReadKeptAsync([visitor], default)).ShouldBeEmpty();
    }
}
