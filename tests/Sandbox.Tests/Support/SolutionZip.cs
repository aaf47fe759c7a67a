using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Xml.Linq;
using CrmBehavior.Sandbox.Hosting;
using Shouldly;

namespace CrmBehavior.Sandbox.Tests.Support;

/// <summary>A solution zip that a test changes before it is imported.</summary>
internal sealed class SolutionZip
{
    readonly SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);

    SolutionZip(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using Stream stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            files[entry.FullName] = content.ToArray();
        }
        Manifest = XDocument.Parse(Text("solution.xml"));
        Customizations = XDocument.Parse(Text("customizations.xml"));
    }

    public XDocument Manifest { get; }

    public XDocument Customizations { get; }

    public XElement Solution => Manifest.Root!.Element("SolutionManifest")!;

    public static byte[] Built => File.ReadAllBytes(BuiltSolution.Find().ShouldNotBeNull("The solution must be built first: dotnet build solution."));

    /// <summary>The product's solution as it is built.</summary>
    public static SolutionZip OfProduct(string? version = null)
    {
        var zip = new SolutionZip(Built);
        if (version is not null) zip.Solution.Element("Version")!.Value = version;
        return zip;
    }

    /// <summary>A solution of somebody else's, without components.</summary>
    public static SolutionZip Empty(string name, string version = "1.0.0.0")
    {
        SolutionZip zip = OfProduct(version);
        zip.Solution.Element("UniqueName")!.Value = name;
        XElement publisher = zip.Solution.Element("Publisher")!;
        publisher.Element("UniqueName")!.Value = "Other";
        publisher.Element("CustomizationPrefix")!.Value = "oth";
        publisher.Element("CustomizationOptionValuePrefix")!.Value = "20000";
        zip.Solution.Element("RootComponents")!.RemoveNodes();
        foreach (XElement section in zip.Customizations.Root!.Elements().Where(s => s.Name.LocalName != "Languages")) section.RemoveNodes();
        foreach (string file in zip.files.Keys.Where(f => f is not ("solution.xml" or "customizations.xml" or "[Content_Types].xml")).ToList())
            zip.files.Remove(file);
        zip.Put("[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"dll\" ContentType=\"application/octet-stream\" /><Default Extension=\"xml\" ContentType=\"application/octet-stream\" /></Types>");
        return zip;
    }

    public XElement Section(string name) => Customizations.Root!.Element(name)!;

    /// <summary>The element of a table.</summary>
    public XElement Table(string schemaName) =>
        Section("Entities").Elements().Single(e => string.Equals(e.Element("Name")!.Value, schemaName, StringComparison.OrdinalIgnoreCase));

    /// <summary>A column of a table.</summary>
    public XElement Column(string table, string name) =>
        Table(table).Descendants("attribute").Single(a => a.Element("LogicalName")?.Value == name);

    /// <summary>Adds a column that is like another one but for its name.</summary>
    public XElement AddColumn(string table, string like, string name)
    {
        XElement column = Column(table, like);
        var copy = new XElement(column);
        copy.SetAttributeValue("PhysicalName", name);
        foreach (string element in (string[])["Name", "LogicalName"]) copy.Element(element)!.Value = name;
        column.AddAfterSelf(copy);
        return copy;
    }

    public void AddRoot(int type, string? schemaName, Guid? id = null, int behavior = 0)
    {
        var root = new XElement("RootComponent", new XAttribute("type", type));
        if (id is { } given) root.Add(new XAttribute("id", given.ToString("B")));
        if (schemaName is not null) root.Add(new XAttribute("schemaName", schemaName));
        root.Add(new XAttribute("behavior", behavior));
        Solution.Element("RootComponents")!.Add(root);
    }

    /// <summary>Says that the solution needs a component of another.</summary>
    public void Need(int type, string schemaName, string solution) => Solution.Element("MissingDependencies")!.Add(new XElement("MissingDependency",
        new XElement("Required", new XAttribute("key", 1), new XAttribute("type", type), new XAttribute("schemaName", schemaName),
            new XAttribute("displayName", schemaName), new XAttribute("solution", solution)),
        new XElement("Dependent", new XAttribute("key", 2), new XAttribute("type", 1), new XAttribute("schemaName", schemaName))));

    public void Put(string file, string text) => files[file] = Encoding.UTF8.GetBytes(text);

    public void Put(string file, byte[] content) => files[file] = content;

    public void Remove(string file) => files.Remove(file).ShouldBeTrue(file);

    public IEnumerable<string> Files => files.Keys;

    string Text(string file) => Encoding.UTF8.GetString(files[file]).TrimStart('\uFEFF');

    public byte[] ToBytes()
    {
        if (files.ContainsKey("solution.xml")) Put("solution.xml", Manifest.ToString());
        if (files.ContainsKey("customizations.xml")) Put("customizations.xml", Customizations.ToString());
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, byte[] content) in files)
            {
                using Stream stream = archive.CreateEntry(name).Open();
                stream.Write(content);
            }
        return buffer.ToArray();
    }
}
