using System;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Conformance;

/// <summary>What <see cref="IOutbox"/> promises of mails of which it is not known whether the provider has them.</summary>
public abstract class UncertainMailSuite(StoreFixture fixture) : StoreSuite(fixture)
{
    [SkippableFact]
    public async Task Retry_puts_a_mail_back_as_the_lease_says_it_is()
    {
        OpenStore store = await FreshAsync();
        await AddAsync(store, Rows.Effect(Guid.NewGuid(), EffectKind.Mail));
        LeasedEffect found = (await LeaseAsync(store, EffectKind.Mail)).Single();
        (await store.Outbox.MarkUncertainAsync(found, default)).ShouldBeTrue();
        // The provider has said that it did not take it.
        await store.Outbox.RetryAsync([found], TimeSpan.Zero, "429", default);
        found = (await LeaseAsync(store, EffectKind.Mail)).Single();
        found.State.ShouldBe(EffectState.Pending);

        (await store.Outbox.MarkUncertainAsync(found, default)).ShouldBeTrue();
        Clock.Advance(Minute);
        found = (await LeaseAsync(store, EffectKind.Mail)).Single();
        found.State.ShouldBe(EffectState.Uncertain);
        // Nothing is known yet; it must not be sent again.
        await store.Outbox.RetryAsync([found], TimeSpan.Zero, "no word yet", default);
        (await LeaseAsync(store, EffectKind.Mail)).Single().State.ShouldBe(EffectState.Uncertain);
    }

    [SkippableFact]
    public async Task Uncertain_mail_is_settled_once_and_leaves_what_follows()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid(), mail = Guid.NewGuid(), entry = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Mail, id: mail, body: "the mail"));
        Effect Follow(Effect settled) => Rows.Effect(settled.Contact, EffectKind.Touchpoint, id: entry, body: $"sent {settled.Body.Length}");
        LeasedEffect leased = (await LeaseAsync(store, EffectKind.Mail)).Single();
        (await store.Outbox.MarkUncertainAsync(leased, default)).ShouldBeTrue();
        (await store.Outbox.SettleAsync(mail, Follow, default)).ShouldBeTrue();
        (await store.Outbox.SettleAsync(mail, Follow, default)).ShouldBeFalse();
        // The sender hears of it only afterwards, and says the same once more.
        await store.Outbox.CompleteAsync([leased], [Follow(leased.Effect)], default);
        LeasedEffect follows = (await LeaseAsync(store, EffectKind.Mail, EffectKind.Touchpoint)).Single();
        (follows.Effect.Id, follows.Effect.Contact).ShouldBe((entry, contact));
        follows.Effect.Body.ShouldBe(Rows.Bytes("sent 8"));
    }

    [SkippableFact]
    public async Task Mail_put_back_to_be_sent_again_is_settled_when_the_provider_tells_of_it()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid(), mail = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Mail, id: mail));
        LeasedEffect leased = (await LeaseAsync(store, EffectKind.Mail)).Single();
        (await store.Outbox.MarkUncertainAsync(leased, default)).ShouldBeTrue();
        await store.Outbox.RetryAsync([leased], TimeSpan.Zero, "the provider does not have it", default);
        LeasedEffect again = (await LeaseAsync(store, EffectKind.Mail)).Single();
        (await store.Outbox.SettleAsync(mail, e => Rows.Effect(e.Contact, EffectKind.Touchpoint), default)).ShouldBeTrue();
        (await store.Outbox.MarkUncertainAsync(again, default)).ShouldBeFalse();
        (await LeaseAsync(store, EffectKind.Touchpoint)).Single().Effect.Contact.ShouldBe(contact);
    }

    [SkippableFact]
    public async Task Lease_tells_for_how_long_a_mail_has_been_in_doubt_however_often_it_was_tried_before()
    {
        OpenStore store = await FreshAsync();
        await AddAsync(store, Rows.Effect(Guid.NewGuid(), EffectKind.Mail));
        LeasedEffect found = (await LeaseAsync(store, EffectKind.Mail)).Single();
        for (int i = 0; i < 3; i++)
        {
            (await store.Outbox.MarkUncertainAsync(found, default)).ShouldBeTrue();
            await store.Outbox.RetryAsync([found], Minute, "429", default);
            Clock.Advance(Minute);
            found = (await LeaseAsync(store, EffectKind.Mail)).Single();
            found.InDoubt.ShouldBe(TimeSpan.Zero);
        }
        (await store.Outbox.MarkUncertainAsync(found, default)).ShouldBeTrue();
        Clock.Advance(Minute * 2);
        (await LeaseAsync(store, EffectKind.Mail)).Single().InDoubt.ShouldBe(Minute * 2);
        Clock.Advance(Minute);
        (await LeaseAsync(store, EffectKind.Mail)).Single().InDoubt.ShouldBe(Minute * 3);
    }

    [SkippableFact]
    public async Task Mail_set_aside_in_doubt_is_settled_when_the_provider_tells_of_it_after_all()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid(), mail = Guid.NewGuid(), task = Guid.NewGuid();
        await AddAsync(store, Rows.Effect(contact, EffectKind.Mail, id: mail), Rows.Effect(contact, EffectKind.Task, id: task));
        foreach (LeasedEffect leased in await LeaseAsync(store, EffectKind.Mail, EffectKind.Task)) await store.Outbox.ParkAsync(leased, "no word", [], default);
        (await store.Outbox.SettleAsync(task, _ => Rows.Effect(contact, EffectKind.Touchpoint), default)).ShouldBeFalse();
        (await store.Outbox.SettleAsync(mail, _ => Rows.Effect(contact, EffectKind.Touchpoint), default)).ShouldBeTrue();
        (await store.Outbox.ReadParkedAsync(10, default)).Single().Effect.Id.ShouldBe(task);
        (await LeaseAsync(store, EffectKind.Touchpoint)).Count.ShouldBe(1);
    }
}
