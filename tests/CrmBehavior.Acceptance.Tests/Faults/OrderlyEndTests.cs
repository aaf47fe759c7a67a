using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Acceptance.Tests.Api;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Faults;

/// <summary>A service that is told to end, as at each deployment, ends in order.</summary>
public sealed class OrderlyEndTests(OrderlyEndTests.Fixture loop) : IClassFixture<OrderlyEndTests.Fixture>
{
    /// <summary>A loop of its own, in which a mail in doubt is soon set aside.</summary>
    public sealed class Fixture : LoopFixture
    {
        protected override Dictionary<string, string> Settings => new(base.Settings) { ["Dispatch__Lease"] = "3s", ["Dispatch__Doubt"] = "5s" };
    }

    [Fact]
    public async Task Mails_that_are_being_handed_over_are_not_broken_off_and_what_became_of_them_is_noted()
    {
        var emails = new List<string>();
        for (int i = 0; i < 8; i++)
        {
            (Guid id, string email) = await loop.ContactAsync();
            await loop.ConsentAsync(id);
            await loop.TrackAsync(id, "product_added", new JsonObject { ["name"] = "Tent" });
            emails.Add(email);
        }
        await loop.Sandbox.SettleAsync();
        using HttpResponseMessage slow = await loop.Sandbox.Http.PostAsJsonAsync("/sandbox/faults", new { target = "mail", kind = "delay", seconds = 5, rate = 1.0 });
        slow.EnsureSuccessStatusCode();
        await loop.Sandbox.AdvanceAsync("5h");
        // Marked as handed over, they are at the provider, which takes its time.
        for (int i = 0; loop.InStore("SELECT count(*) FROM outbox WHERE kind = 'mail' AND state = 1") < emails.Count; i++)
        {
            i.ShouldBeLessThan(600, "the mails are not being sent");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
        await loop.Service.Program.SignalAsync("TERM");
        await loop.Service.Program.WaitForExitAsync(TimeSpan.FromMinutes(1));
        using HttpResponseMessage fast = await loop.Sandbox.Http.DeleteAsync("/sandbox/faults");
        fast.EnsureSuccessStatusCode();
        await loop.Service.StartAgainAsync();
        await loop.Sandbox.SettleAsync();

        foreach (string email in emails) (await loop.MailsAsync(email)).ShouldHaveSingleItem();
        (int _, JsonNode parked) = await new ApiCaller(loop).ToolAsync(HttpMethod.Get, "/api/parked/effects");
        ((int)parked["count"]!).ShouldBe(0, parked.ToJsonString());
        (await loop.Crm.ReadAsync("crmb_touchpoints?$select=crmb_effect")).Count(t => (string?)t["crmb_effect"] == "sendEmail").ShouldBe(emails.Count);
    }
}
