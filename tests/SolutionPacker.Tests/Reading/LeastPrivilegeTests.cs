using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.SolutionPacker.Solutions;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Reading;

/// <summary>
/// What each role may do with our tables, contacts and activities, to the last verb. Letters: C create, R read, W write, D delete,
/// T append to, A append, S assign, H share; in lower case within the own business unit alone.
/// </summary>
public sealed class LeastPrivilegeTests
{
    static readonly Solution Packed = SolutionReaderTests.Read(Repository.BuiltZip(managed: true));

    static readonly (string Verb, char Letter)[] Verbs =
        [("Create", 'C'), ("Read", 'R'), ("Write", 'W'), ("Delete", 'D'), ("AppendTo", 'T'), ("Append", 'A'), ("Assign", 'S'), ("Share", 'H')];

    // The platform has one set of privileges for all activities: who may write a task may write a touchpoint.
    [Theory]
    [InlineData("Marketer", "Activity", "R")]
    [InlineData("Marketer", "Contact", "RTA")]
    [InlineData("Marketer", "crmb_definition", "CRWDTA")]
    [InlineData("Marketer", "crmb_definitionversion", "CRA")]
    [InlineData("Marketer", "crmb_review", "RWA")]
    [InlineData("Marketer", "crmb_tag", "CRWTA")]
    [InlineData("Marketer", "crmb_consent", "CRA")]
    [InlineData("Marketer", "crmb_contactscore", "R")]
    [InlineData("Marketer", "crmb_statistic", "R")]
    [InlineData("Salesperson", "Activity", "cRwta")]
    [InlineData("Salesperson", "Contact", "cRwTas")]
    [InlineData("Salesperson", "crmb_definition", "R")]
    [InlineData("Salesperson", "crmb_definitionversion", "R")]
    [InlineData("Salesperson", "crmb_review", "Rwa")]
    [InlineData("Salesperson", "crmb_tag", "RTA")]
    [InlineData("Salesperson", "crmb_consent", "cRa")]
    [InlineData("Salesperson", "crmb_contactscore", "R")]
    [InlineData("Salesperson", "crmb_statistic", "")]
    [InlineData("Administrator", "Activity", "CRWDTASH")]
    [InlineData("Administrator", "Contact", "CRWDTASH")]
    [InlineData("Administrator", "crmb_definition", "CRWDTASH")]
    [InlineData("Administrator", "crmb_definitionversion", "CRTA")]
    [InlineData("Administrator", "crmb_review", "CRWDTASH")]
    [InlineData("Administrator", "crmb_tag", "CRWDTA")]
    [InlineData("Administrator", "crmb_consent", "CRWDTASH")]
    [InlineData("Administrator", "crmb_contactscore", "CRWDTASH")]
    [InlineData("Administrator", "crmb_statistic", "CRWDTA")]
    [InlineData("Service Account", "Activity", "CRWAS")]
    [InlineData("Service Account", "Contact", "CRWTAS")]
    [InlineData("Service Account", "crmb_definition", "CRWTA")]
    [InlineData("Service Account", "crmb_definitionversion", "CRA")]
    [InlineData("Service Account", "crmb_review", "CRWAS")]
    [InlineData("Service Account", "crmb_tag", "CRTA")]
    [InlineData("Service Account", "crmb_consent", "CRA")]
    [InlineData("Service Account", "crmb_contactscore", "CRWAS")]
    [InlineData("Service Account", "crmb_statistic", "CRW")]
    public void A_role_may_do_this_and_no_more(string role, string table, string letters)
        => new string([.. Verbs.Select(v => (v.Letter, Depth: DepthOf(role, $"prv{v.Verb}{table}"))).Where(v => v.Depth is not null)
            .Select(v => v.Depth == PrivilegeDepth.Global ? v.Letter : char.ToLowerInvariant(v.Letter))]).ShouldBe(letters);

    [Fact]
    public void The_matrix_knows_every_table_of_ours()
        => typeof(LeastPrivilegeTests).GetMethod(nameof(A_role_may_do_this_and_no_more))!.GetCustomAttributesData()
            .Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => (IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)
            .Select(a => (string)a[1].Value!).Where(t => t.StartsWith("crmb_", StringComparison.Ordinal)).Distinct().Order()
            .ShouldBe(Packed.Schema.Tables.Where(t => !t.IsExtension && !t.IsActivity && !t.IsIntersect).Select(t => t.LogicalName).Order());

    [Fact]
    public void The_service_reads_besides_only_what_it_needs_to_know_its_way()
        => Others("Service Account").ShouldBe(
            [
                "prvActOnBehalfOfAnotherUser", // asks, in the name of who wants an explanation, whether he may see the contact
                "prvReadAttribute", "prvReadEntity", "prvReadOptionSet", "prvReadRelationship", // types and names of columns and lookups
                "prvReadEnvironmentVariableDefinition", "prvReadEnvironmentVariableValue",
                "prvReadSdkMessage", "prvReadSdkMessageFilter", // which tables take CreateMultiple and its like
                "prvReadQueue", "prvAppendToQueue", // tasks that a journey gives to a queue
                "prvReadTeam", "prvReadUser",
            ],
            ignoreOrder: true);

    [Theory]
    [InlineData("Marketer")]
    [InlineData("Salesperson")]
    public void Who_works_with_the_app_changes_no_setting_and_no_other_users_data(string role)
        => Others(role).Where(n => !n.StartsWith("prvRead", StringComparison.Ordinal)).Where(n => !n.Contains("User", StringComparison.Ordinal))
            .ShouldBeSubsetOf(["prvAppendNote", "prvAppendToAccount", "prvCreateNote", "prvExportToExcel", "prvUseTabletApp"]);

    [Fact]
    public void Only_the_administrator_sets_the_solution_up()
    {
        string[] setUp = ["prvWriteServiceEndpoint", "prvWriteSdkMessageProcessingStep", "prvWriteEnvironmentVariableValue", "prvCreateEnvironmentVariableValue"];

        foreach (Role role in Packed.Roles)
            role.Privileges.Select(p => p.Name).Intersect(setUp).Count().ShouldBe(role.Name == "CrmBehavior Administrator" ? setUp.Length : 0, role.Name);
    }

    static PrivilegeDepth? DepthOf(string role, string privilege)
        => RoleOf(role).Privileges.Where(p => p.Name == privilege).Select(p => (PrivilegeDepth?)p.Depth).SingleOrDefault();

    static IEnumerable<string> Others(string role) => RoleOf(role).Privileges.Select(p => p.Name)
        .Where(n => !n.Contains("crmb_", StringComparison.Ordinal) && !n.EndsWith("Contact", StringComparison.Ordinal) && !n.EndsWith("Activity", StringComparison.Ordinal));

    static Role RoleOf(string name) => Packed.Roles.Single(r => r.Name == "CrmBehavior " + name);
}
