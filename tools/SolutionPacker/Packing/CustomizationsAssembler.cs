using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;

namespace CrmBehavior.SolutionPacker.Packing;

/// <summary>Puts the component files together into customizations.xml, in the order that the platform's schema demands.</summary>
static class CustomizationsAssembler
{
    // Section of customizations.xml, folder of its components, and how their files end.
    static readonly (string Section, string Folder, string Ending)[] Components =
    [
        ("Roles", "Roles/", ".xml"),
        ("optionsets", "OptionSets/", ".xml"),
        ("Dashboards", "Dashboards/", ".xml"),
        ("WebResources", "WebResources/", ".data.xml"),
        ("SolutionPluginAssemblies", "PluginAssemblies/", ".data.xml"),
        ("SdkMessageProcessingSteps", "SdkMessageProcessingSteps/", ".xml"),
        ("ServiceEndpoints", "ServiceEndpoints/", ".xml"),
        ("AppModuleSiteMaps", "AppModuleSiteMaps/", "/AppModuleSiteMap.xml"),
        ("AppModules", "AppModules/", "/AppModule.xml"),
    ];

    /// <summary>The whole document, from the skeleton <c>Other/Customizations.xml</c>.</summary>
    internal static XDocument Assemble(SourceFolder source)
    {
        XDocument document = source.Load("Other/Customizations.xml");
        foreach (string file in source.Under("Entities/", "/Entity.xml")) Section(document, "Entities").Add(EntityAssembler.Assemble(source, file));
        foreach ((string section, string folder, string ending) in Components)
        {
            foreach (string file in source.Under(folder, ending)) Section(document, section).Add(Root(source, file));
        }
        AddRelationships(source, document);
        return document;
    }

    /// <summary>The root of a file, taken out of its document so that it can move into another.</summary>
    internal static XElement Root(SourceFolder source, string file)
    {
        XElement root = source.Load(file).Root!;
        root.Remove();
        foreach (XAttribute declaration in root.Attributes().Where(a => a.IsNamespaceDeclaration).ToList()) declaration.Remove();
        return root;
    }

    /// <summary>The children of a file's root, each marked with the file, taken out of their document.</summary>
    internal static List<XElement> Children(SourceFolder source, string file)
    {
        List<XElement> children = source.Load(file).Root!.Elements().ToList();
        foreach (XElement child in children)
        {
            child.Remove();
            SourcePlace.Mark(child, file);
        }
        return children;
    }

    static void AddRelationships(SourceFolder source, XDocument document)
    {
        List<XElement> relationships = source.Under("Other/Relationships/", ".xml").SelectMany(f => Children(source, f)).ToList();
        XElement section = Section(document, "EntityRelationships");
        section.Add(relationships);
        if (relationships.Count == 0 && !source.Has("Other/Relationships.xml")) return;

        XElement list = source.Load("Other/Relationships.xml").Root!;
        var listed = list.Elements().Select(e => (string?)e.Attribute("Name")).ToHashSet();
        var defined = relationships.Select(e => (string?)e.Attribute("Name")).ToHashSet();
        foreach (XElement e in list.Elements().Where(e => !defined.Contains((string?)e.Attribute("Name"))))
        {
            throw new SolutionFormatException(
                SourcePlace.Of(e), $"lists the relationship {(string?)e.Attribute("Name")}, which no file in Other/Relationships defines.");
        }
        foreach (XElement e in relationships.Where(e => !listed.Contains((string?)e.Attribute("Name"))))
        {
            throw new SolutionFormatException(
                SourcePlace.Of(e), $"the relationship {(string?)e.Attribute("Name")} is not listed in Other/Relationships.xml; add it there.");
        }
    }

    static XElement Section(XDocument document, string name)
        => document.Root!.Element(name)
            ?? throw new SolutionFormatException(
                SourcePlace.Of(document.Root!), $"has no element {name}, but there are files for it; add <{name} /> in its place.");
}
