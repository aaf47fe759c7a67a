using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.SolutionPacker.Schema;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Reading;

public sealed class StandardTablesTests
{
    static readonly TableSchema Standard = StandardTables.Load(includeSales: true);

    public static TheoryData<string> Names => [.. Standard.Tables.Select(t => t.LogicalName)];

    [Fact]
    public void The_tables_that_import_and_service_need_are_there()
    {
        string[] needed =
        [
            "account", "contact", "systemuser", "team", "owner", "businessunit", "organization", "transactioncurrency", "queue", "queueitem", "annotation",
            "activitypointer", "activityparty", "email", "phonecall", "appointment", "task", "letter", "fax",
            "solution", "publisher", "importjob", "pluginassembly", "plugintype", "sdkmessage", "sdkmessagefilter", "sdkmessageprocessingstep",
            "sdkmessageprocessingstepimage", "serviceendpoint", "asyncoperation", "plugintracelog", "environmentvariabledefinition", "environmentvariablevalue",
            "role", "privilege", "systemuserroles", "teamroles", "roleprivileges", "customapi", "customapirequestparameter", "customapiresponseproperty",
            "webresource", "savedquery", "savedqueryvisualization", "systemform", "appmodule", "sitemap",
        ];

        needed.ShouldBeSubsetOf(Standard.Tables.Select(t => t.LogicalName));
    }

    [Fact]
    public void Tables_of_sales_come_only_when_asked_for()
    {
        string[] sales = ["campaign", "campaignresponse", "lead", "opportunity"];

        StandardTables.Load().Tables.Select(t => t.LogicalName).Where(sales.Contains).ShouldBeEmpty();
        StandardTables.Load().Tables.SelectMany(t => t.Columns).SelectMany(c => c.Targets).Where(sales.Contains).ShouldBeEmpty();
        StandardTables.Load(includeSales: false).ShouldBeSameAs(StandardTables.Load());
        Standard.Tables.Select(t => t.LogicalName).Except(StandardTables.Load().Tables.Select(t => t.LogicalName)).Order().ShouldBe(sales);
        Standard.Tables.Select(t => t.LogicalName).Where(StandardTables.IsSales).Order().ShouldBe(sales);
        Standard.Table("task")!.Column("regardingobjectid")!.Targets.ShouldBe(["account", "contact", "lead", "opportunity", "campaign"]);
        Standard.Table("contact")!.Column("originatingleadid")!.Targets.ShouldBe(["lead"]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_table_is_whole_in_itself(string name)
    {
        Table table = Standard.Table(name)!;

        table.SchemaName.ToLowerInvariant().ShouldBe(name);
        table.EntitySetName.ShouldNotBeNullOrEmpty();
        table.Column(table.PrimaryId).ShouldNotBeNull().Type.ShouldBe(ColumnType.UniqueId);
        if (table.PrimaryName is not null) table.Column(table.PrimaryName).ShouldNotBeNull().Type.ShouldBe(ColumnType.String);
        table.Columns.Select(c => c.Name).ShouldBeUnique();
        table.Columns.ShouldAllBe(c => string.Equals(c.SchemaName, c.Name, StringComparison.OrdinalIgnoreCase));
        table.Columns.Where(c => c.Type is ColumnType.String or ColumnType.Memo).ShouldAllBe(c => c.MaxLength > 0);
        table.Columns.Where(c => c.Type is ColumnType.Choice or ColumnType.Bool or ColumnType.State or ColumnType.Status).ShouldAllBe(c => c.Options.Count > 0);
        table.Columns.Where(c => c.Default is not null).ShouldAllBe(c => c.Options.Any(o => o.Value == c.Default));
        (table.Column("ownerid") is not null).ShouldBe(table.Ownership == Ownership.UserOwned || name == "owner");
        if (table.IsActivity) table.PrimaryId.ShouldBe("activityid");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Statuses_and_states_of_a_table_belong_together(string name)
    {
        Column? state = Standard.Table(name)!.Column("statecode");
        Column? status = Standard.Table(name)!.Column("statuscode");
        (state is null).ShouldBe(status is null);
        if (state is null || status is null) return;

        status.Options.ShouldAllBe(o => state.Options.Any(s => s.Value == o.State));
        state.Options.ShouldAllBe(s => status.Options.Any(o => o.Value == s.DefaultStatus && o.State == s.Value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_target_of_a_lookup_has_a_relationship_with_a_navigation_property_of_its_own(string name)
    {
        Table table = Standard.Table(name)!;
        List<OneToMany> relationships = Standard.OneToMany.Where(r => r.ReferencingTable == name).ToList();

        foreach (Column lookup in table.Columns.Where(c => c.IsLookup))
        {
            string[] targets = lookup.Type == ColumnType.Owner ? ["owner"] : [.. lookup.Targets];
            targets.ShouldNotBeEmpty();
            relationships.Where(r => r.ReferencingColumn == lookup.Name).Select(r => r.ReferencedTable).ShouldBe(targets, ignoreOrder: true, lookup.Name);
        }
        relationships.ShouldAllBe(r => table.Column(r.ReferencingColumn)!.IsLookup);
        relationships.Select(r => r.ReferencingNavigation).ShouldBeUnique();
        relationships.Where(r => r.ReferencingNavigation != r.ReferencingColumn).ShouldAllBe(r => table.Column(r.ReferencingNavigation) == null);
    }

    [Fact]
    public void Relationships_join_tables_that_are_there_under_names_of_their_own()
    {
        Standard.OneToMany.ShouldAllBe(r => Standard.Table(r.ReferencedTable) != null);
        Standard.OneToMany.Select(r => r.Name).Concat(Standard.ManyToMany.Select(r => r.Name)).ShouldBeUnique();
        foreach (IGrouping<string, OneToMany> parent in Standard.OneToMany.GroupBy(r => r.ReferencedTable)) parent
            .Select(r => r.ReferencedNavigation).ShouldBeUnique(parent.Key);
        foreach (ManyToMany relationship in Standard.ManyToMany)
        {
            Table intersect = Standard.Table(relationship.IntersectTable).ShouldNotBeNull(relationship.Name);
            intersect.EntitySetName.ShouldBe(relationship.IntersectSetName);
            intersect.Column(relationship.FirstColumn).ShouldNotBeNull(relationship.Name);
            intersect.Column(relationship.SecondColumn).ShouldNotBeNull(relationship.Name);
        }
    }

    [Fact]
    public void Entity_sets_are_unique() => Standard.Tables.Select(t => t.EntitySetName).ShouldBeUnique();

    [Theory]
    [InlineData("task", "regardingobjectid_contact_task", "contact")]
    [InlineData("email", "regardingobjectid_contact_email", "contact")]
    [InlineData("contact", "parentcustomerid_account", "account")]
    [InlineData("contact", "ownerid", "owner")]
    [InlineData("task", "ownerid_task", "owner")]
    [InlineData("activityparty", "partyid_contact", "contact")]
    [InlineData("annotation", "objectid_contact", "contact")]
    [InlineData("environmentvariablevalue", "EnvironmentVariableDefinitionId", "environmentvariabledefinition")]
    public void Navigation_properties_are_spelled_as_the_web_api_spells_them(string table, string navigation, string target)
        => Standard.OneToMany.ShouldContain(r => r.ReferencingTable == table && r.ReferencingNavigation == navigation && r.ReferencedTable == target);

    [Theory]
    [InlineData("task", 0, 2)]
    [InlineData("task", 1, 5)]
    [InlineData("email", 0, 1)]
    [InlineData("email", 1, 2)]
    [InlineData("appointment", 1, 3)]
    [InlineData("contact", 1, 2)]
    public void A_state_begins_with_the_platforms_default_status(string table, int state, int status)
        => Standard.Table(table)!.Column("statecode")!.Options.Single(o => o.Value == state).DefaultStatus.ShouldBe(status);
}
