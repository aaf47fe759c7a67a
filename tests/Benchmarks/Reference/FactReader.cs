using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using CrmBehavior.Benchmarks.Workload;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Benchmarks.Reference;

/// <summary>Reads lines of the workload into facts, by <see cref="Utf8JsonReader"/>; texts become marks and numbers on the way.</summary>
internal sealed class FactReader
{
    static readonly (byte[] Name, FactKind Kind)[] Names =
    [
        ("page_viewed"u8.ToArray(), FactKind.Page), ("product_viewed"u8.ToArray(), FactKind.Product), ("product_added"u8.ToArray(), FactKind.Added),
        ("order_completed"u8.ToArray(), FactKind.Order), ("checkout_started"u8.ToArray(), FactKind.Checkout), ("cart_cleared"u8.ToArray(), FactKind.Cleared),
        ("form_submitted"u8.ToArray(), FactKind.Form), ("email_unsubscribed"u8.ToArray(), FactKind.Unsubscribed), ("email_opened"u8.ToArray(), FactKind.Opened),
        ("email_clicked"u8.ToArray(), FactKind.Clicked), ("video_completed"u8.ToArray(), FactKind.Video), ("search_performed"u8.ToArray(), FactKind.Search),
        ("contact_updated"u8.ToArray(), FactKind.Traits),
    ];

    readonly Dictionary<int, int> products = [];

    public void Read(ReadOnlySpan<byte> line, out Fact fact, out ReadOnlySpan<byte> id)
    {
        fact = new Fact { Number = double.NaN };
        id = default;
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> key = reader.ValueSpan;
            reader.Read();
            if (key.SequenceEqual("id"u8)) id = reader.ValueSpan;
            else if (key.SequenceEqual("name"u8)) fact.Kind = KindOf(reader.ValueSpan);
            else if (key.SequenceEqual("at"u8)) fact.At = Instant.TryParse(reader.ValueSpan, out long at) ? (uint)(at - EventLog.Start + 1000) : 0;
            else if (key.SequenceEqual("contactId"u8)) fact.Contact = Utf8Parser.TryParse(reader.ValueSpan[1..], out int contact, out _) ? contact : -1;
            else ReadValues(ref reader, ref fact);
        }
    }

    static FactKind KindOf(ReadOnlySpan<byte> name)
    {
        foreach ((byte[] known, FactKind kind) in Names)
        {
            if (name.SequenceEqual(known)) return kind;
        }
        return FactKind.Other;
    }

    void ReadValues(ref Utf8JsonReader reader, ref Fact fact)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> key = reader.ValueSpan;
            reader.Read();
            ReadOnlySpan<byte> value = reader.ValueSpan;
            switch (fact.Kind)
            {
                case FactKind.Page when key.SequenceEqual("path"u8):
                    if (StartsWith(value, "/pricing"u8)) fact.Marks |= Marks.First;
                    if (Contains(value, "enterprise"u8)) fact.Marks |= Marks.Second;
                    break;
                case FactKind.Product when key.SequenceEqual("sku"u8): fact.Product = ProductOf(value); break;
                case FactKind.Product when key.SequenceEqual("category"u8): Mark(ref fact, Marks.First, Ascii.EqualsIgnoreCase(value, "electronics"u8)); break;
                case FactKind.Product when key.SequenceEqual("price"u8):
                case FactKind.Added when key.SequenceEqual("value"u8):
                case FactKind.Order when key.SequenceEqual("amount"u8):
                case FactKind.Video when key.SequenceEqual("percent"u8):
                case FactKind.Search when key.SequenceEqual("results"u8):
                case FactKind.Traits when key.SequenceEqual("lifetimeValue"u8):
                    if (Utf8Parser.TryParse(value, out double number, out _)) fact.Number = number;
                    break;
                case FactKind.Order when key.SequenceEqual("coupon"u8): Mark(ref fact, Marks.First, StartsWith(value, "sale"u8)); break;
                case FactKind.Form when key.SequenceEqual("form"u8):
                    Mark(ref fact, Marks.First, Ascii.EqualsIgnoreCase(value, "demo"u8) || Ascii.EqualsIgnoreCase(value, "contact-sales"u8));
                    break;
                case FactKind.Traits when key.SequenceEqual("country"u8):
                    fact.Marks |= Marks.First;
                    Mark(ref fact, Marks.Second, Ascii.EqualsIgnoreCase(value, "de"u8) || Ascii.EqualsIgnoreCase(value, "at"u8) || Ascii.EqualsIgnoreCase(value, "ch"u8));
                    break;
                case FactKind.Traits when key.SequenceEqual("tier"u8):
                    fact.Marks |= Marks.Third;
                    Mark(ref fact, Marks.Fourth, Ascii.EqualsIgnoreCase(value, "enterprise"u8));
                    break;
            }
        }
    }

    static void Mark(ref Fact fact, Marks mark, bool isSet)
    {
        if (isSet) fact.Marks |= mark;
    }

    /// <summary>Products are named SKU-0000 to SKU-9999 in the workload, in either case.</summary>
    int ProductOf(ReadOnlySpan<byte> sku)
    {
        if (!Utf8Parser.TryParse(sku[4..], out int number, out _)) return 0;
        if (!products.TryGetValue(number, out int known)) products.Add(number, known = products.Count + 1);
        return known;
    }

    static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> head) => text.Length >= head.Length && Ascii.EqualsIgnoreCase(text[..head.Length], head);

    static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        for (int i = 0; i + part.Length <= text.Length; i++)
        {
            if ((text[i] | 0x20) == part[0] && Ascii.EqualsIgnoreCase(text.Slice(i, part.Length), part)) return true;
        }
        return false;
    }
}
