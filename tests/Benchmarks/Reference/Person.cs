using System.Runtime.CompilerServices;

namespace CrmBehavior.Benchmarks.Reference;

/// <summary>What the twenty definitions need to know of a contact. Times as in <see cref="Fact"/>, 0 for never; the latest first.</summary>
internal struct Person
{
    public uint First, Now, NextDue;
    /// <summary>Bit per definition: its condition holds; it is active, or entered.</summary>
    public uint Holds, Active;
    /// <summary>Two bits per score.</summary>
    public uint Grades;
    public Twenty Due;
    public double Engagement, Intent;
    public uint EngagementAt, IntentAt;
    public uint BuyingUntil, ComparingUntil, FastUntil;
    public byte Loyalty;
    public bool HasValue, IsDach, IsEnterprise;
    public uint ValueAt, CountryAt, TierAt;
    public uint Page, Order, Cart, Checkout, Unsubscribed;
    public Eight PageScored;
    public Three OpenScored, AddScored;
    public Two BigOrderScored, Clicks, EnterprisePages, Coupons;
    public Three Pricing, NothingFound;
    public Four Opens;
    public Five ProductAt;
    public Five Products;
    public Two Ready, Stalled;
    public Three Fast;
    public AmountList Carts, Orders;
}

[InlineArray(2)]
internal struct Two
{
    uint first;
}

[InlineArray(3)]
internal struct Three
{
    uint first;
}

[InlineArray(4)]
internal struct Four
{
    uint first;
}

[InlineArray(5)]
internal struct Five
{
    uint first;
}

[InlineArray(8)]
internal struct Eight
{
    uint first;
}

[InlineArray(20)]
internal struct Twenty
{
    uint first;
}
