using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Shouldly;
using Xunit;

namespace CrmBehavior.Standards.Tests;

/// <summary>Dependencies point inwards.</summary>
public sealed class DependencyTests
{
    /// <summary>Which project of the service may refer to which.</summary>
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["CrmBehavior.Contracts"] = [],
        ["CrmBehavior.Engine"] = [],
        ["CrmBehavior.Definitions"] = ["CrmBehavior.Engine"],
        ["CrmBehavior.Pipeline"] = ["CrmBehavior.Contracts", "CrmBehavior.Definitions", "CrmBehavior.Engine"],
        ["CrmBehavior.Storage"] = ["CrmBehavior.Contracts", "CrmBehavior.Pipeline"],
        ["CrmBehavior.Dataverse"] = ["CrmBehavior.Contracts", "CrmBehavior.Pipeline"],
        ["CrmBehavior.Mail"] = ["CrmBehavior.Contracts", "CrmBehavior.Pipeline"],
        ["CrmBehavior.Webhooks"] = ["CrmBehavior.Pipeline"],
        ["CrmBehavior.Service"] =
        [
            "CrmBehavior.Contracts", "CrmBehavior.Dataverse", "CrmBehavior.Definitions", "CrmBehavior.Engine", "CrmBehavior.Mail", "CrmBehavior.Pipeline", "CrmBehavior.Storage", "CrmBehavior.Webhooks",
        ],
    };

    public static TheoryData<string> ServiceProjects() => [.. Checkout.Projects.Where(p => p.StartsWith("service/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(ServiceProjects))]
    public void A_project_of_the_service_refers_only_inwards(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        Allowed.ShouldContainKey(name);

        Checkout.References(project).Except(Allowed[name]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("service/CrmBehavior.Engine/CrmBehavior.Engine.csproj")]
    [InlineData("service/CrmBehavior.Contracts/CrmBehavior.Contracts.csproj")]
    public void What_everything_rests_on_needs_no_package(string project) => Checkout.Named(project, "PackageReference").ShouldBeEmpty();

    [Fact]
    public void Nothing_but_tests_refers_to_the_sandbox() =>
        Checkout.Projects.Where(p => !p.StartsWith("tests/", StringComparison.Ordinal) && Checkout.References(p).Contains("Sandbox")).ShouldBeEmpty();

    [Fact]
    public void The_sandbox_and_the_service_know_each_other_by_their_wires_only() =>
        Checkout.References("tools/Sandbox/Sandbox.csproj").Where(r => r is "CrmBehavior.Service" or "CrmBehavior.Pipeline" or "CrmBehavior.Engine" or "CrmBehavior.Storage").ShouldBeEmpty();

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = Checkout.Read("CrmBehavior.sln").Replace('\\', '/');

        Checkout.Projects.Where(p => !solution.Contains(p, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_project_has_its_versions_locked()
    {
        // The solution's project compiles nothing and restores nothing.
        Checkout.Projects.Where(p => p != "solution/CrmBehavior.Solution.csproj").Where(p => !Checkout.Files.Contains(Path.GetDirectoryName(p)!.Replace('\\', '/') + "/packages.lock.json")).ShouldBeEmpty();
        Checkout.Projects.Where(p => Checkout.Read(p).Contains(" Version=\"", StringComparison.Ordinal) && Checkout.Named(p, "PackageReference").Count > 0).ShouldBeEmpty();
    }
}
