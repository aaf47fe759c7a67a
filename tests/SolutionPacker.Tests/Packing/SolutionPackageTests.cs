using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Packing;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Packing;

public sealed class SolutionPackageTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Packing_twice_gives_the_same_bytes_as_the_build(bool managed)
    {
        byte[] built = Repository.BuiltZip(managed);

        Pack(Repository.Sources, managed).ShouldBe(built);
        Pack(Repository.Sources, managed).ShouldBe(built);
    }

    [Fact]
    public void Packing_a_copy_with_other_file_times_under_another_culture_gives_the_same_bytes()
    {
        using var copy = new SolutionCopy();
        foreach (string file in Directory.EnumerateFiles(copy.Folder, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        }
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            Pack(copy.Folder, managed: true).ShouldBe(Repository.BuiltZip(managed: true));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Managed_and_unmanaged_differ_in_the_manifest_alone()
    {
        Dictionary<string, byte[]> managed = Unzip(Repository.BuiltZip(managed: true));
        Dictionary<string, byte[]> unmanaged = Unzip(Repository.BuiltZip(managed: false));

        managed.Keys.ShouldBe(unmanaged.Keys);
        managed.Keys.Where(k => !managed[k].AsSpan().SequenceEqual(unmanaged[k])).ShouldBe(["solution.xml"]);
        Encoding.UTF8.GetString(managed["solution.xml"]).Replace("<Managed>1<", "<Managed>0<", StringComparison.Ordinal)
            .ShouldBe(Encoding.UTF8.GetString(unmanaged["solution.xml"]));
    }

    [Fact]
    public void A_zip_has_the_three_root_files_and_the_components_with_files_of_their_own()
    {
        string[] names = [.. Unzip(Repository.BuiltZip(managed: true)).Keys];

        names.ShouldBe(names.Order(StringComparer.Ordinal));
        names.ShouldContain("[Content_Types].xml");
        names.ShouldContain("solution.xml");
        names.ShouldContain("customizations.xml");
        names.ShouldContain("customapis/crmb_Publish/customapi.xml");
        names.ShouldContain("environmentvariabledefinitions/crmb_ServiceUrl/environmentvariabledefinition.xml");
        names
            .Where(n => n.StartsWith("PluginAssemblies/", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldEndWith("/CrmBehavior.Plugins.dll");
        names.ShouldContain(n => n.StartsWith("WebResources/crmb_starthtml", StringComparison.Ordinal) && !n.Contains(".html", StringComparison.Ordinal));
        names.ShouldAllBe(n => !n.Contains('\\', StringComparison.Ordinal));
    }

    [Fact]
    public void The_version_given_is_the_version_packed()
        => Reading.SolutionReaderTests.Read(SolutionPackage.Pack(Repository.Sources, Repository.PluginDll, new Version(1, 2, 3, 0), managed: true)).Version
            .ShouldBe(new Version(1, 2, 3, 0));

    [Theory]
    [InlineData("1.0.0", "1.0.0.0")]
    [InlineData("2.5", "2.5.0.0")]
    [InlineData("1.2.3.4", "1.2.3.4")]
    public void A_version_of_two_to_four_numbers_gets_four_parts(string text, string version)
        => SolutionPackage.ParseVersion(text).ToString(4).ShouldBe(version);

    [Theory]
    [InlineData("1")]
    [InlineData("1.0.0-beta")]
    [InlineData("1.0.0.0.0")]
    [InlineData("")]
    public void A_version_of_another_form_is_refused(string text)
        => Should.Throw<FormatException>(() => SolutionPackage.ParseVersion(text)).Message.ShouldContain("such as 1.0.0");

    [Fact]
    public void A_file_that_no_component_takes_is_refused()
    {
        using var copy = new SolutionCopy();
        copy.Write("Workflows/Flow.json", "{}");

        Refusal(copy).Message.ShouldStartWith("Workflows/Flow.json(0,0): belongs to no component");
    }

    [Fact]
    public void Broken_xml_is_refused_with_its_line()
    {
        using var copy = new SolutionCopy();
        copy.Replace("ServiceEndpoints/crmb_events.xml", "</Contract>", "</Kontract>");

        SolutionFormatException refusal = Refusal(copy);
        refusal.Place.File.ShouldBe("ServiceEndpoints/crmb_events.xml");
        refusal.Place.Line.ShouldBe(copy.LineOf("ServiceEndpoints/crmb_events.xml", "</Kontract>"));
    }

    [Fact]
    public void A_relationship_that_the_list_does_not_name_is_refused()
    {
        using var copy = new SolutionCopy();
        copy.Replace("Other/Relationships.xml", "<EntityRelationship Name=\"crmb_contact_tag\" />", "");

        Refusal(copy).Message.ShouldContain("crmb_contact_tag is not listed in Other/Relationships.xml");
    }

    [Fact]
    public void A_listed_relationship_that_no_file_defines_is_refused()
    {
        using var copy = new SolutionCopy();
        copy.Delete("Other/Relationships/ActivityPointer.xml");

        Refusal(copy).Message.ShouldContain("activity_pointer_crmb_touchpoint, which no file");
    }

    [Fact]
    public void A_plugin_that_is_not_built_is_refused()
    {
        Should.Throw<SolutionFormatException>(() => SolutionPackage.Pack(Repository.Sources, null, Repository.Version, managed: true))
            .Message.ShouldContain("build the plugin first");
        const string unbuilt = "nowhere/CrmBehavior.Plugins.dll";
        Should.Throw<SolutionFormatException>(() => SolutionPackage.Pack(Repository.Sources, unbuilt, Repository.Version, managed: true))
            .Message.ShouldContain("is not at nowhere");
    }

    [Fact]
    public void Another_dll_than_the_named_one_is_refused()
        => Should.Throw<SolutionFormatException>(
            () => SolutionPackage.Pack(Repository.Sources, typeof(SolutionPackageTests).Assembly.Location, Repository.Version, managed: true))
            .Message.ShouldContain("names CrmBehavior.Plugins.dll");

    [Fact]
    public void A_folder_that_is_not_there_is_refused()
        => Should.Throw<SolutionFormatException>(() => SolutionPackage.Pack("nowhere", null, Repository.Version, managed: true))
            .Message.ShouldContain("is no folder");

    static SolutionFormatException Refusal(SolutionCopy copy) => Should.Throw<SolutionFormatException>(() => Pack(copy.Folder, managed: true));

    static byte[] Pack(string folder, bool managed) => SolutionPackage.Pack(folder, Repository.PluginDll, Repository.Version, managed);

    static Dictionary<string, byte[]> Unzip(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
        return archive.Entries.ToDictionary(e => e.FullName, e =>
        {
            e.LastWriteTime.DateTime.ShouldBe(new DateTime(1980, 1, 1));
            using Stream stream = e.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        });
    }
}
