using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Sandbox.Shop;

/// <summary>Something the shop sells.</summary>
internal sealed record Product(string Id, string Name, string Category, decimal Price, string Text)
{
    /// <summary>All there is to buy.</summary>
    public static readonly IReadOnlyList<Product> All =
    [
        new("trail-backpack", "Trail backpack 30 l", "bags", 129.00m, "Carries a weekend without pulling at the shoulders. Rain cover included."),
        new("rain-jacket", "Rain jacket", "clothing", 184.50m, "Three layers, sealed seams, and pockets that can be reached with a hip belt on."),
        new("camping-stove", "Camping stove", "cooking", 79.90m, "Boils a litre in four minutes, also in wind."),
        new("steel-bottle", "Steel bottle", "cooking", 24.00m, "Keeps tea hot for a day and fits every bike."),
        new("head-torch", "Head torch", "light", 49.00m, "Red light for maps, white light for paths, one charge for a week."),
    ];

    public static Product? Find(string? id) => All.FirstOrDefault(p => p.Id == id);
}
