using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Faults;

/// <summary>The bus is away for longer than the platform tries to deliver (P2).</summary>
[Collection(LoopCollection.Name)]
public sealed class ReconciliationTests(LoopFixture loop)
{
    [Fact]
    public async Task Changes_that_the_plugins_could_not_deliver_are_found_by_change_tracking()
    {
        (Guid changed, _) = await loop.ContactAsync(("jobtitle", "Buyer"));
        (Guid deleted, _) = await loop.ContactAsync(("jobtitle", "Director of Oblivion"));
        await loop.Sandbox.SettleAsync();
        // The first look of all gave the mark from which this one goes on.
        await loop.Sandbox.AdvanceAsync("2h");
        await loop.Sandbox.SettleAsync();

        using HttpResponseMessage down = await loop.Sandbox.Http.PostAsJsonAsync("/sandbox/faults", new { target = "bus", kind = "status", status = 500, rate = 1.0, seconds = 3600 });
        down.EnsureSuccessStatusCode();
        await loop.Crm.ChangeAsync($"contacts({changed})", new JsonObject { ["jobtitle"] = "Head of Purchasing" });
        (Guid created, _) = await loop.ContactAsync(("jobtitle", "Head of Sales"));
        await loop.Crm.DeleteAsync($"contacts({deleted})");
        // All attempts of the platform are used up meanwhile.
        for (int i = 0; i < 12; i++)
        {
            await loop.Sandbox.AdvanceAsync("30m");
            await Task.Delay(200);
        }
        using HttpResponseMessage up = await loop.Sandbox.Http.DeleteAsync("/sandbox/faults");
        up.EnsureSuccessStatusCode();
        await loop.Sandbox.AdvanceAsync("2h");
        await loop.Sandbox.SettleAsync();
        await loop.Sandbox.AdvanceAsync("2h");
        await loop.Sandbox.SettleAsync();

        foreach (Guid contact in new[] { changed, created })
        {
            JsonObject row = (await loop.Crm.ReadAsync($"contacts?$select=contactid&$expand=crmb_contact_tag($select=crmb_name)&$filter=contactid eq {contact}"))[0];
            row["crmb_contact_tag"]!.AsArray().Select(t => (string?)t!["crmb_name"]).ShouldBe(["Decision maker"]);
        }
    }
}
