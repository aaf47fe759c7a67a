using System;
using System.Collections.Generic;
using System.Linq;
using static System.FormattableString;

namespace CrmBehavior.Benchmarks.Workload;

/// <summary>
/// Thirty days of a shop's visitors, visit by visit: shopping, mail, content, searches, the app, CRM changes. Same arguments, same bytes;
/// the default ones give the events whose decisions are counted in <c>counts.json</c>.
/// </summary>
internal sealed class EventGenerator
{
    const int Minute = 60_000, Hour = 60 * Minute, Days = 30;

    static readonly int[] ByHour = [2, 1, 1, 1, 1, 2, 5, 9, 14, 17, 18, 17, 15, 16, 17, 16, 15, 14, 13, 14, 15, 13, 9, 5];
    static readonly int[] ByWeekday = [10, 10, 10, 10, 9, 6, 5];

    readonly Catalogue catalogue = new();
    readonly Weights hours = new(Enumerable.Range(0, Days).SelectMany(day => ByHour.Select(w => w * ByWeekday[day % 7])));
    readonly SplitMix random;
    readonly EventLog log;

    EventGenerator(ulong seed, int events)
    {
        random = new SplitMix(seed);
        log = new EventLog(events);
    }

    public static EventLog Generate(int contacts, int events, ulong seed = 1)
    {
        int repeated = events / 200;
        var generator = new EventGenerator(seed, events - repeated);
        generator.Fill(contacts, events);
        generator.log.Repeat(repeated, generator.random);
        return generator.log;
    }

    void Fill(int contacts, int events)
    {
        // Activity follows Pareto's law with exponent 1.2; nobody is more than 400 times as active as the least active.
        var activity = new List<int>(contacts);
        for (int i = 0; i < contacts; i++)
        {
            double u = ((random.Next() >> 11) + 1) / 9007199254740992.0;
            activity.Add(Math.Min(40000, (int)(100 * Math.Pow(u, -1 / 1.2))));
        }
        var active = new Weights(activity);
        // Every contact is seen at least once, where there is room for it.
        for (int contact = 0; contacts * 2L <= events && contact < contacts; contact++)
        {
            ulong r = random.Next();
            if ((r & 3) == 0) ChangeInCrm(TimeOf(r), contact);
            else ViewPage(TimeOf(r), contact);
        }
        while (!log.IsFull) Visit(active.Of(random.Next()));
    }

    long TimeOf(ulong r) => EventLog.Start + hours.Of(r >> 8) * (long)Hour + (long)((r >> 36) % Hour);

    void Visit(int contact)
    {
        ulong r = random.Next();
        long at = TimeOf(r);
        long habit = (long)((ulong)contact * 0x9E3779B1 >> 7);
        switch (r % 100)
        {
            case < 34: Shop(at, contact, habit % 8 == 0); break;
            case < 66: ReceiveMail(at, contact, (habit >> 3) % 4 == 0); break;
            case < 84: Read(at, contact); break;
            case < 90: Search(at, contact); break;
            case < 95: UseApp(at, contact); break;
            default: ChangeInCrm(at, contact); break;
        }
    }

    void Put(long at, int contact, string name, string properties, string key = "properties")
    {
        if (log.IsFull) return;
        ulong r = random.Next();
        long arrival = at + (long)((r >> 16) % 1500);
        if (r % 100 < 3)
        {
            // Late by 1 to 256 minutes.
            long unit = (long)Minute << (int)(r >> 8 & 7);
            arrival = at + unit + (long)((r >> 16) % (ulong)unit);
        }
        log.Add(at, arrival, contact, name, key, properties, random.Next(), (uint)(r >> 32));
    }

    void ViewPage(long at, int contact, string? path = null)
    {
        ulong r = random.Next();
        path ??= catalogue.PageOf(r >> 8);
        string title = path == "/" ? "home" : path[1..].Replace('/', ' ');
        Put(at, contact, "page_viewed", $"\"path\":\"{path}\",\"referrer\":\"{Catalogue.Referrers[r % 6]}\",\"title\":\"{title}\"");
    }

    void Shop(long at, int contact, bool isKeen)
    {
        int products = 1 + random.Below(4), cart = 0, items = 0;
        for (int i = 0; i < products; i++)
        {
            at += 4000 + random.Below(90000);
            Catalogue.Product product = catalogue.ProductOf(random.Next());
            ViewPage(at - 1500, contact, Catalogue.ProductPage(product.Category));
            ViewProduct(at, contact, product);
            ulong r = random.Next();
            if (r % 100 >= (isKeen ? 34u : 12u)) continue;
            at += 3000 + (long)((r >> 8) % 60000);
            int quantity = 1 + ((r >> 40) % 10 == 0 ? 1 : 0) + ((r >> 44) % 20 == 0 ? 1 : 0);
            cart += product.Quarters * quantity;
            items += quantity;
            Put(at, contact, "product_added", Invariant($"\"sku\":\"{product.Sku}\",\"category\":\"{product.Category}\",\"quantity\":{quantity},\"value\":{Catalogue.Amount(product.Quarters * quantity)},\"currency\":\"EUR\""));
        }
        if (items > 0) Checkout(at, contact, isKeen, cart, items);
    }

    void ViewProduct(long at, int contact, Catalogue.Product product)
    {
        ulong r = random.Next();
        string price = Catalogue.Amount(product.Quarters);
        if (r % 64 == 1) price = $"\"{price}\"";
        Put(at, contact, "product_viewed", $"\"sku\":\"{(r % 50 == 0 ? product.Sku.ToLowerInvariant() : product.Sku)}\",\"category\":\"{product.Category}\",\"price\":{price},\"currency\":\"EUR\"");
    }

    void Checkout(long at, int contact, bool isKeen, int cart, int items)
    {
        ulong r = random.Next();
        if (r % 10 < 6)
        {
            at += 5000 + (long)((r >> 8) % 60000);
            Put(at, contact, "cart_viewed", Invariant($"\"value\":{Catalogue.Amount(cart)},\"items\":{items}"));
        }
        if (r % 97 == 0) Put(at + 500, contact, "cart_cleared", Invariant($"\"items\":{items}"));
        r = random.Next();
        if (r % 10 >= 6) return;
        at += 8000 + (long)((r >> 8) % 120000);
        Put(at, contact, "checkout_started", Invariant($"\"value\":{Catalogue.Amount(cart)},\"items\":{items},\"step\":\"address\""));
        r = random.Next();
        if (r % 10 >= (isKeen ? 8u : 6u)) return;
        at += 20000 + (long)((r >> 8) % 400000);
        ulong k = (r >> 32) % 12;
        string coupon = k < 5 ? $",\"coupon\":\"{Catalogue.Coupons[k]}\"" : "";
        Put(at, contact, "order_completed", Invariant($"\"orderId\":\"o{(uint)(r >> 32):x8}\",\"amount\":{Catalogue.Amount(cart)},\"currency\":\"EUR\",\"items\":{items}{coupon}"));
    }

    void ReceiveMail(long at, int contact, bool isReader)
    {
        ulong r = random.Next();
        int k = (int)((r >> 8) % 100);
        string campaign = Catalogue.Campaign(k * k * Catalogue.Campaigns / 10000);
        Put(at, contact, "email_delivered", $"\"campaign\":\"{campaign}\",\"category\":\"newsletter\"");
        if (r % 100 >= (isReader ? 75u : 30u)) return;
        at += 30000 + (long)((r >> 20) % (6 * Hour));
        Put(at, contact, "email_opened", $"\"campaign\":\"{campaign}\",\"category\":\"newsletter\"");
        r = random.Next();
        if (r % 100 < (isReader ? 30u : 12u))
        {
            at += 3000 + (long)((r >> 8) % 60000);
            Put(at, contact, "email_clicked", Invariant($"\"campaign\":\"{campaign}\",\"url\":\"https://shop.example.com/l/{(r >> 40) % 50}\""));
            ViewPage(at + 900, contact);
            if ((r >> 50) % 3 == 0) Shop(at + 20000, contact, false);
        }
        else if (r % 100 > 98)
        {
            Put(at + 5000, contact, "email_unsubscribed", $"\"campaign\":\"{campaign}\"");
        }
    }

    void Read(long at, int contact)
    {
        for (int i = 1 + random.Below(5); i > 0; i--)
        {
            ViewPage(at, contact);
            at += 6000 + random.Below(150000);
        }
        ulong r = random.Next();
        switch (r % 100)
        {
            case < 14:
                string form = (r >> 12) % 3 != 0 ? Catalogue.CommonForms[(r >> 8) % 5] : Catalogue.Form((int)((r >> 20) % Catalogue.Forms));
                if (form is "demo" or "Demo" or "contact-sales" && (r >> 30) % 2 != 0) ViewPage(at - 1000, contact, "/pricing");
                Put(at, contact, "form_submitted", Invariant($"\"form\":\"{form}\",\"fields\":{2 + (r >> 40) % 6}"));
                break;
            case < 30: Put(at, contact, "video_completed", Invariant($"\"video\":\"v{(r >> 8) % 60}\",\"percent\":{25 * (1 + (r >> 16) % 4)}")); break;
            case < 36: Put(at, contact, "file_downloaded", Invariant($"\"file\":\"whitepaper-{(r >> 8) % 30}.pdf\"")); break;
        }
    }

    void Search(long at, int contact)
    {
        for (int i = 1 + random.Below(5); i > 0; i--)
        {
            ulong r = random.Next();
            Put(at, contact, "search_performed", Invariant($"\"query\":\"{Catalogue.Queries[r % 8]}\",\"results\":{((r >> 8) % 3 == 0 ? 0 : (r >> 12) % 60)}"));
            at += 4000 + (long)((r >> 20) % 40000);
        }
        ViewPage(at, contact);
    }

    void UseApp(long at, int contact)
    {
        ulong first = random.Next();
        int feature = (int)((first >> 8) % Catalogue.RareNames);
        for (ulong i = 1 + first % 4; i > 0; i--)
        {
            ulong r = random.Next();
            Put(at, contact, Catalogue.Feature(feature, r % 4 != 0 ? "used" : "failed"), Invariant($"\"screen\":\"s{(r >> 8) % 6}\",\"seconds\":{(r >> 16) % 300}"));
            at += 3000 + (long)((r >> 24) % 300000);
        }
    }

    void ChangeInCrm(long at, int contact)
    {
        ulong r = random.Next();
        string traits = (r % 4) switch
        {
            0 => Invariant($"\"lifetimeValue\":{25 * ((r >> 8) % 50)}"),
            1 => $"\"tier\":\"{Catalogue.Tiers[(r >> 8) % 7]}\"",
            2 => $"\"country\":\"{Catalogue.Countries[(r >> 8) % 8]}\"",
            _ => Invariant($"\"country\":\"{Catalogue.Countries[(r >> 8) % 8]}\",\"tier\":\"{Catalogue.Tiers[(r >> 16) % 7]}\",\"lifetimeValue\":{25 * ((r >> 24) % 44)}"),
        };
        Put(at, contact, "contact_updated", traits, "traits");
    }
}
