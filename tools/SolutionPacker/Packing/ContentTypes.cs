using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace CrmBehavior.SolutionPacker.Packing;

/// <summary><c>[Content_Types].xml</c>: a default for each extension and an override for each file without one (OPC, ECMA-376 part 2).</summary>
static class ContentTypes
{
    const string OctetStream = "application/octet-stream";

    internal static readonly XNamespace Namespace = "http://schemas.openxmlformats.org/package/2006/content-types";

    internal static XDocument For(IEnumerable<string> entries)
    {
        List<string> names = entries.ToList();
        IEnumerable<XElement> defaults = names.Select(n => Path.GetExtension(n).TrimStart('.')).Where(e => e.Length > 0)
            .Append("xml").Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)
            .Select(e => new XElement(Namespace + "Default", new XAttribute("Extension", e), new XAttribute("ContentType", OctetStream)));
        IEnumerable<XElement> overrides = names.Where(n => Path.GetExtension(n).Length == 0).Order(StringComparer.Ordinal)
            .Select(n => new XElement(Namespace + "Override", new XAttribute("PartName", "/" + n), new XAttribute("ContentType", OctetStream)));
        return new XDocument(new XElement(Namespace + "Types", defaults, overrides));
    }
}
