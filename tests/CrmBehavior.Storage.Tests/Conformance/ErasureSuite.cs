using System;
using System.Linq;
using System.Text;
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

    [SkippableFact]
    public async Task What_came_from_an_erased_contact_and_names_nobody_goes_too()
    {
        OpenStore store = await FreshAsync();
        Guid gone = Guid.NewGuid(), other = Guid.NewGuid();
        await store.Service.RememberEmailAsync("ann+ü@example.org", gone, default);
        await store.Service.RememberEmailAsync("ann_1@example.org", gone, default);
        await store.Service.RememberEmailAsync("jo.ann_1@example.org", other, default);
        string[] hers = ["""{"email":"Ann_1@Example.org"}""", """{"email":"ann\u002B\u00fc@example.org"}""", """{"email":"ann+ü@example.org"}""", $$"""{"id":"{{gone.ToString().ToUpperInvariant()}}"}"""];
        string[] others = ["""{"email":"jo.ann_1@example.org"}""", """{"email":"annx1@example.org"}""", $$"""{"id":"{{other}}"}"""];
        foreach (string content in hers.Concat(others))
        {
            foreach (string door in new[] { "bus", "track", "sendgrid" }) await store.Service.ParkInputAsync(door, "unreadable", [0, 255, .. Rows.Bytes(content)], Rows.Noon, default);
            await store.Service.AddUnresolvedAsync([(["somebody", content], Rows.Bytes(content))], default);
        }
        await store.CommitAsync(
            [],
            ["a:v", "u:Ann_1@example.org"],
            (_, commit) =>
            {
                foreach (string content in hers.Concat(others)) commit.Kept.Add(Rows.Kept("a:v", content) with { Body = Rows.Bytes(content) });
                commit.Kept.Add(Rows.Kept("u:Ann_1@example.org", "plain"));
            });

        await store.CommitAsync([gone], commit => commit.Erased.Add(gone));

        (await store.Service.ReadParkedInputsAsync(100, default)).Latest.Select(p => Encoding.UTF8.GetString(p.Content.AsSpan(2))).Distinct().ShouldBe(others, ignoreOrder: true);
        (await store.Service.ReadParkedInputsAsync(0, default)).Count.ShouldBe(9);
        (await store.Service.ReadUnresolvedAsync(100, default)).Select(u => Encoding.UTF8.GetString(u.Call)).ShouldBe(others);
        (await store.Service.FindUnresolvedAsync(["somebody", .. hers, .. others], default)).ShouldBe(["somebody", .. others], ignoreOrder: true);
        (await store.KeptAsync("a:v", "u:Ann_1@example.org")).Select(k => Encoding.UTF8.GetString(k.Body)).ShouldBe(others);
        // Whoever comes later is kept as anybody else.
        await store.CommitAsync([], ["u:Ann_1@example.org"], (_, commit) => commit.Kept.Add(Rows.Kept("u:Ann_1@example.org", "later")));
        (await store.KeptAsync("u:Ann_1@example.org")).Count.ShouldBe(1);
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
