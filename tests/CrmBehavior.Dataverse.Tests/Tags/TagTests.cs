using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Tags;
using CrmBehavior.Dataverse.Tests.Servers;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Tags;

public sealed class TagTests
{
    static readonly CancellationToken None = CancellationToken.None;

    static async Task<(CrmServer, DataverseGateway)> StartAsync(int contacts = 3)
    {
        CrmServer server = await CrmServer.StartAsync();
        for (int i = 1; i <= contacts; i++) server.Rows.Put("contacts", Ids.Of(i), new { lastname = "x" });
        return (server, server.Gateway());
    }

    [Fact]
    public async Task A_wanted_tag_is_made_once_and_linked()
    {
        var (server, gateway) = await StartAsync(120);
        await using var _ = server;
        using var __ = gateway;
        CrmWrite[] writes = [.. Enumerable.Range(1, 120).Select(i => new SetTag(Ids.Of(i), i % 2 == 0 ? "Cart" : "cart ", true))];

        (await gateway.WriteAsync(writes, None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);
        (await gateway.WriteAsync(writes, None)).ShouldAllBe(r => r.Outcome == CrmOutcome.WasSo);

        server.Rows.Count("crmb_tags").ShouldBe(1);
        Enumerable.Range(1, 120).ShouldAllBe(i => server.Rows.IsLinked(Ids.Of(i), NameBasedId.OfTag("CART")));
        server.Requests.Count(r => r.Is("POST", "crmb_tags")).ShouldBe(1);
        server.Requests.Count(r => r.Is("GET", "crmb_tags")).ShouldBe(1);
    }

    [Fact]
    public async Task An_unwanted_tag_is_unlinked_and_what_is_not_linked_was_so()
    {
        var (server, gateway) = await StartAsync();
        await using var _ = server;
        using var __ = gateway;
        await gateway.WriteAsync([new SetTag(Ids.Of(1), "Cart", true)], None);

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync([new SetTag(Ids.Of(1), "Cart", false), new SetTag(Ids.Of(2), "Cart", false), new SetTag(Ids.Of(3), "Never", false)], None);

        results.Select(r => r.Outcome).ShouldBe([CrmOutcome.Done, CrmOutcome.WasSo, CrmOutcome.WasSo]);
        server.Rows.IsLinked(Ids.Of(1), NameBasedId.OfTag("Cart")).ShouldBeFalse();
        server.Rows.Count("crmb_tags").ShouldBe(1);
    }

    [Fact]
    public async Task The_last_of_several_wishes_counts()
    {
        var (server, gateway) = await StartAsync();
        await using var _ = server;
        using var __ = gateway;

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync([new SetTag(Ids.Of(1), "A", false), new SetTag(Ids.Of(1), "a", true), new SetTag(Ids.Of(2), "A", true), new SetTag(Ids.Of(2), "A", false)], None);

        results.Select(r => r.Outcome).ShouldBe([CrmOutcome.Done, CrmOutcome.Done, CrmOutcome.WasSo, CrmOutcome.WasSo]);
        server.Rows.IsLinked(Ids.Of(1), NameBasedId.OfTag("A")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_contact_that_is_gone_is_told()
    {
        var (server, gateway) = await StartAsync();
        await using var _ = server;
        using var __ = gateway;
        await gateway.WriteAsync([new SetTag(Ids.Of(1), "A", true)], None);

        (await gateway.WriteAsync([new SetTag(Ids.Of(77), "A", true), new SetTag(Ids.Of(78), "A", false)], None)).Select(r => r.Outcome).ShouldBe([CrmOutcome.Gone, CrmOutcome.Gone]);
    }

    [Fact]
    public async Task A_tag_made_by_hand_is_found_by_its_name()
    {
        var (server, gateway) = await StartAsync();
        await using var _ = server;
        using var __ = gateway;
        server.Rows.Put("crmb_tags", Ids.Of(500), new { crmb_name = "HOT" });

        (await gateway.WriteAsync([new SetTag(Ids.Of(1), "hot", true)], None))[0].Outcome.ShouldBe(CrmOutcome.Done);

        server.Rows.IsLinked(Ids.Of(1), Ids.Of(500)).ShouldBeTrue();
        server.Rows.Count("crmb_tags").ShouldBe(1);
    }

    [Theory]
    [InlineData("0x80060892")]
    [InlineData("0x80040237")]
    public async Task A_tag_that_somebody_makes_at_the_same_moment_is_taken(string code)
    {
        var (server, gateway) = await StartAsync();
        await using var _ = server;
        using var __ = gateway;
        server.Answer(r =>
        {
            if (!r.Is("POST", "crmb_tags")) return null;
            server.Rows.Put("crmb_tags", Ids.Of(600), new { crmb_name = "New" });
            return CrmReply.Fail(412, code, "A record with matching key values already exists.");
        });

        (await gateway.WriteAsync([new SetTag(Ids.Of(1), "New", true)], None))[0].Outcome.ShouldBe(CrmOutcome.Done);

        server.Rows.IsLinked(Ids.Of(1), Ids.Of(600)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_tag_deleted_by_hand_is_made_anew()
    {
        var (server, gateway) = await StartAsync();
        await using var _ = server;
        using var __ = gateway;
        await gateway.WriteAsync([new SetTag(Ids.Of(1), "A", true)], None);
        server.Rows.Remove("crmb_tags", NameBasedId.OfTag("A"));

        (await gateway.WriteAsync([new SetTag(Ids.Of(2), "A", true), new SetTag(Ids.Of(3), "A", true)], None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);

        server.Rows.IsLinked(Ids.Of(2), NameBasedId.OfTag("A")).ShouldBeTrue();
        server.Requests.Count(r => r.Is("POST", "crmb_tags")).ShouldBe(2);
    }

    [Fact]
    public async Task A_tag_that_may_not_be_made_spoils_no_row()
    {
        var (server, gateway) = await StartAsync();
        await using var _ = server;
        using var __ = gateway;
        server.Answer(r => r.Is("POST", "crmb_tags") ? CrmReply.Fail(403, "0x80040220", "No privilege.") : null);

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync([new SetTag(Ids.Of(1), "A", true), new UpdateRow("contacts", Ids.Of(1), new Dictionary<string, object?> { ["crmb_why"] = "x" })], None);

        results.Select(r => r.Outcome).ShouldBe([CrmOutcome.Refused, CrmOutcome.Done]);
    }

    [Fact]
    public void The_id_of_a_tag_follows_from_its_name_for_ever()
    {
        NameBasedId.OfTag("Cart").ShouldBe(NameBasedId.OfTag(" cART "));
        NameBasedId.OfTag("Cart").ShouldNotBe(NameBasedId.OfTag("Carts"));
        NameBasedId.OfTag("Cart").ShouldBe(Guid.Parse("4cba7c12-adb1-5025-aa4c-2ca7d1e89379"));
        NameBasedId.OfTag("Cart").ToString()[14].ShouldBe('5');
    }
}
