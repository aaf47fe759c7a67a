using System;
using System.IO;
using System.Linq;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Packing;

public sealed class SolutionBuildTests
{
    [Fact]
    public void A_clean_folder_gives_both_zips_of_each_solution()
    {
        using var copy = new SolutionCopy();
        string second = Path.Combine(Path.GetDirectoryName(copy.Folder)!, "Second");
        CopyWithoutPlugins(copy, second);
        string output = Path.Combine(copy.Folder, "..", "out");
        var messages = new StringWriter();

        SolutionBuild.Run(Path.GetDirectoryName(copy.Folder)!, Repository.PluginDll, Repository.Version, output, messages).ShouldBeTrue(messages.ToString());

        Directory.EnumerateFiles(output).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["CrmBehavior.zip", "CrmBehavior_managed.zip", "Second.zip", "Second_managed.zip"]);
        File.ReadAllBytes(Path.Combine(output, "CrmBehavior_managed.zip")).ShouldBe(Repository.BuiltZip(managed: true));
    }

    [Fact]
    public void A_fault_writes_nothing_and_prints_the_path_and_place()
    {
        using var copy = new SolutionCopy();
        copy.Replace("Roles/CrmBehavior Marketer.xml", "prvReadContact", "prvReadKontact");
        string output = Path.Combine(copy.Folder, "..", "out");
        var messages = new StringWriter();

        SolutionBuild.Run(Path.GetDirectoryName(copy.Folder)!, Repository.PluginDll, Repository.Version, output, messages).ShouldBeFalse();

        Directory.EnumerateFiles(output).ShouldBeEmpty();
        string line = messages.ToString().Trim();
        line.ShouldStartWith(Path.Combine(copy.Folder, "Roles/CrmBehavior Marketer.xml") + "(");
        line.ShouldContain("): error unknown-privilege: ");
    }

    [Fact]
    public void An_unchanged_zip_is_not_written_again()
    {
        using var copy = new SolutionCopy();
        string output = Path.Combine(copy.Folder, "..", "out");
        string zip = Path.Combine(output, "CrmBehavior.zip");
        SolutionBuild.Run(Path.GetDirectoryName(copy.Folder)!, Repository.PluginDll, Repository.Version, output, TextWriter.Null).ShouldBeTrue();
        var time = new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(zip, time);

        SolutionBuild.Run(Path.GetDirectoryName(copy.Folder)!, Repository.PluginDll, Repository.Version, output, TextWriter.Null).ShouldBeTrue();
        File.GetLastWriteTimeUtc(zip).ShouldBe(time);

        SolutionBuild.Run(Path.GetDirectoryName(copy.Folder)!, Repository.PluginDll, new Version(1, 0, 1, 0), output, TextWriter.Null).ShouldBeTrue();
        File.GetLastWriteTimeUtc(zip).ShouldBeGreaterThan(time);
    }

    [Fact]
    public void A_folder_without_solutions_is_an_error()
    {
        var messages = new StringWriter();

        SolutionBuild.Run(AppContext.BaseDirectory, null, Repository.Version, "nowhere", messages).ShouldBeFalse();
        messages.ToString().ShouldContain("error no-solution");
    }

    [Theory]
    [InlineData("--solutions", "x")]
    [InlineData("--what", "x")]
    [InlineData("--version", "1.0.0", "--out")]
    [InlineData("--solutions", "x", "--out", "y", "--version", "one")]
    public void The_program_refuses_wrong_arguments(params string[] args)
        => typeof(SolutionBuild).Assembly.EntryPoint!.Invoke(null, [args]).ShouldBe(2);

    // A second solution of another name with the tables alone, as far as they need no plugin.
    static void CopyWithoutPlugins(SolutionCopy from, string to)
    {
        Directory.CreateDirectory(Path.Combine(to, "Other"));
        string manifest = from.Read("Other/Solution.xml");
        int start = manifest.IndexOf("<RootComponents>", StringComparison.Ordinal);
        int end = manifest.IndexOf("</RootComponents>", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(to, "Other/Solution.xml"), manifest[..start] + "<RootComponents>" + manifest[end..]);
        File.WriteAllText(Path.Combine(to, "Other/Customizations.xml"), from.Read("Other/Customizations.xml"));
    }
}
