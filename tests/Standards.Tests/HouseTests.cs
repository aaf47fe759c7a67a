using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace CrmBehavior.Standards.Tests;

/// <summary>A newcomer finds the room from its name, and nothing of anybody's machine lies about.</summary>
public sealed partial class HouseTests
{
    [Fact]
    public void Top_level_folders_are_those_of_the_plan() =>
        Checkout.Files.Where(f => f.Contains('/')).Select(f => f.Split('/')[0]).Distinct().Order(StringComparer.Ordinal).ShouldBe([".ci", "plugins", "service", "solution", "tests", "tools"]);

    [Fact]
    public void No_file_or_folder_is_a_drawer() =>
        Checkout.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).Where(f => Drawer().IsMatch(f)).ShouldBeEmpty();

    [Fact]
    public void Files_are_small()
    {
        (string File, int Lines)[] sizes = [.. Checkout.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).Select(f => (f, Checkout.Read(f).Count(c => c == '\n'))).OrderBy(s => s.Item2)];

        sizes[^1].Lines.ShouldBeLessThan(500, sizes[^1].File);
        sizes[sizes.Length / 2].Lines.ShouldBeLessThan(110);
        sizes[sizes.Length * 9 / 10].Lines.ShouldBeLessThan(250);
    }

    [Fact]
    public void No_file_names_a_path_or_a_registry_of_some_machine()
    {
        // Put together here, so that this file is not found itself.
        string[] forbidden = ["/" + "work/", "/" + "root/", "/" + "home/", "C:" + "\\Users", "artifactory" + ".", "/nexus" + "/repository", "_authTo" + "ken"];

        Checkout.TextFiles.Where(f => forbidden.Any(Checkout.Read(f).Contains)).ShouldBeEmpty();
        Checkout.Files.Where(f => Path.GetFileName(f).Equals("nuget.config", StringComparison.OrdinalIgnoreCase) || Path.GetFileName(f) == ".npmrc").ShouldBeEmpty();
    }

    [Fact]
    public void No_lock_file_of_npm_says_where_its_packages_were_fetched() =>
        Checkout.Files.Where(f => f.EndsWith("package-lock.json", StringComparison.Ordinal) && Checkout.Read(f).Contains("\"resolved\"", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_for_later() =>
        Checkout.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && Later().IsMatch(Checkout.Read(f))).ShouldBeEmpty();

    [GeneratedRegex(@"(Helpers?|Utils?|Utilities|Managers?|Common|Misc|Models)(/|\.cs$)")]
    private static partial Regex Drawer();

    [GeneratedRegex(@"//\s*(TO" + "DO|FIX" + "ME|HA" + "CK)|NotImplemented" + "Exception")]
    private static partial Regex Later();
}
