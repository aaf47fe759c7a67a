using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Sandbox;

/// <summary>The gateway while the sandbox plays the CRM's bad days; a sandbox of its own, because faults hit everybody.</summary>
public sealed class FaultsOfTheSandboxTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Lost_answers_and_outages_leave_each_row_once()
    {
        using var gateway = new DataverseGateway(new CrmOptions { Url = sandbox.Url, Token = sandbox.Settings["Crm__Token"] });
        string subject = "Call " + Guid.NewGuid().ToString("N");
        CrmWrite[] left = [.. Enumerable.Range(0, 300).Select(i => new CreateRow("tasks", Guid.NewGuid(), new Dictionary<string, object?> { ["subject"] = subject }, Complete: i % 2 == 0))];
        await FaultAsync(new { target = "crm", kind = "accept-then-fail", rate = 0.3, seed = 7 });
        await FaultAsync(new { target = "crm", kind = "status", status = 503, rate = 0.2 });

        bool wasDisturbed = false;

        for (int attempt = 0; left.Length > 0; attempt++)
        {
            attempt.ShouldBeLessThan(60);
            if (attempt == 30) (await sandbox.Http.DeleteAsync(sandbox.Url + "/sandbox/faults")).EnsureSuccessStatusCode();
            // In parts, so that some get through while the faults are on.
            var next = new List<CrmWrite>();
            foreach (CrmWrite[] part in left.Chunk(40))
            {
                IReadOnlyList<CrmResult> results = await gateway.WriteAsync(part, None);
                results.ShouldAllBe(r => r.Outcome == CrmOutcome.Done || r.Outcome == CrmOutcome.Retry);
                next.AddRange(part.Where((_, i) => results[i].Outcome == CrmOutcome.Retry));
            }
            left = [.. next];
            wasDisturbed |= left.Length > 0;
        }
        (await sandbox.Http.DeleteAsync(sandbox.Url + "/sandbox/faults")).EnsureSuccessStatusCode();

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{sandbox.Url}/api/data/v9.2/tasks?$select=statecode&$filter=subject eq '{subject}'");
        request.Headers.Authorization = new("Bearer", "sandbox");
        using HttpResponseMessage answer = await sandbox.Http.SendAsync(request);
        JsonElement[] rows = [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("value").EnumerateArray()];
        wasDisturbed.ShouldBeTrue();
        rows.Length.ShouldBe(300);
        rows.Count(r => r.GetProperty("statecode").GetInt32() == 1).ShouldBe(150);
    }

    async Task FaultAsync(object fault)
    {
        using HttpResponseMessage answer = await sandbox.Http.PostAsJsonAsync(sandbox.Url + "/sandbox/faults", fault);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }
}
