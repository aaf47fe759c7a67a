using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Shop;

/// <summary>What a visitor wants to buy, kept in a cookie as <c>product:quantity</c> pairs. Anything else in the cookie is ignored.</summary>
internal sealed class Cart
{
    const string CookieName = "cart";
    const int MaxQuantity = 99;
    readonly Dictionary<string, int> quantities = new(StringComparer.Ordinal);

    public static Cart Read(HttpRequest request)
    {
        var cart = new Cart();
        foreach (string part in (request.Cookies[CookieName] ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split(':');
            if (pair.Length == 2 && Product.Find(pair[0]) is not null
                && int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out int quantity)
                    && quantity is > 0 and <= MaxQuantity) cart.quantities[pair[0]] = quantity;
        }
        return cart;
    }

    public IReadOnlyList<(Product Product, int Quantity)> Lines => [.. quantities.Select(q => (Product.Find(q.Key)!, q.Value))];

    public decimal Total => Lines.Sum(l => l.Product.Price * l.Quantity);

    public void Add(Product product) => quantities[product.Id] = Math.Min(MaxQuantity, quantities.GetValueOrDefault(product.Id) + 1);

    public void Remove(string productId) => quantities.Remove(productId);

    public void Clear() => quantities.Clear();

    public void Write(HttpResponse response) =>
        response.Cookies.Append(CookieName, string.Join('.', quantities.Select(q => q.Key + ":" + q.Value.ToString(CultureInfo.InvariantCulture))),
        new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/shop", IsEssential = true });
}
