using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Pages;

public sealed partial class ShopTests : IAsyncLifetime, IDisposable
{
    SandboxFixture sandbox = null!;
    HttpClient visitor = null!;

    public async Task InitializeAsync()
    {
        sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });
        visitor = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(sandbox.Url) };
    }

    public Task DisposeAsync() => sandbox.DisposeAsync();

    public void Dispose() => visitor.Dispose();

    [Fact]
    public async Task Visitor_buys_and_each_page_has_what_to_tell_the_tracker()
    {
        Told(await PageAsync("/shop/products/head-torch")).Single().Name.ShouldBe("Product Viewed");
        string cart = await PostAsync("/shop/cart", ("add", "head-torch"));
        Told(cart).Select(t => t.Name).ShouldBe(["Product Added", "Cart Viewed"]);
        Told(cart)[0].Properties["product_id"]!.GetValue<string>().ShouldBe("head-torch");
        await PostAsync("/shop/cart", ("add", "steel-bottle"));
        await PostAsync("/shop/cart", ("remove", "steel-bottle"));
        Told(await PageAsync("/shop/checkout")).Single().Properties["value"]!.GetValue<decimal>().ShouldBe(49m);
        string thanks = await PostAsync("/shop/order", ("firstName", "Ada"), ("lastName", "L"), ("email", "ada@example.com"));
        IReadOnlyList<(string Name, JsonNode Properties)> told = Told(thanks);
        told.Select(t => t.Name).ShouldBe(["Form Submitted", "Order Completed"]);
        told[0].Properties["email"]!.GetValue<string>().ShouldBe("ada@example.com");
        told[1].Properties["total"]!.GetValue<decimal>().ShouldBe(49m);
        told[1].Properties["products"]!.AsArray().Single()!["name"]!.GetValue<string>().ShouldBe("Head torch");
        (await PageAsync("/shop/cart")).ShouldContain("The cart is empty.");
    }

    [Fact]
    public async Task Signed_link_is_carried_through_the_shop_as_it_came()
    {
        const string token = "a+b/c=%3D&x";
        string encoded = Uri.EscapeDataString(token);
        string page = await PageAsync("/shop/pricing?crmb=" + encoded);
        Regex.Matches(page, "href=\"(/shop[^\"]*)\"").Select(m => m.Groups[1].Value).ShouldAllBe(l => l.EndsWith("crmb=" + encoded, StringComparison.Ordinal));
        using var form = new FormUrlEncodedContent([new("add", "head-torch")]);
        using HttpResponseMessage redirected = await visitor.PostAsync(new Uri("/shop/cart?crmb=" + encoded, UriKind.Relative), form);
        redirected.RequestMessage!.RequestUri!.Query.ShouldBe("?added=head-torch&crmb=" + encoded);
    }

    [Fact]
    public async Task Tracker_of_the_registered_service_is_on_every_page_and_allowed_by_the_policy()
    {
        (await PageAsync("/shop")).ShouldNotContain("crmb.js");
        await sandbox.Controls.PostAsync("/sandbox/services", new JsonObject { ["url"] = "http://localhost:5999" });
        using HttpResponseMessage response = await visitor.GetAsync(new Uri("/shop", UriKind.Relative));
        (await response.Content.ReadAsStringAsync())
            .ShouldContain("<script src=\"http://localhost:5999/crmb.js\" data-write-key=\"sandbox-web\" defer></script>");
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self' http://localhost:5999;");
    }

    [Theory]
    [InlineData("newsletter")]
    [InlineData("demo")]
    public async Task Form_tells_its_fields_and_escapes_what_was_typed(string form)
    {
        string page = await PostAsync("/shop/" + form, ("email", "\"><script>alert(1)</script>"), ("consent", "yes"));
        page.ShouldNotContain("<script>alert");
        JsonNode told = Told(page).Single().Properties;
        (told["form"]!.GetValue<string>(), told["email"]!.GetValue<string>(), told["consent"]!.GetValue<string>())
            .ShouldBe((form, "\"><script>alert(1)</script>", "yes"));
    }

    [Fact]
    public async Task Cookie_that_was_tampered_with_is_an_empty_cart()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/shop/cart");
        request.Headers.Add("Cookie", "cart=head-torch:0.nothing:1.rain-jacket:x.:.head-torch");
        using HttpResponseMessage response = await visitor.SendAsync(request);
        (await response.Content.ReadAsStringAsync()).ShouldContain("The cart is empty.");
    }

    async Task<string> PageAsync(string path) => await visitor.GetStringAsync(new Uri(path, UriKind.Relative));

    async Task<string> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value)));
        using HttpResponseMessage response = await visitor.PostAsync(new Uri(path, UriKind.Relative), form);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    static IReadOnlyList<(string Name, JsonNode Properties)> Told(string page) =>
        [.. Tracked().Matches(page).Select(m => (WebUtility.HtmlDecode(m.Groups[1].Value), JsonNode.Parse(WebUtility.HtmlDecode(m.Groups[2].Value))!))];

    [GeneratedRegex("data-track=\"([^\"]*)\" data-properties=\"([^\"]*)\"")]
    private static partial Regex Tracked();
}
