using System;
using System.Linq;
using CrmBehavior.SolutionPacker.Solutions;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Reading;

public sealed class RoleTests
{
    static readonly Solution Packed = SolutionReaderTests.Read(Repository.BuiltZip(managed: true));

    static readonly string[] Forbidden = ["prvDelete", "prvShare", "SdkMessageProcessing", "Plugin", "Role", "Customization", "Workflow"];

    [Fact]
    public void There_is_a_role_for_each_kind_of_user()
        => Packed.Roles.Select(r => r.Name).ShouldBe(
            ["CrmBehavior Administrator", "CrmBehavior Marketer", "CrmBehavior Salesperson", "CrmBehavior Service Account"], ignoreOrder: true);

    [Fact]
    public void The_service_deletes_shares_and_customises_nothing()
        => Names("CrmBehavior Service Account")
            .Where(n => Forbidden.Any(f => n.Contains(f, StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void Only_who_writes_definitions_may_change_them()
    {
        Names("CrmBehavior Marketer").ShouldContain("prvWritecrmb_definition");
        Names("CrmBehavior Salesperson").ShouldNotContain("prvWritecrmb_definition");
        Names("CrmBehavior Salesperson").ShouldContain("prvReadcrmb_definition");
    }

    [Fact]
    public void A_consent_is_added_and_never_changed_but_by_the_administrator()
    {
        foreach (Role role in Packed.Roles.Where(r => r.Name != "CrmBehavior Administrator"))
        {
            Names(role.Name).ShouldContain("prvCreatecrmb_consent");
            Names(role.Name).ShouldNotContain("prvWritecrmb_consent");
            Names(role.Name).ShouldNotContain("prvDeletecrmb_consent");
        }
    }

    static string[] Names(string role) => [.. Packed.Roles.Single(r => r.Name == role).Privileges.Select(p => p.Name)];
}
