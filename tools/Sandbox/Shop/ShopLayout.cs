using System;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Hosting;
using CrmBehavior.Sandbox.Pages;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Shop;

/// <summary>
/// The frame of the shop's pages. They carry the service's tracker; what a page has to tell stands in the page as data and is told by
/// the shop's own script if the tracker is there. Without tracker and script every page works.
/// </summary>
internal sealed class ShopLayout(SandboxHost sandbox)
{
    /// <summary>The shop's script: tells what the page has to tell.</summary>
    public const string Script = """
        "use strict";
        document.addEventListener("DOMContentLoaded", function () {
          var told = document.querySelectorAll("[data-track]");
          for (var i = 0; i < told.length; i++) {
            if (window.crmb && typeof window.crmb.track === "function") {
              window.crmb.track(told[i].getAttribute("data-track"), JSON.parse(told[i].getAttribute("data-properties")));
            }
          }
        });
        """;

    /// <summary>Writes a page with what it tells the tracker.</summary>
    public Task WriteAsync(HttpContext context, string title, Html body, params ShopEvent[] events)
    {
        string? service = Service();
        string origin = service is null ? "" : " " + new Uri(service).GetLeftPart(UriPartial.Authority);
        string policy = $"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'{origin}; connect-src 'self'{origin}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        Html tracker = service is null ? Html.Empty : Html.Of($"<script src=\"{service}/crmb.js\" data-write-key=\"sandbox-web\" defer></script>");
        Html told = Html.Join(events.Select(e => Html.Of($"<div hidden data-track=\"{e.Name}\" data-properties=\"{e.Properties.ToJsonString()}\"></div>")));
        int items = Cart.Read(context.Request).Lines.Sum(l => l.Quantity);
        Html page = Html.Of($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title} · Hill and Dale</title><link rel="stylesheet" href="/sandbox/style.css">{tracker}<script src="/shop/shop.js" defer></script></head>
            <body><a class="skip" href="#main">Skip to content</a><header><strong>Hill and Dale</strong><nav aria-label="Shop">
            <a href="{To(context, "/shop")}">Products</a><a href="{To(context, "/shop/pricing")}">Pricing</a>
            <a href="{To(context, "/shop/newsletter")}">Newsletter</a><a href="{To(context, "/shop/demo")}">Ask for a demo</a>
            <a href="{To(context, "/shop/cart")}">Cart ({items})</a></nav></header>
            <main id="main"><h1>{title}</h1>{body}</main>{told}</body></html>
            """);
        return Layout.WriteRawAsync(context, page, policy, StatusCodes.Status200OK);
    }

    /// <summary>An address inside the shop that carries the visitor's <c>crmb</c> query, as it came, along.</summary>
    public static string To(HttpContext context, string path)
    {
        string carried = context.Request.Query["crmb"].ToString();
        if (carried.Length == 0) return path;
        return path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "crmb=" + Uri.EscapeDataString(carried);
    }

    string? Service() => sandbox.Services.Urls is [var first, ..] ? first : sandbox.Settings.NoService ? null : ServiceSettings.ServiceUrl(sandbox.Settings);
}
