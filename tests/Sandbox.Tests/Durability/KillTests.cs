using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Mail;
using CrmBehavior.Sandbox.Tests.Plugins;
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
        string mailId, deltaLink, busKey, serviceKey;
        DateTimeOffset clock;
        using (SandboxProcess first = await SandboxProcess.StartAsync(folder, port, "--clock", "2026-01-05T10:00:00Z"))
        {
            var crm = new Crm(first.Url, "sandbox");
            var controls = new Controls(first.Url);
            BusClient bus = Bus(first);
            busKey = first.Settings["Bus__Key"];
            serviceKey = first.Settings["Service__CrmKey"];
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
            second.Settings["Service__CrmKey"].ShouldBe(serviceKey);
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
    public async Task Messages_and_mails_answered_while_the_kill_comes_are_all_there_and_completed_ones_stay_away()
    {
        int sent = 0, mails = 0;
        var completed = new ConcurrentBag<string>();
        using (SandboxProcess first = await SandboxProcess.StartAsync(folder, port))
        {
            BusClient bus = Bus(first);
            Task[] writers =
            [
                Task.Run(async () =>
                {
                    for (int i = 0; (await bus.SendAsync("crm-events", $"m{i:d5}")).Status == 201; i++) sent = i + 1;
                }),
                Task.Run(async () =>
                {
                    while (true)
                    {
                        BusAnswer locked = await bus.PeekLockAsync("crm-events", 1);
                        if (locked.Location is { } place && (await bus.CallAsync("DELETE", place, null)).Status == 200) completed.Add(locked.Body);
                    }
                }),
                Task.Run(async () =>
                {
                    while ((await SendMailAsync(first)).Length > 0) Interlocked.Increment(ref mails);
                }),
            ];
            while ((sent < 40 || completed.Count < 20 || mails < 20) && !Task.WhenAny(writers).IsCompleted) await Task.Yield();
            await first.KillAsync();
            foreach (Task writer in writers) await Should.ThrowAsync<Exception>(() => writer);
        }
        using SandboxProcess second = await SandboxProcess.StartAsync(folder, port);
        BusClient after = Bus(second);
        var left = new List<string>();
        for (BusAnswer next = await after.TakeAsync("crm-events"); next.Status == 200; next = await after.TakeAsync("crm-events")) left.Add(next.Body);
        left.ShouldBeUnique();
        left.Intersect(completed).ShouldBeEmpty("what was completed is gone");
        left.Concat(completed).Count(m => string.CompareOrdinal(m, $"m{sent:d5}") < 0).ShouldBeGreaterThanOrEqualTo(sent - 1, "one may have been on its way");
        (await new Controls(second.Url).GetAsync("/sandbox/mails")).AsArray().Count.ShouldBeGreaterThanOrEqualTo(mails);
    }

    [Fact]
    public async Task Job_that_asked_for_a_retry_goes_on_counting_its_attempts_after_a_kill()
    {
        Guid contact;
        using (SandboxProcess first = await SandboxProcess.StartAsync(folder, port, "--solution", ""))
        {
            var crm = new Crm(first.Url, "sandbox");
            await RegisterAsync(crm, "retry");
            contact = await crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "x" });
            (await JobAsync(crm, 1)).ShouldBe((1, 10));
            await first.KillAsync();
        }
        using SandboxProcess second = await SandboxProcess.StartAsync(folder, port, "--solution", "");
        var again = new Crm(second.Url, "sandbox");
        var controls = new Controls(second.Url);
        (await JobAsync(again, 2)).ShouldBe((1, 10), "it is tried at once by the next process");
        await controls.AdvanceAsync("31s");
        (await JobAsync(again, 3)).ShouldBe((1, 10));
        await controls.AdvanceAsync("121s");
        (await JobAsync(again, 4)).ShouldBe((3, 31), "four attempts in all");
        (await again.GetAsync("asyncoperations?$select=message")).Rows.Single()!["message"]!.GetValue<string>().ShouldBe("Not now.");
        (await again.GetAsync($"contacts({contact})")).Status.ShouldBe(200);
    }

    // State and status of the one job once it was tried that often.
    static async Task<(int State, int Status)> JobAsync(Crm crm, int attempts)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!patience.IsCancellationRequested)
        {
            JsonArray jobs = (await crm.GetAsync("asyncoperations?$select=statecode,statuscode,retrycount")).Rows;
            if (jobs.Count == 1 && jobs[0]!["retrycount"]?.GetValue<int>() == attempts)
                return (jobs[0]!["statecode"]!.GetValue<int>(), jobs[0]!["statuscode"]!.GetValue<int>());
        }
        throw new TimeoutException($"The job was not tried {attempts} times.");
    }

    static async Task RegisterAsync(Crm crm, string configuration)
    {
        Guid assembly = await crm.CreateAsync("pluginassemblies", new JsonObject
        {
            ["name"] = "Sandbox.Tests",
            ["culture"] = "neutral",
            ["publickeytoken"] = "null",
            ["version"] = "1.0.0.0",
            ["isolationmode"] = 2,
            ["sourcetype"] = 0,
            ["content"] = Convert.ToBase64String(await File.ReadAllBytesAsync(typeof(SamplePlugin).Assembly.Location)),
        });
        Guid type = await crm.CreateAsync("plugintypes", new JsonObject
        {
            ["name"] = "Sample",
            ["typename"] = typeof(SamplePlugin).FullName,
            ["friendlyname"] = "sample",
            ["pluginassemblyid@odata.bind"] = $"/pluginassemblies({assembly})",
        });
        JsonNode filter = (await crm.GetAsync(
            "sdkmessagefilters?$select=_sdkmessageid_value&$filter=primaryobjecttypecode eq 'contact' and sdkmessageid/name eq 'Create'")).Rows.Single()!;
        await crm.CreateAsync("sdkmessageprocessingsteps", new JsonObject
        {
            ["name"] = configuration,
            ["configuration"] = configuration,
            ["stage"] = 40,
            ["mode"] = 1,
            ["rank"] = 1,
            ["sdkmessageid@odata.bind"] = $"/sdkmessages({filter["_sdkmessageid_value"]})",
            ["sdkmessagefilterid@odata.bind"] = $"/sdkmessagefilters({filter["sdkmessagefilterid"]})",
            ["eventhandler_plugintype@odata.bind"] = $"/plugintypes({type})",
        });
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
