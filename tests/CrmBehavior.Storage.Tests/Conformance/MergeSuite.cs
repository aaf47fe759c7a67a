using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Conformance;

/// <summary>What stores promise of contacts that were merged into others.</summary>
public abstract class MergeSuite(StoreFixture fixture) : StoreSuite(fixture)
{
    [SkippableFact]
    public async Task Merged_contact_names_its_master_until_it_is_of_its_own_again()
    {
        OpenStore store = await FreshAsync();
        Guid loser = Guid.NewGuid(), master = Guid.NewGuid();
        await store.CommitAsync([loser], commit => commit.Profiles.Add((Rows.Profile(loser, "own"), Rows.Noon)));
        await store.CommitAsync([loser], commit => commit.Profiles.Add((Rows.Profile(loser, "own") with { Master = master }, null)));

        (await Another("other").Profiles.FindAsync(loser, default))!.Master.ShouldBe(master);
        (await store.Profiles.OpenDueAsync(Rows.Noon, 10, default)).ShouldBeNull();
        await store.CommitAsync([loser], [], (batch, commit) =>
        {
            batch.Profiles[loser].Master.ShouldBe(master);
            // What is written about something else leaves it as it is.
            commit.Profiles.Add((batch.Profiles[loser] with { Sequence = 7 }, null));
        });
        Profile merged = (await store.Profiles.FindAsync(loser, default))!;
        (merged.Sequence, merged.Master).ShouldBe((7, master));
        merged.State.ShouldBe(Rows.Bytes("own"));
        await store.CommitAsync([loser], commit => commit.Profiles.Add((Rows.Profile(loser, "again"), Rows.Noon)));
        (await store.Profiles.FindAsync(loser, default))!.Master.ShouldBeNull();
        (await store.Profiles.ReadMergedAsync(master, default)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Chain_of_merges_is_followed_both_ways()
    {
        OpenStore store = await FreshAsync();
        Guid first = Guid.NewGuid(), second = Guid.NewGuid(), third = Guid.NewGuid(), alone = Guid.NewGuid(), last = Guid.NewGuid();
        await store.CommitAsync([first, second, third, alone], commit =>
        {
            // The master need not be known yet, nor the merged contact.
            commit.Profiles.Add((Rows.Profile(first) with { Master = second }, null));
            commit.Profiles.Add((Rows.Profile(second) with { Master = last }, null));
            commit.Profiles.Add((Rows.Profile(third) with { Master = second }, null));
            commit.Profiles.Add((Rows.Profile(alone), null));
        });

        (await store.Service.FindMastersAsync([first, second, third, alone, last, Guid.NewGuid()], default))
            .ShouldBe(new Dictionary<Guid, Guid> { [first] = last, [second] = last, [third] = last }, ignoreOrder: true);
        (await store.Service.FindMastersAsync([], default)).ShouldBeEmpty();
        (await store.Profiles.ReadMergedAsync(last, default)).ShouldBe([first, second, third], ignoreOrder: true);
        (await store.Profiles.ReadMergedAsync(second, default)).ShouldBe([first, third], ignoreOrder: true);
        (await store.Profiles.ReadMergedAsync(first, default)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Contact_that_is_said_to_be_merged_into_itself_is_refused()
    {
        OpenStore store = await FreshAsync();
        Guid contact = Guid.NewGuid();
        StoreUnavailableException refused = await Should.ThrowAsync<StoreUnavailableException>(
            () => store.CommitAsync([contact], commit => commit.Profiles.Add((Rows.Profile(contact) with { Master = contact }, null))));
        refused.IsTransient.ShouldBeFalse();
        (await store.Profiles.FindAsync(contact, default)).ShouldBeNull();
    }
}
