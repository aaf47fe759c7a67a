using System;
using System.Collections.Generic;

namespace CrmBehavior.Benchmarks.Reference;

/// <summary>
/// The twenty definitions written out by hand: exact, one thread, bounded state, nothing allocated per event. No design to copy; it shows
/// what the machine allows, and is a second opinion on the counts. This part takes events in; the other works definitions out.
/// </summary>
internal sealed partial class HandTuned
{
    const uint Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour, Never = uint.MaxValue;

    const int Engagement = 0, Intent = 1, Loyalty = 2, BuyingIntent = 3, CartAbandoned = 4, HighValueCart = 5, Comparing = 6, SalesReady = 7, FastPurchase = 8,
        CheckoutStalled = 9, SearchFrustrated = 10, MailEngaged = 11, Customers = 12, Vip = 13, HotLeads = 14, Dormant = 15, Dach = 16, DealHunters = 17,
        Readers = 18, AtRiskVip = 19;

    static readonly string[] Names =
    [
        "engagement", "purchase-intent", "loyalty", "buying-intent", "cart-abandoned", "high-value-cart", "comparison-shopping", "sales-ready", "fast-purchase",
        "checkout-stalled", "search-frustrated", "mail-engaged", "customers", "vip", "hot-leads", "dormant", "dach-enterprise", "deal-hunters",
        "readers-not-clickers", "at-risk-vip",
    ];

    static readonly string[][] Grades = [["cold", "warm", "hot"], ["low", "medium", "high"], ["bronze", "silver", "gold"]];

    readonly Person[] people;
    readonly long[] counts = new long[20 * 3];
    readonly AmountLists amounts = new();

    public HandTuned(int contacts)
    {
        people = new Person[contacts];
        foreach (ref Person person in people.AsSpan())
        {
            person.NextDue = Never;
            for (int i = 0; i < 20; i++) person.Due[i] = Never;
        }
    }

    /// <summary>Decisions by definition and effect.</summary>
    public IReadOnlyDictionary<(string Definition, string What), long> Counts
    {
        get
        {
            var all = new Dictionary<(string, string), long>();
            for (int i = 0; i < 20; i++)
            {
                string[] effects = i <= Loyalty ? Grades[i] : i < Customers ? ["fired", "ended"] : ["entered", "left"];
                for (int e = 0; e < effects.Length; e++) all[(Names[i], effects[e])] = counts[i * 3 + e];
            }
            return all;
        }
    }

    public void Handle(in Fact fact)
    {
        ref Person p = ref people[fact.Contact];
        uint now = Math.Max(fact.At, p.Now), at = fact.At;
        if (p.NextDue <= now) RunTimers(ref p, now);
        p.Now = now;
        uint dirty = 0;
        if (p.First == 0)
        {
            p.First = at;
            dirty = 1u << Dormant | 1u << AtRiskVip;
        }
        dirty |= Take(ref p, fact, at, now);
        if (dirty != 0) Settle(ref p, now, dirty);
    }

    public void RunOut()
    {
        uint latest = 0;
        foreach (ref readonly Person person in people.AsSpan()) latest = Math.Max(latest, person.Now);
        foreach (ref Person person in people.AsSpan()) RunTimers(ref person, latest);
    }

    uint Take(ref Person p, in Fact fact, uint at, uint now)
    {
        switch (fact.Kind)
        {
            case FactKind.Page: return TakePage(ref p, fact, at, now);
            case FactKind.Product:
                Score(ref p.Engagement, ref p.EngagementAt, 7 * Day, 2, at, now);
                uint dirty = 1u << Engagement | 1u << HotLeads;
                if (fact.Number >= 50)
                {
                    Score(ref p.Intent, ref p.IntentAt, 2 * Day, 4, at, now);
                    dirty |= 1u << Intent;
                }
                if (fact.Product != 0 && Note(ref p, (uint)fact.Product, at)) dirty |= 1u << Comparing;
                if ((fact.Marks & Marks.First) != 0) p.Fast[0] = Math.Max(p.Fast[0], at);
                return dirty;
            case FactKind.Added: return TakeAdded(ref p, fact, at, now);
            case FactKind.Order: return TakeOrder(ref p, fact, at, now);
            case FactKind.Checkout:
                Score(ref p.Intent, ref p.IntentAt, 2 * Day, 20, at, now);
                p.Stalled[1] = Math.Max(p.Stalled[1], Math.Min(p.Stalled[0], at));
                if (at >= p.Checkout && at >= p.Page) p.Checkout = at;
                return 1u << Intent | 1u << CheckoutStalled;
            case FactKind.Cleared:
                p.Fast = default;
                return 1u << FastPurchase;
            case FactKind.Form:
                Score(ref p.Engagement, ref p.EngagementAt, 7 * Day, 15, at, now);
                if ((fact.Marks & Marks.First) == 0) return 1u << Engagement | 1u << HotLeads;
                p.Ready[1] = Math.Max(p.Ready[1], Math.Min(p.Ready[0], at));
                return 1u << Engagement | 1u << HotLeads | 1u << SalesReady;
            case FactKind.Unsubscribed:
                Score(ref p.Engagement, ref p.EngagementAt, 7 * Day, -30, at, now);
                p.Ready = default;
                p.Unsubscribed = Math.Max(p.Unsubscribed, at);
                return 1u << Engagement | 1u << HotLeads | 1u << SalesReady | 1u << MailEngaged;
            case FactKind.Opened:
                Latest(p.Opens[..], at);
                dirty = 1u << MailEngaged | 1u << Readers;
                if (!MayScore(p.OpenScored[..], now, Day)) return dirty;
                Score(ref p.Engagement, ref p.EngagementAt, 7 * Day, 2, at, now);
                return dirty | 1u << Engagement | 1u << HotLeads;
            case FactKind.Clicked:
                Score(ref p.Engagement, ref p.EngagementAt, 7 * Day, 6, at, now);
                Latest(p.Clicks[..], at);
                return 1u << Engagement | 1u << HotLeads | 1u << MailEngaged | 1u << Dormant | 1u << Readers;
            case FactKind.Video when fact.Number >= 75:
                Score(ref p.Engagement, ref p.EngagementAt, 7 * Day, 8, at, now);
                return 1u << Engagement | 1u << HotLeads;
            case FactKind.Search when fact.Number == 0:
                Latest(p.NothingFound[..], at);
                return 1u << SearchFrustrated;
            case FactKind.Traits: return TakeTraits(ref p, fact, at);
            default: return 0;
        }
    }

    static uint TakePage(ref Person p, in Fact fact, uint at, uint now)
    {
        uint dirty = (p.Holds & 1u << Dormant) | (p.Holds & 1u << CheckoutStalled);
        p.Page = Math.Max(p.Page, at);
        // A page after the checkout, also one of the same time that arrives later: nothing stalls there.
        if (at >= p.Checkout) p.Checkout = 0;
        if (MayScore(p.PageScored[..], now, Day))
        {
            Score(ref p.Engagement, ref p.EngagementAt, 7 * Day, 1, at, now);
            dirty |= 1u << Engagement | 1u << HotLeads;
        }
        if ((fact.Marks & Marks.First) != 0)
        {
            Latest(p.Pricing[..], at);
            p.Ready[0] = Math.Max(p.Ready[0], at);
            dirty |= 1u << BuyingIntent;
        }
        if ((fact.Marks & Marks.Second) == 0) return dirty;
        Latest(p.EnterprisePages[..], at);
        return dirty | 1u << Dach;
    }

    uint TakeAdded(ref Person p, in Fact fact, uint at, uint now)
    {
        uint dirty = 1u << CartAbandoned;
        if (MayScore(p.AddScored[..], now, Hour))
        {
            Score(ref p.Intent, ref p.IntentAt, 2 * Day, 12, at, now);
            dirty |= 1u << Intent;
        }
        if (!double.IsNaN(fact.Number))
        {
            amounts.Add(ref p.Carts, at, fact.Number, (long)now - Day);
            dirty |= 1u << HighValueCart;
        }
        if (at >= p.Cart && at >= p.Order) p.Cart = at;
        p.Fast[1] = Math.Max(p.Fast[1], Math.Min(p.Fast[0], at));
        p.Stalled[0] = Math.Max(p.Stalled[0], at);
        return dirty;
    }

    uint TakeOrder(ref Person p, in Fact fact, uint at, uint now)
    {
        Score(ref p.Intent, ref p.IntentAt, 2 * Day, -40, at, now);
        int points = 10 + (fact.Number >= 200 && MayScore(p.BigOrderScored[..], now, 7 * Day) ? 10 : 0);
        p.Loyalty = (byte)Math.Min(100, p.Loyalty + points);
        if (at >= p.Cart) p.Cart = 0;
        p.Order = Math.Max(p.Order, at);
        if (!double.IsNaN(fact.Number)) amounts.Add(ref p.Orders, at, fact.Number, (long)now - 30L * Day);
        p.Fast[2] = Math.Max(p.Fast[2], Math.Min(p.Fast[1], at));
        p.Stalled = default;
        if ((fact.Marks & Marks.First) != 0) Latest(p.Coupons[..], at);
        return 1u << Intent | 1u << Loyalty | 1u << CartAbandoned | 1u << HighValueCart | 1u << FastPurchase | 1u << CheckoutStalled | 1u << Customers
            | 1u << Vip | 1u << AtRiskVip | 1u << DealHunters;
    }

    static uint TakeTraits(ref Person p, in Fact fact, uint at)
    {
        uint dirty = 0;
        if (!double.IsNaN(fact.Number) && at >= p.ValueAt)
        {
            (p.ValueAt, p.HasValue) = (at, fact.Number >= 1000);
            dirty |= 1u << Vip;
        }
        if ((fact.Marks & Marks.First) != 0 && at >= p.CountryAt)
        {
            (p.CountryAt, p.IsDach) = (at, (fact.Marks & Marks.Second) != 0);
            dirty |= 1u << Dach;
        }
        if ((fact.Marks & Marks.Third) == 0 || at < p.TierAt) return dirty;
        (p.TierAt, p.IsEnterprise) = (at, (fact.Marks & Marks.Fourth) != 0);
        return dirty | 1u << Dach;
    }

    /// <summary>Keeps the latest times, the latest first.</summary>
    static void Latest(Span<uint> times, uint at)
    {
        foreach (ref uint time in times)
        {
            if (at > time) (time, at) = (at, time);
        }
    }

    /// <summary>Whether fewer than the cap's number scored lately; notes it if so.</summary>
    static bool MayScore(Span<uint> times, uint now, uint per)
    {
        foreach (ref uint time in times)
        {
            if (time != 0 && (long)time + per > now) continue;
            time = now;
            return true;
        }
        return false;
    }

    /// <summary>Keeps the five products seen last with the latest time of each; true when the fifth time is another one.</summary>
    static bool Note(ref Person p, uint product, uint at)
    {
        uint fifth = p.ProductAt[4];
        int i = 0;
        while (i < 4 && p.Products[i] != product) i++;
        if (at <= p.ProductAt[i]) return false;
        for (; i > 0 && p.ProductAt[i - 1] < at; i--) (p.ProductAt[i], p.Products[i]) = (p.ProductAt[i - 1], p.Products[i - 1]);
        (p.ProductAt[i], p.Products[i]) = (at, product);
        return p.ProductAt[4] != fifth;
    }

    static double Decayed(double value, uint since, uint t, double halfLife) => t == since || value == 0 ? value : value * Math.Pow(2, -(double)(t - since) / halfLife);

    static void Score(ref double value, ref uint since, double halfLife, double points, uint at, uint now)
    {
        value = Math.Clamp(Decayed(value, since, now, halfLife) + Decayed(points, at, now, halfLife), 0, 100);
        since = now;
    }
}
