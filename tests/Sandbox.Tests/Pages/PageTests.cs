using System;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Mail;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Pages;

[Collection(SharedSandbox.Name)]
public sealed class PageTests(SandboxFixture sandbox)
{
    const string Hostile = "<img src=x onerror=alert(1)>\"'&";
    readonly string mark = Guid.NewGuid().ToString("N")[..12];

    [Theory]
    [InlineData("/", "Dynamics 365")]
    [InlineData("/contacts", "Who stands highest today is first")]
    [InlineData("/inbox", "mails accepted")]
    [InlineData("/definitions", "Live version")]
    [InlineData("/shop", "Trail backpack")]
    [InlineData("/shop/pricing", "Pricing for teams")]
    [InlineData("/shop/products/rain-jacket", "Put into the cart")]
    [InlineData("/shop/cart", "The cart is empty.")]
    [InlineData("/shop/newsletter", "E-mail")]
    [InlineData("/shop/demo", "Company")]
    public async Task Page_is_whole_accessible_and_asks_nothing_from_elsewhere(string path, string text)
    {
        (int status, string page, HttpResponseMessage response) = await GetAsync(path);
        status.ShouldBe(200);
        page.ShouldContain(text);
        page.ShouldContain("<html lang=\"en\">");
        page.ShouldContain("<h1>");
        page.ShouldContain("href=\"#main\"");
        page.ShouldNotContain("https://");
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
    }

    [Fact]
    public async Task Hostile_text_of_a_contact_is_shown_as_text()
    {
        Guid id = await sandbox.Crm.CreateAsync(
            "contacts", new JsonObject { ["firstname"] = mark, ["lastname"] = Hostile, ["crmb_why"] = Hostile, ["emailaddress1"] = mark + "@example.com" });
        await sandbox.Crm.CreateAsync(
            "crmb_touchpoints", new JsonObject
            {
                ["subject"] = Hostile,
                ["description"] = Hostile,
                ["crmb_effect"] = Hostile,
                ["regardingobjectid_contact_crmb_touchpoint@odata.bind"] = $"/contacts({id})"
            });
        await sandbox.Crm.CreateAsync(
            "crmb_tags", new JsonObject { ["crmb_name"] = Hostile + mark, ["crmb_contact_tag@odata.bind"] = new JsonArray($"/contacts({id})") });
        foreach (string path in new[] { $"/contacts?q={mark}", $"/contacts/{id}", "/contacts?q=" + Uri.EscapeDataString(Hostile) })
        {
            (int status, string page, _) = await GetAsync(path);
            status.ShouldBe(200);
            page.ShouldContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
            page.ShouldNotContain("<img");
        }
    }

    [Fact]
    public async Task Timeline_shows_activities_tasks_scores_and_mails_newest_first()
    {
        Guid id = await sandbox.Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = mark, ["emailaddress1"] = mark + "@example.com" });
        await sandbox.Crm.CreateAsync(
            "crmb_touchpoints", new JsonObject
            {
                ["subject"] = "older one",
                ["crmb_at"] = "2020-01-01T00:00:00Z",
                ["crmb_definitionname"] = "intent",
                ["regardingobjectid_contact_crmb_touchpoint@odata.bind"] = $"/contacts({id})"
            });
        await sandbox.Crm.CreateAsync(
            "tasks", new JsonObject
            {
                ["subject"] = "ring up",
                ["description"] = "because of interest",
                ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({id})"
            });
        await sandbox.Crm.CreateAsync(
            "crmb_contactscores",
                new JsonObject
                {
                    ["crmb_name"] = "engagement",
                    ["crmb_value"] = 42.5m,
                    ["crmb_grade"] = "hot",
                    ["crmb_contactid@odata.bind"] = $"/contacts({id})"
                });
        await new MailClient(sandbox).SendAsync(MailClient.Good(mark + "@example.com"));
        string page = (await GetAsync($"/contacts/{id}")).Page;
        page.IndexOf("ring up", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf("older one", StringComparison.Ordinal));
        page.ShouldContain("because of interest");
        page.ShouldContain("Mail in the inbox");
        page.ShouldContain("42.5");
        page.ShouldContain("intent");
    }

    [Fact]
    public async Task Mail_is_shown_in_a_frame_that_can_do_nothing_and_reacted_to()
    {
        JsonObject mail = MailClient.Good(mark + "@example.com");
        mail["subject"] = Hostile;
        mail["content"]!.AsArray()
            .Add(new JsonObject
            {
                ["type"] = "text/html",
                ["value"] = "<p onclick=alert(1)>Hi <a href=\"http://shop.example/a?b=1&amp;c=2\">go</a><a href=\"javascript:alert(1)\">no</a></p>"
            });
        string id = (await new MailClient(sandbox).SendAsync(mail)).MessageId!;
        string page = (await GetAsync("/inbox/" + id)).Page;
        page.ShouldContain("<iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\"");
        page.ShouldContain("href=\"http://shop.example/a?b=1&amp;c=2\"");
        page.ShouldNotContain("javascript:");
        page.ShouldNotContain("<p onclick");
        (_, string html, HttpResponseMessage frame) = await GetAsync($"/inbox/{id}/html");
        html.ShouldStartWith("<p onclick");
        frame.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox allow-popups");
        using var http = sandbox.Http();
        using var form = new FormUrlEncodedContent([new("type", "click")]);
        (await http.PostAsync(new Uri($"/inbox/{id}/react", UriKind.Relative), form)).RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/inbox/" + id);
        (await sandbox.Controls.GetAsync("/sandbox/mails/" + id))["events"]!.AsArray().Last()!["type"]!.GetValue<string>().ShouldBe("click");
    }

    [Theory]
    [InlineData("/contacts/nobody")]
    [InlineData("/inbox/nothing")]
    [InlineData("/definitions/none")]
    [InlineData("/shop/products/none")]
    [InlineData("/no-such-page")]
    [InlineData("/WebResources/none.html")]
    public async Task Page_that_is_not_there_is_404(string path) => (await GetAsync(path)).Status.ShouldBe(404);

    [Fact]
    public async Task Published_definition_shows_status_reason_and_difference()
    {
        Crm marketer = sandbox.Crm.As("sandbox:marketer");
        Guid id = await marketer.CreateAsync(
            "crmb_definitions", new JsonObject
            {
                ["crmb_json"] = new JsonObject
                {
                    ["kind"] = "signal",
                    ["name"] = "d" + mark,
                    ["when"] = new JsonObject { ["event"] = "page_viewed", ["within"] = "1h" }
                }.ToJsonString()
            });
        await marketer.PostAsync($"crmb_definitions({id})/Microsoft.Dynamics.CRM.crmb_Publish", new JsonObject { ["Reason"] = "reason " + mark });
        (await GetAsync("/definitions")).Page.ShouldContain("d" + mark);
        string page = (await GetAsync($"/definitions/{id}")).Page;
        page.ShouldContain("reason " + mark);
        page.ShouldContain("First version.");
        page.ShouldContain("signal · Live");
    }

    async Task<(int Status, string Page, HttpResponseMessage Response)> GetAsync(string path)
    {
        using var http = sandbox.Http();
        HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }
}
