using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CrmBehavior.Benchmarks.Workload;

/// <summary>What the shop of the workload sells and shows: pages, products with their prices in quarters, words that events carry.</summary>
internal sealed class Catalogue
{
    public const int RareNames = 1000, Skus = 4000, Posts = 800, Campaigns = 400, Forms = 200;

    public static readonly string[] Categories = ["electronics", "furniture", "clothing", "books", "garden", "toys", "software", "Sports"];
    public static readonly string[] Queries = ["laptop", "desk", "lamp", "running shoes", "crm", "garden chair", "headphones", "notebook"];
    public static readonly string[] Countries = ["DE", "AT", "CH", "US", "GB", "FR", "NL", "es"];
    public static readonly string[] Tiers = ["basic", "basic", "basic", "pro", "pro", "enterprise", "Enterprise"];
    public static readonly string[] Coupons = ["SALE10", "SALE20", "sale-winter", "WELCOME5", "FRIENDS"];
    public static readonly string[] Referrers = ["https://www.google.com/", "https://www.bing.com/", "https://news.example.org/a", "", "", ""];
    public static readonly string[] CommonForms = ["newsletter", "demo", "contact-sales", "webinar", "Demo"];

    static readonly (string Path, int Weight)[] CommonPages =
    [
        ("/", 2600), ("/products", 1500), ("/pricing", 800), ("/pricing/teams", 250), ("/Pricing", 60), ("/docs", 300), ("/docs/getting-started", 250),
        ("/about", 200), ("/careers", 120), ("/solutions/enterprise", 220), ("/Enterprise/contact", 60), ("/solutions/small-business", 200), ("/login", 500),
    ];

    readonly Weights pageWeights;
    readonly Weights productWeights;

    public Catalogue()
    {
        List<(string Path, int Weight)> pages = [.. CommonPages, .. Categories.Select(c => (ProductPage(c), 300)), .. Enumerable.Range(0, Posts).Select(i => (Post(i), 1 + 300 / (i + 5)))];
        Pages = [.. pages.Select(p => p.Path)];
        pageWeights = new Weights(pages.Select(p => p.Weight));
        Products = [.. Enumerable.Range(0, Skus).Select(i => new Product(Sku(i), Categories[i % Categories.Length], PriceOf(i)))];
        productWeights = new Weights(Enumerable.Range(0, Skus).Select(i => 1 + 4000 / (i + 20)));
    }

    /// <summary>A product; its price in quarters of a euro.</summary>
    public sealed record Product(string Sku, string Category, int Quarters);

    public IReadOnlyList<string> Pages { get; }

    public IReadOnlyList<Product> Products { get; }

    public string PageOf(ulong random) => Pages[pageWeights.Of(random)];

    public Product ProductOf(ulong random) => Products[productWeights.Of(random)];

    public static string ProductPage(string category) => "/products/" + category.ToLowerInvariant();

    public static string Post(int number) => "/blog/post-" + Four(number);

    public static string Sku(int number) => "SKU-" + Four(number);

    public static string Campaign(int number) => "camp-" + Four(number);

    public static string Form(int number) => "form-" + number.ToString("000", CultureInfo.InvariantCulture);

    public static string Feature(int number, string what) => $"feature_{Four(number)}_{what}";

    /// <summary>An amount in quarters as a JSON number; sums of them are exact in any order.</summary>
    public static string Amount(int quarters) => (quarters >> 2).ToString(CultureInfo.InvariantCulture) + (quarters & 3) switch { 1 => ".25", 2 => ".5", 3 => ".75", _ => "" };

    static int PriceOf(int i) => 4 * (5 + i * 7919 % 90 + (i % 11 == 0 ? (int)(i * 104729L % 37) * 12 : 0)) + i * 31 % 4;

    static string Four(int number) => number.ToString("0000", CultureInfo.InvariantCulture);
}
