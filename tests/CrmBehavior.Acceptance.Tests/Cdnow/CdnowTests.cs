using System;
using System.Collections.Generic;
using System.Globalization;
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

namespace CrmBehavior.Acceptance.Tests.Cdnow;

/// <summary>Eighteen months of a real shop, day by day through the whole loop, held against a plain script.</summary>
public sealed class CdnowTests
{
    static readonly DateTimeOffset Begin = new(1997, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset End = new(1998, 6, 30, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan HalfLife = TimeSpan.FromDays(60);

    [Fact]
    public async Task The_CRM_holds_what_a_script_finds_in_the_orders_though_the_service_is_killed_again_and_again()
    {
        IReadOnlyList<Order> orders = Order.ReadAll();
        orders.Count.ShouldBe(6919);
        using var expected = new ExpectedRows(orders);
        await using SandboxProcess sandbox = await SandboxProcess.StartAsync(
            "--clock", "1997-01-01T00:00:00Z", "--definitions", Path.Combine(AppContext.BaseDirectory, "Cdnow", "Definitions"));
        await using ServiceProcess service = await ServiceProcess.StartAsync(sandbox);
        using var crm = new CrmClient(sandbox.Url);
        await CreateCustomersAsync(crm, orders.Select(o => o.Customer).Distinct());
        await sandbox.SettleAsync();

        // The seed of the moments at which the service dies.
        var random = new Random(1997);
        int deaths = 0;
        ILookup<DateTimeOffset, Order> byDay = orders.ToLookup(o => o.At);
        for (DateTimeOffset day = Begin.AddHours(12); day <= End; day = day.AddDays(1))
        {
            await sandbox.AdvanceToAsync(day);
            await sandbox.SettleAsync();
            bool isFatal = byDay[day].Count() > 10 && random.Next(8) == 0;
            if (isFatal) deaths++;
            await PostAsync(service, [.. byDay[day]], isFatal ? random.Next(60) : null);
            if (day == Begin.AddDays(200).AddHours(12)) await CompareAsync(sandbox, crm, expected, day);
        }
        await CompareAsync(sandbox, crm, expected, End);
        deaths.ShouldBeGreaterThan(10);
    }

    static async Task CreateCustomersAsync(CrmClient crm, IEnumerable<int> customers)
    {
        foreach (int[] some in customers.Chunk(500))
        {
            await crm.CreateAsync("contacts", "contact", some.Select(c => new JsonObject
            {
                ["contactid"] = Order.ContactOf(c).ToString(),
                ["firstname"] = "Customer",
                ["lastname"] = c.ToString(CultureInfo.InvariantCulture),
                ["emailaddress1"] = string.Create(CultureInfo.InvariantCulture, $"customer{c}@example.com"),
            }));
        }
    }

    /// <summary>Posts a day's orders; where told so, kills the service so many milliseconds later, starts it again and posts them all once more.</summary>
    static async Task PostAsync(ServiceProcess service, Order[] orders, int? killAfter)
    {
        if (orders.Length == 0) return;
        var body = new JsonObject
        {
            ["writeKey"] = "sandbox",
            ["batch"] = new JsonArray([.. orders.Select(o => new JsonObject
            {
                ["type"] = "track",
                ["event"] = "Order Completed",
                ["messageId"] = string.Create(CultureInfo.InvariantCulture, $"cdnow-{o.Number}"),
                ["userId"] = Order.ContactOf(o.Customer).ToString(),
                ["timestamp"] = o.At.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                ["properties"] = new JsonObject { ["amount"] = decimal.Parse(o.Amount, CultureInfo.InvariantCulture) },
            })]),
        }.ToJsonString();
        if (killAfter is { } milliseconds)
        {
            Task posting = SendAsync(service, body);
            await Task.Delay(milliseconds);
            await service.KillAsync();
            // Whether the answer still came depends on the moment; the shop does not know either, and sends again.
            await Record.ExceptionAsync(() => posting);
            await service.StartAgainAsync();
        }
        await SendAsync(service, body);
    }

    static async Task SendAsync(ServiceProcess service, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await service.Http.PostAsync("/v1/batch", content);
        string text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        text.ShouldContain("\"errors\":[]");
    }

    static async Task CompareAsync(SandboxProcess sandbox, CrmClient crm, ExpectedRows expected, DateTimeOffset now)
    {
        await sandbox.SettleAsync();
        IReadOnlyList<JsonObject> vips = await crm.ReadAsync("contacts?$select=contactid&$filter=crmb_contact_tag/any(t:t/crmb_name eq 'VIP')");
        vips.Select(r => Customer(r, "contactid")).Order().ShouldBe(expected.Vip(now));

        IReadOnlyList<JsonObject> entries = await crm.ReadAsync("crmb_touchpoints?$select=_regardingobjectid_value,crmb_at,crmb_effect,crmb_definitionname,subject");
        entries.ShouldAllBe(e => (string?)e["crmb_effect"] == "timeline" && (string?)e["crmb_definitionname"] == "win-back" && (string?)e["subject"] == "No order for 90 days");
        entries.Select(e => (Customer(e, "_regardingobjectid_value"), (DateTimeOffset)e["crmb_at"]!)).Order().ShouldBe(expected.WinBack(now));

        IReadOnlyList<JsonObject> scores = await crm.ReadAsync("crmb_contactscores?$select=_crmb_contactid_value,crmb_name,crmb_value,crmb_grade,crmb_asof");
        scores.ShouldAllBe(s => (string?)s["crmb_name"] == "engagement");
        Dictionary<int, double> values = scores.ToDictionary(
            s => Customer(s, "_crmb_contactid_value"), s => (double)s["crmb_value"]! * Math.Pow(2, -(now - (DateTimeOffset)s["crmb_asof"]!) / HalfLife));
        values.Keys.Order().ShouldBe(expected.Engagement(now).Select(e => e.Customer));
        foreach ((int customer, double value) in expected.Engagement(now)) values[customer].ShouldBe(value, 0.0001, $"customer {customer}");
    }

    static int Customer(JsonObject row, string column) => Order.CustomerOf((Guid)row[column]!);
}
