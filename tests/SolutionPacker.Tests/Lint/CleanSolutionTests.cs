using CrmBehavior.SolutionPacker.Linting;
using CrmBehavior.SolutionPacker.Packing;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Lint;

public sealed class CleanSolutionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_built_zip_has_no_findings(bool managed) => SolutionLint.Check(Repository.BuiltZip(managed)).ShouldBeEmpty();

    [Fact]
    public void The_sources_have_no_findings()
        => SolutionLint.CheckSources(Repository.Sources, Repository.PluginDll, Repository.Version).ShouldBeEmpty();

    [Fact]
    public void A_fault_in_a_zip_is_named_by_the_file_in_the_zip()
    {
        using var solution = new SolutionCopy();
        solution.Replace("Roles/CrmBehavior Marketer.xml", "prvReadContact", "prvReadKontact");

        byte[] zip = SolutionPackage.Pack(solution.Folder, Repository.PluginDll, Repository.Version, managed: true);

        Finding finding = SolutionLint.Check(zip).ShouldHaveSingleItem();
        finding.Place.File.ShouldBe("customizations.xml");
        finding.Place.Line.ShouldBeGreaterThan(1);
        finding.Place.Path.ShouldContain("Role[CrmBehavior Marketer]/RolePrivileges/RolePrivilege[prvReadKontact]");
    }
}
