using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace CrmBehavior.Sandbox.Shop;

/// <summary>Something a page tells the tracker, in Segment's names for e-commerce.</summary>
internal sealed record ShopEvent(string Name, JsonObject Properties)
{
    /// <summary>The properties of a product.</summary>
    public static JsonObject Of(Product product, int quantity = 1) => new()
    {
        ["product_id"] = product.Id,
        ["name"] = product.Name,
        ["category"] = product.Category,
        ["price"] = product.Price,
        ["quantity"] = quantity,
        ["currency"] = "EUR",
    };

    /// <summary>The products of a cart.</summary>
    public static JsonArray Of(IEnumerable<(Product Product, int Quantity)> lines) => new([.. lines.Select(l => Of(l.Product, l.Quantity))]);
}
