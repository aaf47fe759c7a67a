using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Mail;

/// <summary>Every marketing mail shows who sent it and how to be rid of it, and that works.</summary>
[Collection(LoopCollection.Name)]
public sealed class UnsubscribeTests(LoopFixture loop)
{
    [Fact]
    public async Task A_mail_carries_sender_address_link_and_both_headers_and_one_click_ends_them()
    {
        (Guid id, string email) = await loop.ContactAsync();
        await loop.ConsentAsync(id);
        await LeaveCartAsync(id);
        JsonObject mail = (await loop.MailsAsync(email)).ShouldHaveSingleItem();
        ((string?)mail["subject"]).ShouldBe("Person, your Tent is still in the cart");

        string page = await loop.Sandbox.Http.GetStringAsync("/inbox/" + (string)mail["id"]!);
        string shown = WebUtility.HtmlDecode(WebUtility.HtmlDecode(page));
        string html = WebUtility.HtmlDecode(await loop.Sandbox.Http.GetStringAsync($"/inbox/{(string)mail["id"]!}/html"));
        html.ShouldContain("CrmBehavior Sandbox, 1 Example Street, 10115 Berlin");
        shown.ShouldContain("List-Unsubscribe-Post");
        shown.ShouldContain("List-Unsubscribe=One-Click");
        string link = Regex.Match(html, @"https?://[^\s<>""]+/unsubscribe/[\w.~-]+").Value;
        link.ShouldNotBeEmpty();
        shown.ShouldContain($"<{link}>");

        // A scanner that follows the link changes nothing; the mail program's POST does, without cookie or login.
        using var anybody = new HttpClient();
        (await anybody.GetStringAsync(link)).ShouldContain("<form");
        await loop.Sandbox.AdvanceAsync("4d");
        await LeaveCartAsync(id);
        (await loop.MailsAsync(email)).Count.ShouldBe(2);
        using HttpResponseMessage left = await anybody.PostAsync(link, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        left.StatusCode.ShouldBe(HttpStatusCode.OK);
        await loop.Sandbox.AdvanceAsync("4d");
        await LeaveCartAsync(id);
        (await loop.MailsAsync(email)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Without_consent_nothing_is_sent_and_with_a_complaint_nothing_more()
    {
        (Guid silent, string silentEmail) = await loop.ContactAsync();
        (Guid angry, string angryEmail) = await loop.ContactAsync();
        await loop.ConsentAsync(angry);
        await LeaveCartAsync(silent);
        await LeaveCartAsync(angry);
        (await loop.MailsAsync(silentEmail)).ShouldBeEmpty();
        JsonObject mail = (await loop.MailsAsync(angryEmail)).ShouldHaveSingleItem();

        using HttpResponseMessage told = await loop.Sandbox.Http.PostAsync($"/sandbox/mails/{(string)mail["id"]!}/events", new StringContent("{\"type\":\"spamreport\"}", System.Text.Encoding.UTF8, "application/json"));
        told.EnsureSuccessStatusCode();
        await loop.Sandbox.AdvanceAsync("4d");
        await LeaveCartAsync(angry);

        (await loop.MailsAsync(angryEmail)).Count.ShouldBe(1);
        (await loop.Crm.ReadAsync($"crmb_touchpoints?$select=crmb_effect&$filter=_regardingobjectid_value eq {angry}")).Select(t => (string?)t["crmb_effect"]).ShouldBe(["sendEmail"]);
    }

    async Task LeaveCartAsync(Guid contact)
    {
        await loop.TrackAsync(contact, "Product Added", new JsonObject { ["name"] = "Tent" });
        await loop.Sandbox.AdvanceAsync("5h");
        await loop.Sandbox.SettleAsync();
    }
}
