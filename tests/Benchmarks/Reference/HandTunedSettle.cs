using System;
using System.Numerics;

namespace CrmBehavior.Benchmarks.Reference;

/// <content>Works definitions out, each with the time at which time alone may change it next.</content>
internal sealed partial class HandTuned
{
    void RunTimers(ref Person p, uint to)
    {
        while (p.NextDue <= to)
        {
            uint t = p.NextDue, due = 0;
            for (int i = 0; i < 20; i++)
            {
                if (p.Due[i] <= t) due |= 1u << i;
            }
            Settle(ref p, t, due);
        }
    }

    /// <summary>In the order of their numbers, which is the order in which they refer to each other.</summary>
    void Settle(ref Person p, uint t, uint dirty)
    {
        while (dirty != 0)
        {
            int i = BitOperations.TrailingZeroCount(dirty);
            dirty &= dirty - 1;
            dirty |= WorkOut(ref p, i, t);
        }
        uint next = Never;
        foreach (uint due in p.Due) next = Math.Min(next, due);
        p.NextDue = next;
    }

    /// <summary>Works one out; returns those that refer to it, when it has changed.</summary>
    uint WorkOut(ref Person p, int i, uint t)
    {
        long due = Never;
        bool holds;
        switch (i)
        {
            case Engagement: return Grade(ref p, i, p.Engagement, p.EngagementAt, 7 * Day, 20, 60, t);
            case Intent: return Grade(ref p, i, p.Intent, p.IntentAt, 2 * Day, 25, 60, t);
            case Loyalty: return Grade(ref p, i, p.Loyalty, t, 0, 30, 70, t);
            case BuyingIntent:
                holds = IsIn(p.Pricing[2], 7 * Day, t, ref due);
                return Signal(ref p, i, holds, due, t, 3 * Day, ref p.BuyingUntil) ? 1u << HotLeads : 0;
            case CartAbandoned:
                holds = p.Cart != 0 && (long)p.Cart + Hour <= t;
                if (p.Cart != 0 && !holds) due = (long)p.Cart + Hour;
                Change(ref p, i, holds, due);
                return 0;
            case HighValueCart:
                holds = Sum(p.Carts, (long)t - Day, out uint first) > 150 * 4;
                if (holds)
                {
                    due = (long)first + Day;
                    holds = !IsIn(p.Order, Day, t, ref due);
                }
                Change(ref p, i, holds, due);
                return 0;
            case Comparing:
                holds = IsIn(p.ProductAt[4], 2 * Day, t, ref due);
                Signal(ref p, i, holds, due, t, Day, ref p.ComparingUntil);
                return 0;
            case SalesReady:
                holds = IsIn(p.Ready[1], Day, t, ref due);
                return Change(ref p, i, holds, due) ? 1u << HotLeads : 0;
            case FastPurchase:
                holds = IsIn(p.Fast[2], 2 * Hour, t, ref due);
                Signal(ref p, i, holds, due, t, 12 * Hour, ref p.FastUntil);
                return 0;
            case CheckoutStalled:
                holds = IsIn(p.Stalled[1], 6 * Hour, t, ref due) && p.Checkout != 0;
                if (holds && (long)p.Checkout + 30 * Minute > t) (holds, due) = (false, Math.Min(due, (long)p.Checkout + 30 * Minute));
                Change(ref p, i, holds, due);
                return 0;
            case SearchFrustrated:
                Change(ref p, i, IsIn(p.NothingFound[2], 30 * Minute, t, ref due), due);
                return 0;
            case MailEngaged:
                holds = IsIn(p.Clicks[1], 7 * Day, t, ref due);
                if (IsIn(p.Opens[2], 7 * Day, t, ref due)) holds |= !IsIn(p.Unsubscribed, 30 * Day, t, ref due);
                Change(ref p, i, holds, due);
                return 0;
            case Customers: return Change(ref p, i, p.Order != 0, Never) ? 1u << HotLeads : 0;
            case Vip:
                holds = Sum(p.Orders, t - 30L * Day, out first) >= 600 * 4;
                if (holds) due = (long)first + 30L * Day;
                return Change(ref p, i, holds || p.HasValue, due) ? 1u << AtRiskVip : 0;
            case HotLeads:
                holds = (p.Active & (1u << BuyingIntent | 1u << SalesReady)) != 0 && (p.Holds & 1u << Customers) == 0
                    && Decayed(p.Engagement, p.EngagementAt, t, 7 * Day) >= 30;
                if (holds) due = Below(p.Engagement, p.EngagementAt, 7 * Day, 30, t);
                Change(ref p, i, holds, due);
                return 0;
            case Dormant:
                long quiet = (long)Math.Max(p.First, p.Page) + 7 * Day;
                if (p.Clicks[0] != 0) quiet = Math.Max(quiet, (long)p.Clicks[0] + 7 * Day);
                return Change(ref p, i, quiet <= t, quiet <= t ? Never : quiet) ? 1u << AtRiskVip : 0;
            case Dach:
                holds = p.IsDach && (p.IsEnterprise || IsIn(p.EnterprisePages[1], 14 * Day, t, ref due));
                Change(ref p, i, holds, due);
                return 0;
            case DealHunters:
                Change(ref p, i, IsIn(p.Coupons[1], 30 * Day, t, ref due), due);
                return 0;
            case Readers:
                holds = IsIn(p.Opens[3], 14 * Day, t, ref due) && !IsIn(p.Clicks[0], 14 * Day, t, ref due);
                Change(ref p, i, holds, due);
                return 0;
            default:
                holds = (p.Holds & 1u << Vip) != 0;
                long orders = (long)Math.Max(p.First, p.Order) + 21 * Day;
                if (holds && (p.Holds & 1u << Dormant) == 0 && orders > t) (holds, due) = (false, orders);
                Change(ref p, i, holds, due);
                return 0;
        }
    }

    /// <summary>Whether a time is in (t−within, t]; if so, `due` is no later than when it leaves.</summary>
    static bool IsIn(uint at, uint within, uint t, ref long due)
    {
        long leaves = (long)at + within;
        if (at == 0 || leaves <= t) return false;
        due = Math.Min(due, leaves);
        return true;
    }

    long Sum(in AmountList list, long since, out uint first)
    {
        long sum = 0;
        first = Never;
        foreach (ref readonly Amount amount in amounts.Of(list))
        {
            if (amount.At <= since) continue;
            sum += amount.Quarters;
            first = Math.Min(first, amount.At);
        }
        return sum;
    }

    /// <summary>The first millisecond after t at which a value is below a mark.</summary>
    static long Below(double value, uint since, double halfLife, double mark, uint t) =>
        Math.Max(t + 1L, (long)Math.Floor(since + halfLife * Math.Log2(value / mark)) + 1);

    uint Grade(ref Person p, int i, double value, uint since, double halfLife, double second, double third, uint t)
    {
        double v = halfLife == 0 ? value : Decayed(value, since, t, halfLife);
        uint grade = v >= third ? 2u : v >= second ? 1u : 0u, before = p.Grades >> i * 2 & 3;
        p.Due[i] = halfLife == 0 || grade == 0 ? Never : (uint)Math.Min(Never, Below(value, since, halfLife, grade == 2 ? third : second, t));
        if (grade == before) return 0;
        p.Grades ^= (grade ^ before) << i * 2;
        counts[i * 3 + grade]++;
        return 0;
    }

    /// <summary>A signal that is active while its condition holds, or a segment; true when it changes.</summary>
    bool Change(ref Person p, int i, bool holds, long due)
    {
        p.Due[i] = (uint)Math.Min(Never, due);
        uint bit = 1u << i;
        if (holds == ((p.Holds & bit) != 0)) return false;
        p.Holds ^= bit;
        p.Active ^= bit;
        counts[i * 3 + (holds ? 0 : 1)]++;
        return true;
    }

    /// <summary>A signal that is active for a time at least; true when its activity changes.</summary>
    bool Signal(ref Person p, int i, bool holds, long due, uint t, uint least, ref uint until)
    {
        uint bit = 1u << i, before = p.Active & bit;
        if (holds && (p.Holds & bit) == 0)
        {
            p.Active |= bit;
            until = (uint)Math.Min(Never, (long)t + least);
            counts[i * 3]++;
        }
        else if (before != 0 && !holds && t >= until)
        {
            p.Active &= ~bit;
            counts[i * 3 + 1]++;
        }
        p.Holds = holds ? p.Holds | bit : p.Holds & ~bit;
        if (!holds && (p.Active & bit) != 0) due = Math.Min(due, until);
        p.Due[i] = (uint)Math.Min(Never, due);
        return before != (p.Active & bit);
    }
}
