using System;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Hosting;
using CrmBehavior.Sandbox.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Shop;

/// <summary>A small shop under <c>/shop</c> whose visitors the service can watch.</summary>
internal sealed class ShopRoutes(SandboxHost sandbox)
{
    readonly ShopLayout layout = new(sandbox);
    readonly ShopForms forms = new(new ShopLayout(sandbox));

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/shop", HomeAsync);
        routes.MapGet("/shop/shop.js", () => Results.Text(ShopLayout.Script, "text/javascript; charset=utf-8"));
        routes.MapGet("/shop/pricing", PricingAsync);
        routes.MapGet("/shop/products/{id}", ProductAsync);
        routes.MapGet("/shop/cart", CartAsync);
        routes.MapPost("/shop/cart", ChangeCartAsync);
        routes.MapGet("/shop/checkout", CheckoutAsync);
        routes.MapPost("/shop/order", OrderAsync);
        forms.Map(routes);
    }

    Task HomeAsync(HttpContext context)
    {
        Html cards = Html.Join(
            Product.All.Select(p =>
                Html.Of($"<li class=\"card\"><h2><a href=\"{ShopLayout.To(context, "/shop/products/" + p.Id)}\">{p.Name}</a></h2><p>{p.Text}</p><p class=\"price\">{Price(p.Price)}</p></li>")));
        return layout.WriteAsync(context, "Gear for days outside", Html.Of($"<ul class=\"cards\">{cards}</ul>"));
    }

    Task PricingAsync(HttpContext context) => layout.WriteAsync(context, "Pricing for teams", Html.Of($"""
        <ul class="cards"><li class="card"><h2>Club</h2><p class="price">€ 9 a month</p><p>Rental prices for up to 10 people.</p></li>
        <li class="card"><h2>School</h2><p class="price">€ 49 a month</p><p>Class sets, insurance, delivery.</p></li>
        <li class="card"><h2>Company</h2><p class="price">on request</p><p>Outfitting, branding, a contact person.</p><p>
        <a href="{ShopLayout.To(context, "/shop/demo")}">Ask for a demo</a></p></li></ul>
        """));

    Task ProductAsync(HttpContext context)
    {
        if (Product.Find((string?)context.Request.RouteValues["id"]) is not { } product) return Layout.NotFoundAsync(context, "The shop has no such product.");
        return layout.WriteAsync(context, product.Name, Html.Of($"""
            <p>{product.Text}</p><p class="price">{Price(product.Price)}</p>
            <form method="post" action="{ShopLayout.To(context, "/shop/cart")}"><button name="add" value="{product.Id}">Put into the cart</button></form>
            """), new ShopEvent("Product Viewed", ShopEvent.Of(product)));
    }

    Task CartAsync(HttpContext context)
    {
        Cart cart = Cart.Read(context.Request);
        ShopEvent viewed = new("Cart Viewed", new JsonObject { ["products"] = ShopEvent.Of(cart.Lines), ["value"] = cart.Total, ["currency"] = "EUR" });
        ShopEvent[] events = Product.Find(context.Request.Query["added"]) is { } added ? [new ShopEvent("Product Added", ShopEvent.Of(added)), viewed]
            : [viewed];
        if (cart.Lines.Count == 0) return layout.WriteAsync(context, "Your cart", Html.Of($"<p>The cart is empty.</p>"), viewed);
        Html rows = Html.Join(
            cart.Lines.Select(l => Html.Of(
                $"<tr><td>{l.Product.Name}</td><td class=\"number\">{l.Quantity}</td><td class=\"number\">{Price(l.Product.Price * l.Quantity)}</td><td><form class=\"inline\" method=\"post\" action=\"{ShopLayout.To(context, "/shop/cart")}\"><button class=\"plain\" name=\"remove\" value=\"{l.Product.Id}\">Remove</button></form></td></tr>")));
        return layout.WriteAsync(context, "Your cart", Html.Of($"""
            <table><thead><tr><th scope="col">Product</th><th scope="col" class="number">Pieces</th><th scope="col" class="number">Price</th>
            <th scope="col">Change</th></tr></thead><tbody>{rows}</tbody></table>
            <p class="price">{Price(cart.Total)}</p><p><a href="{ShopLayout.To(context, "/shop/checkout")}">To the checkout</a></p>
            """), events);
    }

    async Task ChangeCartAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        Cart cart = Cart.Read(context.Request);
        Product? added = Product.Find(form["add"]);
        if (added is not null) cart.Add(added);
        cart.Remove(form["remove"].ToString());
        cart.Write(context.Response);
        context.Response.Redirect(ShopLayout.To(context, added is null ? "/shop/cart" : "/shop/cart?added=" + added.Id));
    }

    Task CheckoutAsync(HttpContext context)
    {
        Cart cart = Cart.Read(context.Request);
        if (cart.Lines.Count == 0) return layout.WriteAsync(context, "Checkout", Html.Of($"<p>The cart is empty.</p>"));
        return layout.WriteAsync(context, "Checkout", Html.Of($"""
            <p class="price">{Price(cart.Total)}</p>
            <form class="stack" method="post" action="{ShopLayout.To(context, "/shop/order")}">
            <label>First name <input name="firstName" autocomplete="given-name"></label>
            <label>Last name <input name="lastName" autocomplete="family-name" required></label>
            <label>E-mail <input name="email" type="email" autocomplete="email" required></label><button>Order now</button></form>
            """), new ShopEvent("Checkout Started", new JsonObject { ["value"] = cart.Total, ["revenue"] = cart.Total, ["currency"] = "EUR", ["products"] = ShopEvent.Of(cart.Lines) }));
    }

    async Task OrderAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        Cart cart = Cart.Read(context.Request);
        if (cart.Lines.Count == 0)
        {
            context.Response.Redirect(ShopLayout.To(context, "/shop/cart"));
            return;
        }
        string number = "H" + sandbox.Clock.UtcNow.ToString("yyMMddHHmmss", CultureInfo.InvariantCulture) + Random.Shared.Next(100, 1000)
            .ToString(CultureInfo.InvariantCulture);
        ShopEvent submitted = ShopForms.Submitted("checkout", form);
        ShopEvent completed = new(
            "Order Completed", new JsonObject
            {
                ["order_id"] = number,
                ["total"] = cart.Total,
                ["revenue"] = cart.Total,
                ["currency"] = "EUR",
                ["products"] = ShopEvent.Of(cart.Lines)
            });
        decimal total = cart.Total;
        cart.Clear();
        cart.Write(context.Response);
        await layout.WriteAsync(
            context, "Thank you", Html.Of($"<p>Order {number} over {Price(total)} is on its way. This is a sandbox: nothing will arrive.</p>"), submitted,
                completed);
    }

    static string Price(decimal price) => "€ " + price.ToString("#,0.00", CultureInfo.InvariantCulture);
}
