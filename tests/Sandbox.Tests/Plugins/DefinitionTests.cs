using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Plugins;

[Collection(SharedSandbox.Name)]
public sealed class DefinitionTests(SandboxFixture sandbox)
{
    readonly string name = "n" + Guid.NewGuid().ToString("N")[..12];

    Crm Marketer => sandbox.Crm.As("sandbox:marketer");

    string Json(int count) =>
        new JsonObject
        {
            ["kind"] = "signal",
            ["name"] = name,
            ["when"] = new JsonObject { ["event"] = "page_viewed", ["count"] = count, ["within"] = "1h" }
        }.ToJsonString();

    [Fact]
    public async Task Draft_takes_name_and_kind_from_its_json()
    {
        Guid id = await Marketer.CreateAsync("crmb_definitions", new JsonObject { ["crmb_json"] = Json(3) });
        JsonNode row = (await Marketer.GetAsync($"crmb_definitions({id})?$select=crmb_name,crmb_kind,statuscode")).Json;
        (row["crmb_name"]!.GetValue<string>(), row["crmb_kind"]!.GetValue<string>(), row["statuscode"]!.GetValue<int>()).ShouldBe((name, "signal", 1));
    }

    [Fact]
    public async Task Bad_json_is_refused_with_the_place_and_leaves_no_row()
    {
        var id = Guid.NewGuid();
        CrmAnswer answer = await Marketer.PostAsync("crmb_definitions", new JsonObject { ["crmb_definitionid"] = id.ToString(), ["crmb_json"] = "{\"kind\":" });
        (answer.Status, answer.Code).ShouldBe((400, "0x80040265"));
        answer.Message.ShouldNotBeNull().ShouldContain("line 1");
        (await Marketer.GetAsync($"crmb_definitions({id})")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Publish_writes_immutable_versions_with_reason_and_difference()
    {
        Guid id = await Marketer.CreateAsync("crmb_definitions", new JsonObject { ["crmb_json"] = Json(3) });
        (await PublishAsync(id, "first")).Json["Version"]!.GetValue<int>().ShouldBe(1);
        (await Marketer.PatchAsync($"crmb_definitions({id})", new JsonObject { ["crmb_json"] = Json(5) })).Status.ShouldBe(204);
        (await PublishAsync(id, "second")).Json["Version"]!.GetValue<int>().ShouldBe(2);
        CrmAnswer versions = await Marketer.GetAsync(
            $"crmb_definitionversions?$select=crmb_version,crmb_reason,crmb_diff&$orderby=crmb_version&$filter=_crmb_definitionid_value eq {id}");
        versions.Column("crmb_reason").ShouldBe(["first", "second"]);
        versions.Rows[1]!["crmb_diff"]!.GetValue<string>().ShouldContain("3 became 5");
        CrmAnswer change = await sandbox.Crm.PatchAsync(
            $"crmb_definitionversions({versions.Rows[0]!["crmb_definitionversionid"]})", new JsonObject { ["crmb_reason"] = "other" });
        (change.Status, change.Code).ShouldBe((400, "0x80040265"));
    }

    [Fact]
    public async Task Refusals_of_the_plugin_reach_the_caller()
    {
        Guid id = await Marketer.CreateAsync("crmb_definitions", new JsonObject { ["crmb_json"] = Json(3) });
        (await Marketer.PatchAsync($"crmb_definitions({id})", new JsonObject { ["statuscode"] = 410330001 })).Message.ShouldNotBeNull()
            .ShouldContain("use Publish");
        CrmAnswer unreasoned = await Marketer.PostAsync($"crmb_definitions({id})/Microsoft.Dynamics.CRM.crmb_Publish", new JsonObject());
        (unreasoned.Status, unreasoned.Message).ShouldBe((400, "The parameter 'Reason' of 'crmb_Publish' is missing."));
        (await Marketer.PostAsync($"crmb_definitions({id})/Microsoft.Dynamics.CRM.crmb_Publish", new JsonObject { ["Reson"] = "x" }))
            .Code.ShouldBe("0x80048d19");
        (await Marketer.PostAsync($"crmb_definitions({Guid.NewGuid()})/Microsoft.Dynamics.CRM.crmb_Publish", new JsonObject { ["Reason"] = "x" }))
            .Status.ShouldBe(404);
        (await Marketer.GetAsync($"crmb_definitions({id})/Microsoft.Dynamics.CRM.crmb_Publish")).Status.ShouldBe(405);
        (await Marketer.PostAsync($"contacts({Guid.NewGuid()})/Microsoft.Dynamics.CRM.crmb_Publish", new JsonObject())).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Publication_that_fails_in_a_change_set_leaves_the_draft()
    {
        Guid id = await Marketer.CreateAsync("crmb_definitions", new JsonObject { ["crmb_json"] = Json(3) });
        string Part(int content, string request, string body) =>
            $"--c\r\nContent-Type: application/http\r\nContent-ID: {content}\r\n\r\n{request} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}\r\n";
        CrmAnswer answer = await Marketer.SendAsync("POST", "$batch", "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
            + Part(1, $"POST crmb_definitions({id})/Microsoft.Dynamics.CRM.crmb_Publish", """{"Reason":"r"}""") + Part(
                2, "POST crmb_tags", """{"crmb_name":5}""") + "--c--\r\n--b--\r\n", ("Content-Type", "multipart/mixed; boundary=b"));
        answer.Status.ShouldBe(400);
        (await Marketer.GetAsync($"crmb_definitions({id})?$select=statuscode")).Json["statuscode"]!.GetValue<int>().ShouldBe(1);
        (await Marketer.GetAsync($"crmb_definitionversions?$filter=_crmb_definitionid_value eq {id}")).Rows.ShouldBeEmpty();
    }

    async Task<CrmAnswer> PublishAsync(Guid id, string reason)
    {
        CrmAnswer answer = await Marketer.PostAsync($"crmb_definitions({id})/Microsoft.Dynamics.CRM.crmb_Publish", new JsonObject { ["Reason"] = reason });
        answer.Status.ShouldBe(200, answer.Text);
        return answer;
    }
}
