using System.Globalization;
using System.Text.Json.Nodes;
using static System.FormattableString;

namespace CrmBehavior.Benchmarks.Workload;

/// <summary>Definitions added to the twenty of the workload, to see what many cost.</summary>
internal static class AddedDefinitions
{
    /// <summary>
    /// One that looks at a rare slice: a custom event, or one product, page, campaign or form of a common event. The events stay the same, so
    /// what an event costs should too.
    /// </summary>
    public static JsonObject Rare(int i)
    {
        int j = i / 10, feature = i * 37 % Catalogue.RareNames;
        JsonObject Event(string name, JsonObject? where = null) => Pattern(name, where);
        JsonObject Used() => Event(Catalogue.Feature(feature, "used"));
        JsonObject Failed() => Event(Catalogue.Feature(feature, "failed"));
        JsonObject Sku() => new() { ["sku"] = Catalogue.Sku((j * 13 + 200) % Catalogue.Skus) };
        return (i % 10) switch
        {
            0 => Signal(i, With(Used(), "7d", ("count", AtLeast(2)))),
            1 => Segment(i, With(Event("product_added", Sku()), "30d", ("sum", "properties.value"), ("is", AtLeast(50)))),
            2 => Segment(i, With(Event("page_viewed", new JsonObject { ["path"] = Catalogue.Post((j * 7 + 60) % Catalogue.Posts) }), "14d")),
            3 => Signal(i, new JsonObject { ["sequence"] = new JsonArray(Used(), Failed()), ["within"] = "24h", ["unless"] = Event(Catalogue.Feature((i * 37 + 1) % Catalogue.RareNames, "used")) }, "6h"),
            4 => Signal(i, new JsonObject { ["absent"] = Failed(), ["for"] = "1h", ["since"] = Used() }),
            5 => Score(i, "5d", [Row(Used(), 15, 3), Row(Failed(), -10)], 25),
            6 => Signal(i, With(Event("product_viewed", Sku()), "3d", ("count", 2))),
            7 => Segment(i, With(Used(), "7d", ("distinct", "properties.screen"), ("is", AtLeast(2)))),
            8 => Segment(i, new JsonObject
            {
                ["any"] = new JsonArray(With(Used(), "3d", ("count", 3)), With(Event("email_clicked", new JsonObject { ["campaign"] = Catalogue.Campaign((j * 17 + 100) % Catalogue.Campaigns) }), "3d")),
            }),
            _ => Segment(i, new JsonObject
            {
                ["all"] = new JsonArray(With(Event("form_submitted", new JsonObject { ["form"] = Catalogue.Form(j % Catalogue.Forms) }), "30d"), new JsonObject { ["not"] = With(Used(), "1d") }),
            }),
        };
    }

    /// <summary>One that looks at all page or product views, so that every one more has its price.</summary>
    public static JsonObject Overlapping(int i)
    {
        int k = 2 + i % 7;
        string within = Invariant($"{6 + i % 90}h");
        return (i % 5) switch
        {
            0 => Signal(i, With(Pattern("page_viewed"), within, ("count", AtLeast(12 + 2 * k)))),
            1 => Segment(i, With(Pattern("product_viewed"), within, ("sum", "properties.price"), ("is", new JsonObject { ["gt"] = 300 * k }))),
            2 => Signal(i, new JsonObject
            {
                ["sequence"] = new JsonArray(Pattern("page_viewed"), Pattern("product_viewed"), Pattern("product_added")),
                ["within"] = within,
                ["unless"] = Pattern("order_completed"),
            }),
            3 => Segment(i, With(Pattern("product_viewed"), within, ("distinct", "properties.sku"), ("is", AtLeast(6 + k)))),
            _ => Score(i, Invariant($"{24 + i % 90}h"), [Row(Pattern("page_viewed"), 1 + i % 3, 10), Row(Pattern("product_viewed"), 2)], 50 + 5 * k),
        };
    }

    static JsonObject Pattern(string name, JsonObject? where = null)
    {
        var pattern = new JsonObject { ["event"] = name };
        if (where != null) pattern["where"] = where;
        return pattern;
    }

    static JsonObject With(JsonObject pattern, string within, params (string Key, JsonNode Value)[] more)
    {
        pattern["within"] = within;
        foreach ((string key, JsonNode value) in more) pattern[key] = value;
        return pattern;
    }

    static JsonObject AtLeast(int number) => new() { ["gte"] = number };

    static JsonObject Row(JsonObject pattern, int add, int? most = null)
    {
        pattern["add"] = add;
        if (most != null) pattern["cap"] = new JsonObject { ["max"] = most, ["per"] = "24h" };
        return pattern;
    }

    static JsonObject Signal(int i, JsonObject when, string? least = null)
    {
        JsonObject signal = Named("signal", i);
        signal["when"] = when;
        if (least != null) signal["for"] = least;
        return signal;
    }

    static JsonObject Segment(int i, JsonObject when)
    {
        JsonObject segment = Named("segment", i);
        segment["when"] = when;
        return segment;
    }

    static JsonObject Score(int i, string halfLife, JsonObject[] rows, int high)
    {
        JsonObject score = Named("score", i);
        score["halfLife"] = halfLife;
        (score["min"], score["max"]) = (0, 100);
        score["points"] = new JsonArray([.. rows]);
        score["grades"] = new JsonArray(new JsonObject { ["name"] = "low", ["from"] = 0 }, new JsonObject { ["name"] = "high", ["from"] = high });
        return score;
    }

    static JsonObject Named(string kind, int i) => new() { ["kind"] = kind, ["name"] = "added-" + i.ToString("0000", CultureInfo.InvariantCulture) };
}
