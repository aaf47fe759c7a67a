using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace CrmBehavior.Acceptance.Tests.Cdnow;

/// <summary>
/// An order of the CDNOW data set (Fader &amp; Hardie), the published sample of one tenth: 2,357 customers, 6,919 orders. The file has days;
/// here an order is made at noon.
/// </summary>
/// <param name="Number">Its line in the file, from 1.</param>
/// <param name="Customer">The customer, from 1 to 2,357.</param>
/// <param name="At">When.</param>
/// <param name="Amount">What was paid, in dollars as written.</param>
internal sealed record Order(int Number, int Customer, DateTimeOffset At, string Amount)
{
    /// <summary>All orders, in the order of the file.</summary>
    public static IReadOnlyList<Order> ReadAll() =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cdnow", "cdnow_sample_orders.csv")).Skip(1).Select((line, i) =>
        {
            string[] fields = line.Split(',');
            DateTimeOffset day = DateTimeOffset.ParseExact(fields[2], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            return new Order(i + 1, int.Parse(fields[1], CultureInfo.InvariantCulture), day.AddHours(12), fields[4]);
        }),
    ];

    /// <summary>The contact of a customer.</summary>
    public static Guid ContactOf(int customer) => Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{customer:D12}"));

    /// <summary>The customer that a contact is.</summary>
    public static int CustomerOf(Guid contact) => int.Parse(contact.ToString()[^12..], CultureInfo.InvariantCulture);
}
