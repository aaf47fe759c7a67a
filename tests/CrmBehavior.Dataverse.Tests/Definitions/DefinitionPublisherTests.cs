using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Tests.Servers;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Definitions;

public sealed class DefinitionPublisherTests
{
    static readonly CancellationToken None = CancellationToken.None;

    static CrmReply? Existing(CrmRequest request, string json, int version = 2, int status = 410330001, string name = "intent") => request switch
    {
        { Method: "GET", Path: "crmb_definitions" } => CrmReply.Rows(new { crmb_definitionid = Ids.Of(1), crmb_kind = "signal", crmb_name = name, crmb_version = version, statuscode = status }),
        { Method: "GET", Path: "crmb_definitionversions" } => CrmReply.Rows(new { crmb_json = json }),
        { Method: "PATCH" } => CrmReply.Done,
        _ when request.IsMessage("crmb_Publish") => CrmReply.Json(new { Version = version + 1 }),
        _ => null,
    };

    [Fact]
    public async Task A_new_definition_is_made_live()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.Method == "GET" ? CrmReply.Rows() : CrmReply.Done);

        (await gateway.PublishAsync([("signal", "intent", "{\"kind\":\"signal\"}")], "first", None)).ShouldBe(["signal intent: new, version 1"]);

        CrmRequest[] requests = [.. server.Requests];
        requests[0].Option("filter").ShouldBe("(crmb_kind eq 'signal') and (crmb_name eq 'intent') and (statecode eq 0)");
        requests[1].Body.ShouldBe("{\"crmb_json\":\"{\\\"kind\\\":\\\"signal\\\"}\",\"statuscode\":410330001}");
    }

    [Fact]
    public async Task A_changed_definition_becomes_the_draft_and_is_published_with_the_reason()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => Existing(r, "{\"a\":1}"));

        (await gateway.PublishAsync([("signal", "intent", "{\"a\":2}")], "it was \"too\" low", None)).ShouldBe(["signal intent: version 3, was version 2"]);

        CrmRequest[] requests = [.. server.Requests];
        requests[2].Is("PATCH", $"crmb_definitions({Ids.Of(1)})").ShouldBeTrue();
        requests[2].Headers["If-Match"].ShouldBe("*");
        requests[2].Json.GetProperty("crmb_json").GetString().ShouldBe("{\"a\":2}");
        requests[3].Is("POST", $"crmb_definitions({Ids.Of(1)})/Microsoft.Dynamics.CRM.crmb_Publish").ShouldBeTrue();
        requests[3].Json.GetProperty("Reason").GetString().ShouldBe("it was \"too\" low");
    }

    [Fact]
    public async Task What_means_the_same_is_left_out()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => Existing(r, "{\"a\":1,\"b\":[1,{\"c\":\"é\"}]}"));

        (await gateway.PublishAsync([("signal", "intent", " {\"b\" : [1.0, {\"c\":\"\\u00e9\"}], \"a\":1}")], "x", None)).ShouldBeEmpty();

        server.Requests.ShouldAllBe(r => r.Method == "GET");
    }

    [Fact]
    public async Task A_draft_is_published_even_if_nothing_in_it_changes()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => Existing(r, "{}", version: 0, status: 1));

        (await gateway.PublishAsync([("signal", "intent", "{}")], "x", None)).ShouldBe(["signal intent: version 1, was a draft"]);
    }

    [Fact]
    public async Task A_name_that_differs_in_case_is_another_definition()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.Is("POST", "crmb_definitions") ? CrmReply.Done : Existing(r, "{}", name: "Intent"));

        (await gateway.PublishAsync([("signal", "intent", "{}")], "x", None)).ShouldBe(["signal intent: new, version 1"]);
    }

    [Fact]
    public async Task A_refusal_names_the_definition_and_what_was_published_before()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.Method == "GET" ? CrmReply.Rows() : r.Json.GetProperty("crmb_json").GetString() == "bad" ? CrmReply.Fail(400, "0x80040265", "/when: write a condition.") : CrmReply.Done);

        CrmException first = await Should.ThrowAsync<CrmException>(() => gateway.PublishAsync([("signal", "b", "bad")], "x", None));
        CrmException second = await Should.ThrowAsync<CrmException>(() => gateway.PublishAsync([("signal", "a", "{}"), ("signal", "b", "bad")], "x", None));

        (first.Message, first.Code, first.IsTransient).ShouldBe(("signal b: 0x80040265: /when: write a condition. Nothing was published.", "0x80040265", false));
        second.Message.ShouldBe("signal b: 0x80040265: /when: write a condition. Published before that: signal a: new, version 1.");
    }
}
