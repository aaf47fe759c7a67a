using System.Collections.Generic;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace CrmBehavior.SolutionPacker.Files;

/// <summary>A place in a source file, or in a file of a zip.</summary>
/// <param name="File">Path of the file relative to the solution's folder, or the entry of the zip.</param>
/// <param name="Line">Line, from 1; 0 when the file as a whole is meant.</param>
/// <param name="Column">Column, from 1; 0 when the file as a whole is meant.</param>
/// <param name="Path">Names of the elements down to the place, with what tells them apart: <c>Role[X Sales]/RolePrivileges</c>.</param>
public sealed record SourcePlace(string File, int Line, int Column, string Path)
{
    static readonly string[] NamingAttributes =
        ["Name", "name", "id", "Id", "schemaName", "uniquename", "schemaname", "PhysicalName", "SdkMessageProcessingStepId"];

    static readonly string[] NamingElements = ["UniqueName", "SiteMapUniqueName", "savedqueryid", "formid", "savedqueryvisualizationid", "FormId", "Name"];

    /// <summary>A file as a whole.</summary>
    public static SourcePlace Whole(string file) => new(file, 0, 0, "");

    /// <summary>Where a node of a loaded document stands.</summary>
    internal static SourcePlace Of(XObject node)
    {
        var line = (IXmlLineInfo)node;
        return new SourcePlace(FileOf(node), line.LineNumber, line.LinePosition, PathOf(node));
    }

    /// <summary>Marks an element as the root of a file, so that places below it name the file also after it moved into another document.</summary>
    internal static void Mark(XElement root, string file) => root.AddAnnotation(new Origin(file));

    static string FileOf(XObject node)
    {
        for (XElement? e = node as XElement ?? node.Parent; e is not null; e = e.Parent)
        {
            if (e.Annotation<Origin>() is { } origin) return origin.File;
        }
        return "";
    }

    static string PathOf(XObject node)
    {
        var names = new Stack<string>();
        if (node is XAttribute attribute) names.Push("@" + attribute.Name.LocalName);
        for (XElement? e = node as XElement ?? node.Parent; e is not null; e = e.Parent)
        {
            names.Push(e.Name.LocalName + Distinction(e));
            if (e.Annotation<Origin>() is not null) break;
        }
        return string.Join('/', names);
    }

    static string Distinction(XElement e)
    {
        string? name = NamingAttributes.Select(n => e.Attribute(n)?.Value).FirstOrDefault(v => !string.IsNullOrEmpty(v))
            ?? NamingElements.Select(n => e.Element(n)?.Value).FirstOrDefault(v => !string.IsNullOrEmpty(v));
        return name is null ? "" : "[" + name + "]";
    }

    sealed record Origin(string File);
}
