using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Acceptance.Tests.Crm;
using CrmBehavior.TestServers;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task One_trace_leads_from_the_callers_request_to_the_row_in_the_CRM_and_metrics_tell_of_the_work()
    {
        using var collector = new Collector();
        await using SandboxProcess sandbox = await SandboxProcess.StartAsync("--definitions", Path.Combine(BuiltProgram.Root, "tools", "Sandbox", "Demo", "Definitions"));
        await using (ServiceProcess service = await ServiceProcess.StartAsync(sandbox, new Dictionary<string, string> { ["Telemetry__OtlpEndpoint"] = collector.Url }))
        {
            using var crm = new CrmClient(sandbox.Url);
            await sandbox.SettleAsync();
            var contact = (Guid)(await crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "Traced" }))["contactid"]!;
            await sandbox.SettleAsync();
            const string Trace = "0af7651916cd43dd8448eb211c80319c";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch")
            {
                Content = new StringContent($$"""{"writeKey":"sandbox","batch":[{"type":"track","userId":"{{contact}}","event":"Form Submitted"}]}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
            using HttpResponseMessage answer = await service.Http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            await sandbox.SettleAsync();
            (await crm.ReadAsync($"crmb_contactscores?$select=crmb_value&$filter=_crmb_contactid_value eq {contact}")).ShouldHaveSingleItem();
            // What is in hand is sent when the service ends in order.
            await service.Program.SignalAsync("TERM");
            await service.Program.WaitForExitAsync(TimeSpan.FromMinutes(1));

            byte[] id = Convert.FromHexString(Trace);
            collector.Bodies("/v1/traces").ShouldContain(b => Has(b, id) && Has(b, "write to the CRM"));
            byte[][] metrics = [.. collector.Bodies("/v1/metrics")];
            foreach (string name in new[] { "crmb.events", "crmb.decisions", "crmb.effects", "crmb.event.lag", "crmb.effect.delay", "crmb.outbox.waiting", "crmb.outbox.age", "crmb.queue.depth" })
            {
                metrics.ShouldContain(b => Has(b, name), name);
            }
            // Whoever reads metrics and traces learns of no person.
            collector.Bodies("/v1/metrics").Concat(collector.Bodies("/v1/traces")).ShouldNotContain(b => Has(b, "Traced"));
        }
    }

    static bool Has(byte[] body, string part) => Has(body, Encoding.UTF8.GetBytes(part));

    static bool Has(byte[] body, byte[] part) => body.AsSpan().IndexOf(part) >= 0;
}
