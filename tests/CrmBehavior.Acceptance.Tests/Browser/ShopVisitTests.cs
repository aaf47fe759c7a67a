using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Browser;

/// <summary>A visitor with a real browser in the small shop.</summary>
[Collection(LoopCollection.Name)]
public sealed class ShopVisitTests(LoopFixture loop)
{
    static readonly string? Chromium = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    [SkippableFact]
    public async Task A_visitor_who_looked_at_prices_and_asks_for_a_demo_becomes_a_contact_with_a_task_for_sales()
    {
        Skip.If(Chromium == null, "Chromium is not installed (Debian: apt-get install chromium).");
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium });
        IPage page = await browser.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, m) => { if (m.Type == "error") complaints.Add(m.Text); };
        page.PageError += (_, e) => complaints.Add(e);
        string email = $"{Guid.NewGuid():N}@example.com";

        for (int i = 0; i < 3; i++)
        {
            await page.RunAndWaitForResponseAsync(() => page.GotoAsync(loop.Sandbox.Url + "/shop/pricing"), r => r.Url.EndsWith("/v1/batch", StringComparison.Ordinal) && r.Ok);
        }
        (await loop.Crm.ReadAsync($"contacts?$select=contactid&$filter=emailaddress1 eq '{email}'")).ShouldBeEmpty();
        await page.GotoAsync(loop.Sandbox.Url + "/shop/demo");
        await page.GetByLabel("First name").FillAsync("Vera");
        await page.GetByLabel("Last name").FillAsync("Visitor");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.RunAndWaitForResponseAsync(
            () => page.Locator("main form button").First.ClickAsync(), r => r.Url.EndsWith("/v1/batch", StringComparison.Ordinal) && r.Request.PostData!.Contains(email, StringComparison.Ordinal));
        await loop.Sandbox.SettleAsync();

        complaints.ShouldBeEmpty();
        JsonObject contact = (await loop.Crm.ReadAsync($"contacts?$select=contactid,firstname,lastname,_ownerid_value&$expand=crmb_contact_tag($select=crmb_name)&$filter=emailaddress1 eq '{email}'")).ShouldHaveSingleItem();
        ((string?)contact["lastname"]).ShouldBe("Visitor");
        contact["crmb_contact_tag"]!.AsArray().Select(t => (string?)t!["crmb_name"]).ShouldContain("Buying intent");
        JsonObject task = (await loop.Crm.ReadAsync($"tasks?$select=subject,description,_ownerid_value&$filter=_regardingobjectid_value eq {(string)contact["contactid"]!}")).ShouldHaveSingleItem();
        ((string)task["subject"]!).ShouldContain("Vera Visitor");
        ((string)task["_ownerid_value"]!).ShouldBe((string)contact["_ownerid_value"]!);
    }
}
