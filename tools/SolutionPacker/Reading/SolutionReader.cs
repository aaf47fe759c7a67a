using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>Reads a solution zip, packed here or exported by the platform.</summary>
public static class SolutionReader
{
    /// <summary>What the zip holds. Tables are completed with what the platform adds to them at import.</summary>
    /// <param name="zip">The bytes of the zip.</param>
    /// <exception cref="SolutionFormatException">The zip cannot be read; the message names the file and the place.</exception>
    public static Solution Read(ReadOnlyMemory<byte> zip) => Read(SolutionFiles.FromZip(zip));

    internal static Solution Read(SolutionFiles files)
    {
        XElement manifest = ManifestReader.Manifest(files);
        List<PluginAssembly> assemblies = files.Section("SolutionPluginAssemblies").Select(a => PluginReader.Assembly(files, a)).ToList();
        return new Solution
        {
            UniqueName = manifest.Required("UniqueName"),
            Label = manifest.Label("LocalizedNames"),
            Version = ManifestReader.Version(manifest),
            Managed = manifest.Flag("Managed"),
            Publisher = ManifestReader.Publisher(manifest),
            RootComponents = manifest.Element("RootComponents")?.Elements().Select(ManifestReader.Component).ToList() ?? [],
            MissingDependencies = ManifestReader.Missing(manifest),
            Schema = SchemaReader.Read(files),
            Views = ViewReader.Views(files).ToList(),
            Forms = ViewReader.Forms(files).ToList(),
            Charts = ViewReader.Charts(files).ToList(),
            Dashboards = ViewReader.Dashboards(files).ToList(),
            Roles = files.Section("Roles").Select(Role).ToList(),
            WebResources = files.Section("WebResources").Select(w => WebResource(files, w)).ToList(),
            PluginAssemblies = assemblies,
            Steps = files.Section("SdkMessageProcessingSteps").Select(PluginReader.Step).ToList(),
            ServiceEndpoints = files.Section("ServiceEndpoints").Select(PluginReader.Endpoint).ToList(),
            SiteMaps = ViewReader.SiteMaps(files).ToList(),
            AppModules = ViewReader.Apps(files).ToList(),
            EnvironmentVariables = SettingsReader.Variables(files).ToList(),
            CustomApis = SettingsReader.Apis(files, assemblies).ToList(),
        };
    }

    static Role Role(XElement role) => new()
    {
        Id = role.RequiredGuidAttribute("id"),
        Name = role.RequiredAttribute("name"),
        Privileges = role.Element("RolePrivileges")?.Elements("RolePrivilege").Select(p => new RolePrivilege
        {
            Name = p.RequiredAttribute("name"),
            Depth = Enum.TryParse(p.RequiredAttribute("level"), out PrivilegeDepth depth)
                ? depth
                : throw new SolutionFormatException(SourcePlace.Of(p), $"'{p.RequiredAttribute("level")}' is no level; write Basic, Local, Deep or Global."),
        }).ToList() ?? [],
    };

    static WebResource WebResource(SolutionFiles files, XElement resource)
    {
        string file = resource.Required("FileName").TrimStart('/');
        return new WebResource
        {
            Id = resource.RequiredGuid("WebResourceId"),
            Name = resource.Required("Name"),
            Label = resource.Text("DisplayName") ?? "",
            Type = resource.RequiredInt("WebResourceType"),
            FileName = file,
            Content = files.Contents.TryGetValue(file, out ReadOnlyMemory<byte> content)
                ? content
                : throw new SolutionFormatException(SourcePlace.Of(resource), $"names the file {file}, which is not in the zip."),
        };
    }
}
