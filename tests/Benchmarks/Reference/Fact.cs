using System.Runtime.InteropServices;

namespace CrmBehavior.Benchmarks.Reference;

/// <summary>What an event is, as far as the twenty definitions tell events apart.</summary>
internal enum FactKind : byte
{
    Other, Page, Product, Added, Order, Checkout, Cleared, Form, Unsubscribed, Opened, Clicked, Video, Search, Traits,
}

/// <summary>What filters ask of an event, answered while it is read; the bits mean different things for different kinds.</summary>
[System.Flags]
internal enum Marks : byte
{
    None = 0,
    /// <summary>A page under /pricing, a product of electronics, an order with a coupon SALE…, a form of interest, a country known.</summary>
    First = 1,
    /// <summary>A page of enterprise, a country of D, A or CH.</summary>
    Second = 2,
    /// <summary>A tier known.</summary>
    Third = 4,
    /// <summary>The tier enterprise.</summary>
    Fourth = 8,
}

/// <summary>An event in 24 bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Fact
{
    public FactKind Kind;
    public Marks Marks;
    public int Contact;
    /// <summary>Milliseconds since a second before the start of the workload, so that 0 means never.</summary>
    public uint At;
    /// <summary>Number of the product, from 1.</summary>
    public int Product;
    /// <summary>Amount, price, results or percent; NaN where there is none.</summary>
    public double Number;
}
