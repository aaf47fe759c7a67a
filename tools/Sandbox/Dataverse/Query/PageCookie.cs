using System;
using System.Globalization;
using System.Linq;
using System.Xml;
using System.Xml.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;

namespace CrmBehavior.Sandbox.Dataverse.Query;

/// <summary>
/// The mark in <c>$skiptoken</c> and in the paging cookie of FetchXML: which page comes next, where the last one ended, and for change
/// tracking the version the whole answer is of. Opaque to callers, in the platform's outer form.
/// </summary>
internal sealed record PageCookie(int NextPage, Guid LastId, string Token, long? TrackedVersion)
{
    /// <summary><c>&lt;cookie pagenumber="2" pagingcookie="…encoded twice…" istracking="False" /&gt;</c>.</summary>
    public string ToText() =>
        $"<cookie pagenumber=\"{Number(NextPage)}\" pagingcookie=\"{Uri.EscapeDataString(Uri.EscapeDataString(Inner()))}\" istracking=\"{(TrackedVersion is null ? "False" : "True")}\" />";

    /// <summary>Reads <see cref="ToText"/>, or the inner cookie as FetchXML carries it.</summary>
    public static PageCookie Parse(string text)
    {
        try
        {
            XElement outer = XElement.Parse(text);
            string? encoded = outer.Attribute("pagingcookie")?.Value;
            XElement inner = encoded is null ? outer : XElement.Parse(Uri.UnescapeDataString(Uri.UnescapeDataString(encoded)));
            XElement last = inner.Elements().First();
            int page = int.Parse(inner.Attribute("page")!.Value, CultureInfo.InvariantCulture);
            string? version = inner.Attribute("version")?.Value;
            return new PageCookie(
                page + 1, Guid.Parse(last.Attribute("last")!.Value), inner.Attribute("order")?.Value ?? "", version is null ? null
                    : long.Parse(version, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is XmlException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new DataverseException(400, "0x80041129", "Malformed XML in the Paging Cookie.", e);
        }
    }

    string Inner() => new XElement("cookie",
        new XAttribute("page", Number(NextPage - 1)),
        new XAttribute("order", Token),
        TrackedVersion is { } version ? new XAttribute("version", version.ToString(CultureInfo.InvariantCulture)) : null,
        new XElement("id", new XAttribute("last", LastId.ToString("B").ToUpperInvariant()))).ToString(SaveOptions.DisableFormatting);

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
