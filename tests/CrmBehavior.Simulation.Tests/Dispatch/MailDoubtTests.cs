using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.CallByCall;
using CrmBehavior.Simulation.Tests.Running;
using CrmBehavior.Simulation.Tests.Story;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Dispatch;

/// <summary>Mails of which it is not known whether the provider has them, and a provider that is closed to us.</summary>
public sealed class MailDoubtTests
{
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(4), Lease = TimeSpan.FromSeconds(31);

    readonly SteppingClock clock = new();
    readonly MemoryStore store;
    readonly Provider provider = new();
    readonly Desk desk;

    public MailDoubtTests()
    {
        store = new MemoryStore(new MemoryDatabase(), clock, new byte[32]);
        desk = new Desk(new StoreSides(store, store, store), clock, PublishedTexts.AtFirst, provider, Silence);
    }

    [Fact]
    public async Task Mail_in_doubt_is_sent_again_after_silence_about_it_alone_however_often_it_was_tried_before()
    {
        await WelcomeAsync(1);
        for (int i = 0; i < 12; i++)
        {
            provider.Next = MailOutcome.Retry;
            await desk.SendAsync();
            clock.Advance(TimeSpan.FromMinutes(30));
        }
        await TellOfOthersAsync(Silence);
        provider.Next = MailOutcome.Uncertain;
        int before = provider.Calls;
        await desk.SendAsync();
        (provider.Calls - before).ShouldBe(1);

        provider.Next = MailOutcome.Accepted;
        for (TimeSpan gone = TimeSpan.Zero; gone < Silence - Lease - Lease; gone += Lease)
        {
            await TellOfOthersAsync(Lease);
            await desk.SendAsync();
        }
        (provider.Calls - before).ShouldBe(1);
        await TellOfOthersAsync(Silence);
        // It is put back, and goes out with the next look.
        await desk.SendAsync();
        await desk.SendAsync();
        (provider.Calls - before).ShouldBe(2);
    }

    [Fact]
    public async Task Mail_in_doubt_stays_so_while_the_provider_tells_of_nothing()
    {
        await WelcomeAsync(1);
        provider.Next = MailOutcome.Uncertain;
        for (int i = 0; i < 50; i++)
        {
            await desk.SendAsync();
            clock.Advance(Lease);
        }
        provider.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Acceptance_that_comes_when_somebody_else_holds_the_mail_settles_it()
    {
        await WelcomeAsync(1);
        provider.Next = MailOutcome.Accepted;
        provider.Meanwhile = async () =>
        {
            clock.Advance(Lease);
            (await store.LeaseAsync([EffectKind.Mail], 10, Lease, flush: false, default)).Single().State.ShouldBe(EffectState.Uncertain);
        };
        await desk.SendAsync();

        clock.Advance(TimeSpan.FromDays(1));
        (await store.LeaseAsync([EffectKind.Mail], 10, Lease, flush: false, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Provider_that_is_closed_to_us_is_tried_with_one_mail_a_minute_until_it_answers_otherwise()
    {
        await WelcomeAsync(5);
        provider.Next = MailOutcome.Closed;
        await desk.SendAsync();
        int before = provider.Calls;
        desk.Closed.ShouldNotBeNull();
        await WelcomeAsync(1);
        (await desk.SendAsync()).ShouldBe(0);
        clock.Advance(TimeSpan.FromMinutes(2));
        await desk.SendAsync();
        await desk.SendAsync();
        (provider.Calls - before).ShouldBe(1);

        // Whatever it says of the one mail, it speaks to us again.
        provider.Next = MailOutcome.Refused;
        clock.Advance(TimeSpan.FromMinutes(2));
        await desk.SendAsync();
        desk.Closed.ShouldBeNull();
        await desk.SendAsync();
        (provider.Calls - before).ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Mails_that_an_earlier_version_has_set_aside_in_doubt_are_still_known_as_such() =>
        MailDispatcher.InDoubt.ShouldBe("it is not known whether the mail provider accepted this mail, and no event of it has come");

    int people;

    async Task WelcomeAsync(int count)
    {
        for (int i = 0; i < count; i++) await desk.TellAsync(desk.Contact($"person{++people}"), EventNames.ContactCreated);
    }

    /// <summary>The provider tells of mails of others, every half minute.</summary>
    async Task TellOfOthersAsync(TimeSpan time)
    {
        for (TimeSpan gone = TimeSpan.Zero; gone < time; gone += TimeSpan.FromSeconds(30))
        {
            await desk.Settlement.SettleAsync(Guid.NewGuid(), default);
            clock.Advance(TimeSpan.FromSeconds(Math.Min(30, (time - gone).TotalSeconds)));
        }
        await desk.Settlement.SettleAsync(Guid.NewGuid(), default);
    }

    sealed class Provider : IMailGateway
    {
        public MailOutcome Next { get; set; }

        public Func<Task>? Meanwhile { get; set; }

        public int Calls { get; private set; }

        public async Task<MailResult> SendAsync(RenderedMail mail, CancellationToken cancellation)
        {
            Calls++;
            if (Meanwhile != null) await Meanwhile();
            return new MailResult(Next);
        }
    }
}
