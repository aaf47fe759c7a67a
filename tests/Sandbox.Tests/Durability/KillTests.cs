using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Mail;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Durability;

public sealed class KillTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("sandbox-kill-").FullName;
    readonly int port = SandboxProcess.FreePort();

    [Fact]
    public async Task Everything_answered_before_a_kill_is_there_after_it()
    {
        Guid kept, deleted, tag;
        string mailId, deltaLink, busKey;
        DateTimeOffset clock;
        using (SandboxProcess first = await SandboxProcess.StartAsync(folder, port, "--clock", "2026-01-05T10:00:00Z"))
        {
            var crm = new Crm(first.Url, "sandbox");
            var controls = new Controls(first.Url);
            BusClient bus = Bus(first);
            busKey = first.Settings["Bus__Key"];
            kept = await crm.CreateAsync(
                "contacts", new JsonObject { ["lastname"] = "kept", ["crmb_rank"] = 1.5m, ["birthdate"] = "1990-01-02", ["donotemail"] = true });
            deleted = await crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "deleted" });
            tag = await crm.CreateAsync(
                "crmb_tags", new JsonObject { ["crmb_name"] = "t", ["crmb_contact_tag@odata.bind"] = new JsonArray($"/contacts({kept})") });
            await controls.SettleAsync();
            deltaLink = (await crm.GetAsync("contacts?$select=lastname", ("Prefer", "odata.track-changes"))).Json["@odata.deltaLink"]!.GetValue<string>();
            await crm.DeleteAsync($"contacts({deleted})");
            await controls.SettleAsync();
            for (int i = 0; i < 3; i++) await bus.TakeAsync("crm-events");
            await bus.SendAsync("crm-events", "unread", """{"MessageId":"u"}""", ("Priority", "High"));
            BusAnswer locked = await bus.PeekLockAsync("crm-events");
            locked.Body.ShouldBe("unread");
            mailId = await SendMailAsync(first);
            await controls.AdvanceAsync("24h");
            clock = await ClockAsync(controls);
            await controls.FaultAsync(new JsonObject { ["target"] = "bus", ["kind"] = "status" });
            await crm.CreateAsync(
                "tasks", new JsonObject { ["subject"] = "waits for the bus", ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({kept})" });
            await first.KillAsync();
        }
        using SandboxProcess second = await SandboxProcess.StartAsync(folder, port);
        {
            var crm = new Crm(second.Url, "sandbox");
            var controls = new Controls(second.Url);
            BusClient bus = Bus(second);
            second.Settings["Bus__Key"].ShouldBe(busKey);
            JsonNode row = (await crm.GetAsync($"contacts({kept})?$select=lastname,crmb_rank,birthdate,donotemail&$expand=crmb_contact_tag($select=crmb_name)"))
                .Json;
            (row["lastname"]!.GetValue<string>(), row["crmb_rank"]!.GetValue<decimal>(), row["birthdate"]!.GetValue<string>(),
                row["donotemail"]!.GetValue<bool>()).ShouldBe(("kept", 1.5m, "1990-01-02", true));
            row["crmb_contact_tag"]!.AsArray().Single()!["crmb_tagid"]!.GetValue<string>().ShouldBe(tag.ToString());
            (await crm.GetAsync($"contacts({deleted})")).Status.ShouldBe(404);
            (await crm.GetAsync(deltaLink)).Rows.Single()!["id"]!.GetValue<string>().ShouldBe(deleted.ToString());
            (await ClockAsync(controls)).ShouldBeGreaterThanOrEqualTo(clock);
            (await controls.GetAsync("/sandbox/mails"))[0]!["id"]!.GetValue<string>().ShouldBe(mailId);
            await controls.SettleAsync();
            BusAnswer again = await bus.TakeAsync("crm-events");
            again.Body.ShouldBe("unread");
            again.Headers["Priority"].ShouldBe("\"High\"");
            again.Broker["DeliveryCount"]!.GetValue<int>().ShouldBe(2);
            (await bus.TakeAsync("crm-events")).Body.ShouldContain("waits for the bus");
            Guid more = await crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "after" });
            (await crm.GetAsync($"contacts({more})?$select=lastname")).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task Rows_answered_while_the_kill_comes_are_all_there_and_whole()
    {
        int answered = 0;
        using (SandboxProcess first = await SandboxProcess.StartAsync(folder, port))
        {
            var crm = new Crm(first.Url, "sandbox:service");
            Task writer = Task.Run(async () =>
            {
                for (int batch = 0; ; batch++)
                {
                    var rows = new JsonArray(
                        [.. Enumerable.Range(0, 10)
                            .Select(i => (JsonNode)new JsonObject { ["@odata.type"] = "Microsoft.Dynamics.CRM.crmb_tag", ["crmb_name"] = $"{batch:d5}-{i}" })]);
                    if ((await crm.PostAsync("crmb_tags/Microsoft.Dynamics.CRM.CreateMultiple", new JsonObject { ["Targets"] = rows })).Status != 200) return;
                    answered = batch + 1;
                }
            });
            while (answered < 20 && !writer.IsCompleted) await Task.Yield();
            await first.KillAsync();
            await Should.ThrowAsync<HttpRequestException>(() => writer);
        }
        using SandboxProcess second = await SandboxProcess.StartAsync(folder, port);
        string?[] names = (await new Crm(second.Url, "sandbox").GetAsync("crmb_tags?$select=crmb_name&$orderby=crmb_name")).Column("crmb_name");
        (names.Length % 10).ShouldBe(0, "a call is all or nothing");
        names.Length.ShouldBeGreaterThanOrEqualTo(answered * 10);
    }

    [Fact]
    public async Task Folder_of_a_running_sandbox_is_refused_to_a_second_one()
    {
        using SandboxProcess first = await SandboxProcess.StartAsync(folder, port);
        InvalidOperationException failure = await Should.ThrowAsync<InvalidOperationException>(() => SandboxProcess.StartAsync(folder, SandboxProcess.FreePort()));
        failure.Message.ShouldContain("is in use by another sandbox");
    }

    [Fact]
    public async Task Wrong_option_ends_with_a_sentence()
    {
        InvalidOperationException failure =
            await Should.ThrowAsync<InvalidOperationException>(() => SandboxProcess.StartAsync(folder, port, "--clock", "tomorrow"));
        failure.Message.ShouldContain("--clock: 'tomorrow' is no RFC 3339 instant");
    }

    static BusClient Bus(SandboxProcess sandbox) => new(sandbox.Url, sandbox.Settings["Bus__KeyName"], sandbox.Settings["Bus__Key"]);

    static async Task<string> SendMailAsync(SandboxProcess sandbox)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, sandbox.Url + "/v3/mail/send")
        {
            Content =
                new StringContent(MailClient.Good().ToJsonString(), Encoding.UTF8, "application/json")
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + sandbox.Settings["SendGrid__ApiKey"]);
        using HttpResponseMessage response = await http.SendAsync(request);
        return response.Headers.GetValues("X-Message-Id").Single();
    }

    static async Task<DateTimeOffset> ClockAsync(Controls controls) =>
        DateTimeOffset.Parse((await controls.GetAsync("/sandbox/clock"))["now"]!.GetValue<string>(), CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
