using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Plugins;

/// <summary>The compiled plugin DLL of the solution, run at its registered steps.</summary>
public sealed class PublishedChangesTests : IAsyncLifetime
{
    const string Queue = "crm-events";
    SandboxFixture sandbox = null!;

    Crm Crm => sandbox.Crm;

    public async Task InitializeAsync() => sandbox = await SandboxFixture.StartAsync();

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task New_contact_is_on_the_bus_with_the_context_of_its_creation()
    {
        Guid id = await Crm.CreateAsync("contacts", new JsonObject { ["firstname"] = "Ada", ["emailaddress1"] = "ada@example.com" });
        await sandbox.Controls.SettleAsync();
        BusAnswer message = await sandbox.Bus.TakeAsync(Queue);
        message.ContentType.ShouldBe("application/json");
        JsonNode context = JsonNode.Parse(message.Body)!;
        (context["MessageName"]!.GetValue<string>(), context["PrimaryEntityName"]!.GetValue<string>(), context["PrimaryEntityId"]!.GetValue<string>())
            .ShouldBe(("Create", "contact", id.ToString()));
        (context["Stage"]!.GetValue<int>(), context["Mode"]!.GetValue<int>(), context["Depth"]!.GetValue<int>()).ShouldBe((40, 1, 1));
        JsonNode target = Value(context["InputParameters"]!, "Target");
        target["__type"]!.GetValue<string>().ShouldBe("Entity:http://schemas.microsoft.com/xrm/2011/Contracts");
        Value(target["Attributes"]!, "emailaddress1").GetValue<string>().ShouldBe("ada@example.com");
        JsonNode told = JsonNode.Parse(Value(context["SharedVariables"]!, "crmb_event").GetValue<string>())!;
        told["name"]!.GetValue<string>().ShouldBe("contact_created");
        told["contactIds"]!.AsArray().Single()!.GetValue<string>().ShouldBe(id.ToString());
        told["id"]!.GetValue<string>().ShouldBe(context["OperationId"]!.GetValue<string>());
        (await Crm.GetAsync("asyncoperations")).Rows.ShouldBeEmpty("the step deletes its job when it succeeded");
    }

    [Fact]
    public async Task Change_outside_the_filtering_columns_and_the_services_own_change_are_not_published()
    {
        Guid id = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "A" });
        await sandbox.Controls.SettleAsync();
        await sandbox.Bus.TakeAsync(Queue);
        await Crm.PatchAsync($"contacts({id})", new JsonObject { ["crmb_why"] = "because" });
        await Crm.As("sandbox:service").PatchAsync($"contacts({id})", new JsonObject { ["jobtitle"] = "Boss" });
        await sandbox.Controls.SettleAsync();
        (await sandbox.Bus.TakeAsync(Queue)).Status.ShouldBe(204);
        await Crm.PatchAsync($"contacts({id})", new JsonObject { ["jobtitle"] = "Chief" });
        await sandbox.Controls.SettleAsync();
        (await sandbox.Bus.TakeAsync(Queue)).Body.ShouldContain("contact_updated");
    }

    [Fact]
    public async Task Bulk_call_publishes_each_row_once()
    {
        var rows = new JsonArray(
            [.. Enumerable.Range(0, 25).Select(i => (JsonNode)new JsonObject { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["lastname"] = "b" + i })]);
        (await Crm.PostAsync("contacts/Microsoft.Dynamics.CRM.CreateMultiple", new JsonObject { ["Targets"] = rows })).Status.ShouldBe(200);
        await sandbox.Controls.SettleAsync();
        (await sandbox.Controls.GetAsync("/sandbox/bus"))["queues"]![0]!["active"]!.GetValue<int>().ShouldBe(25);
    }

    [Fact]
    public async Task Rolled_back_change_is_never_published()
    {
        CrmAnswer answer = await Crm.SendAsync("POST", "$batch", "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
            + "--c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nPOST contacts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"lastname\":\"ghost\"}\r\n"
            + "--c\r\nContent-Type: application/http\r\nContent-ID: 2\r\n\r\nPOST contacts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"lastname\":1}\r\n--c--\r\n--b--\r\n", ("Content-Type", "multipart/mixed; boundary=b"));
        answer.Status.ShouldBe(400);
        await sandbox.Controls.SettleAsync();
        (await sandbox.Bus.TakeAsync(Queue)).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Event_waits_while_the_bus_is_away_and_goes_when_the_fault_ends()
    {
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "bus", ["kind"] = "status" });
        await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "patient" });
        JsonNode job = await JobAsync(10);
        (job["statecode"]!.GetValue<int>(), job["retrycount"]!.GetValue<int>()).ShouldBe((1, 1));
        await sandbox.Controls.ClearFaultsAsync();
        await sandbox.Controls.SettleAsync();
        (await sandbox.Bus.TakeAsync(Queue)).Body.ShouldContain("patient");
        (await Crm.GetAsync("asyncoperations")).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fourth_failure_is_the_last_and_the_job_says_why()
    {
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "bus", ["kind"] = "status" });
        await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "lost" });
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            await JobAsync(10, attempt);
            await sandbox.Controls.AdvanceAsync("10m");
        }
        JsonNode failed = await JobAsync(31);
        (failed["statecode"]!.GetValue<int>(), failed["retrycount"]!.GetValue<int>()).ShouldBe((3, 4));
        failed["message"]!.GetValue<string>().ShouldNotBeEmpty();
        (await Crm.GetAsync("plugintracelogs?$select=exceptiondetails")).Rows.ShouldNotBeEmpty();
        await sandbox.Controls.ClearFaultsAsync();
        await sandbox.Controls.SettleAsync();
        (await sandbox.Bus.TakeAsync(Queue)).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Context_above_192_KB_is_cut_and_says_so()
    {
        Guid contact = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "long" });
        await Crm.CreateAsync(
            "emails", new JsonObject
            {
                ["subject"] = "s",
                ["description"] = new string('x', 300_000),
                ["regardingobjectid_contact_email@odata.bind"] = $"/contacts({contact})"
            });
        await sandbox.Controls.SettleAsync();
        await sandbox.Bus.TakeAsync(Queue);
        BusAnswer message = await sandbox.Bus.TakeAsync(Queue);
        message.Headers["MessageMaxSizeExceeded"].ShouldBe("\"true\"");
        JsonNode context = JsonNode.Parse(message.Body)!;
        context["InputParameters"]!.AsArray().ShouldBeEmpty();
        Value(context["SharedVariables"]!, "crmb_event").GetValue<string>().ShouldContain("activity_created");
    }

    [Fact]
    public async Task Wrong_key_of_the_endpoint_keeps_events_back_until_it_is_mended()
    {
        JsonNode endpoint = (await Crm.GetAsync("serviceendpoints?$select=saskeyname")).Rows.Single()!;
        string address = $"serviceendpoints({endpoint["serviceendpointid"]})";
        await Crm.PatchAsync(address, new JsonObject { ["saskey"] = "wrong" });
        await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "rotated" });
        (await JobAsync(10))["message"]!.GetValue<string>().ShouldNotBeEmpty();
        await Crm.PatchAsync(address, new JsonObject { ["saskey"] = sandbox.Host.Bus.Key });
        await sandbox.Controls.AdvanceAsync("1m");
        await sandbox.Controls.SettleAsync();
        (await sandbox.Bus.TakeAsync(Queue)).Body.ShouldContain("rotated");
    }

    // Waits for the one job to come to a status, as a caller of the platform would.
    async Task<JsonNode> JobAsync(int status, int? attempts = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!patience.IsCancellationRequested)
        {
            CrmAnswer answer = await Crm.GetAsync(
                $"asyncoperations?$select=statecode,statuscode,retrycount,message&$filter=statuscode eq {status}{(attempts is null ? "" : $" and retrycount eq {attempts}")}");
            if (answer.Rows.Count == 1) return answer.Rows[0]!;
        }
        throw new TimeoutException($"No job came to status {status}.");
    }

    static JsonNode Value(JsonNode pairs, string key) => pairs.AsArray().Single(p => p!["key"]!.GetValue<string>() == key)!["value"]!;
}
