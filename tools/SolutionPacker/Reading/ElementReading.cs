using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>Reads values out of elements; what is missing or malformed is named with its place.</summary>
static class ElementReading
{
    /// <summary>Text of a child, or null when it is missing or empty.</summary>
    internal static string? Text(this XElement e, string child)
        => e.Element(child)?.Value.Trim() is { Length: > 0 } text ? text : null;

    internal static string Required(this XElement e, string child)
        => Text(e, child) ?? throw new SolutionFormatException(SourcePlace.Of(e), $"needs an element {child}.");

    internal static string RequiredAttribute(this XElement e, string name)
        => e.Attribute(name)?.Value is { Length: > 0 } text ? text : throw new SolutionFormatException(SourcePlace.Of(e), $"needs an attribute {name}.");

    internal static XElement RequiredElement(this XElement e, string child)
        => e.Element(child) ?? throw new SolutionFormatException(SourcePlace.Of(e), $"needs an element {child}.");

    internal static bool Flag(this XElement e, string child) => Text(e, child) is "1" or "true" or "True";

    internal static int? Int(this XElement e, string child) => Text(e, child) is { } text ? ParseInt(e.Element(child)!, text) : null;

    internal static int RequiredInt(this XElement e, string child) => ParseInt(e.RequiredElement(child), Required(e, child));

    internal static int RequiredIntAttribute(this XElement e, string name) => ParseInt(e.Attribute(name) ?? (XObject)e, RequiredAttribute(e, name));

    internal static int? IntAttribute(this XElement e, string name) => e.Attribute(name) is { } a ? ParseInt(a, a.Value) : null;

    internal static decimal? Number(this XElement e, string child)
        => Text(e, child) is not { } text ? null
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number
            : throw new SolutionFormatException(SourcePlace.Of(e.Element(child)!), $"'{text}' is no number.");

    internal static Guid RequiredGuid(this XElement e, string child) => ParseGuid(e.RequiredElement(child), Required(e, child));

    internal static Guid? Guid(this XElement e, string child) => Text(e, child) is { } text ? ParseGuid(e.Element(child)!, text) : null;

    internal static Guid RequiredGuidAttribute(this XElement e, string name) => ParseGuid(e.Attribute(name) ?? (XObject)e, RequiredAttribute(e, name));

    internal static Guid? GuidAttribute(this XElement e, string name) => e.Attribute(name) is { } a ? ParseGuid(a, a.Value) : null;

    /// <summary>The English text under a list of labels, such as <c>LocalizedNames/LocalizedName</c>; empty when there is none.</summary>
    internal static string Label(this XElement e, string list)
    {
        List<XElement> labels = e.Element(list)?.Elements().ToList() ?? [];
        XElement? english = labels.FirstOrDefault(l => l.Attribute("languagecode")?.Value == "1033") ?? labels.FirstOrDefault();
        return english?.Attribute("description")?.Value ?? "";
    }

    /// <summary>The column names of a comma-separated list; none when the child is missing.</summary>
    internal static IReadOnlyList<string> Names(this XElement e, string child)
        => Text(e, child)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    static int ParseInt(XObject at, string text)
        => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number : throw new SolutionFormatException(SourcePlace.Of(at), $"'{text}' is no whole number.");

    static Guid ParseGuid(XObject at, string text)
        => System.Guid.TryParse(text, out Guid id) ? id : throw new SolutionFormatException(SourcePlace.Of(at), $"'{text}' is no GUID.");
}
