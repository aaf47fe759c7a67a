using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CrmBehavior.Contracts;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Linting;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Schema;
using CrmBehavior.SolutionPacker.Solutions;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Reading;

public sealed class SolutionReaderTests
{
    static readonly Solution Packed = Read(Repository.BuiltZip(managed: true));

    internal static Solution Read(byte[] zip) => SolutionReader.Read(zip);

    [Fact]
    public void The_manifest_tells_name_version_form_and_publisher()
    {
        Packed.UniqueName.ShouldBe("CrmBehavior");
        Packed.Version.ShouldBe(new Version(1, 0, 0, 0));
        Packed.Managed.ShouldBeTrue();
        Read(Repository.BuiltZip(managed: false)).Managed.ShouldBeFalse();
        Packed.Publisher.ShouldBe(new Publisher { UniqueName = "CrmBehavior", Label = "CrmBehavior", Prefix = "crmb", OptionValuePrefix = 41033 });
    }

    [Theory]
    [InlineData(CrmNames.Definition, CrmNames.DefinitionSet, Ownership.UserOwned)]
    [InlineData(CrmNames.DefinitionVersion, CrmNames.DefinitionVersionSet, Ownership.OrgOwned)]
    [InlineData(CrmNames.Tag, CrmNames.TagSet, Ownership.OrgOwned)]
    [InlineData(CrmNames.ContactScore, CrmNames.ContactScoreSet, Ownership.UserOwned)]
    [InlineData(CrmNames.Touchpoint, CrmNames.TouchpointSet, Ownership.UserOwned)]
    [InlineData(CrmNames.Review, CrmNames.ReviewSet, Ownership.UserOwned)]
    [InlineData(CrmNames.Consent, CrmNames.ConsentSet, Ownership.UserOwned)]
    [InlineData(CrmNames.Statistic, CrmNames.StatisticSet, Ownership.OrgOwned)]
    public void Every_table_of_the_contracts_is_there_with_its_set(string table, string set, Ownership ownership)
    {
        Table read = Packed.Schema.Table(table).ShouldNotBeNull();
        read.EntitySetName.ShouldBe(set);
        read.Ownership.ShouldBe(ownership);
        read.ChangeTracking.ShouldBeTrue();
        read.IsCustom.ShouldBeTrue();
        read.PrimaryName.ShouldBe(table == CrmNames.Touchpoint ? "subject" : "crmb_name");
        read.Column("versionnumber").ShouldNotBeNull("the platform adds it");
    }

    [Theory]
    [InlineData(CrmNames.Definition, "crmb_name", ColumnType.String, 200)]
    [InlineData(CrmNames.Definition, "crmb_kind", ColumnType.String, 50)]
    [InlineData(CrmNames.Definition, "crmb_json", ColumnType.Memo, 1_048_576)]
    [InlineData(CrmNames.Definition, "crmb_description", ColumnType.Memo, 2000)]
    [InlineData(CrmNames.DefinitionVersion, "crmb_reason", ColumnType.Memo, 2000)]
    [InlineData(CrmNames.DefinitionVersion, "crmb_diff", ColumnType.Memo, 4000)]
    [InlineData(CrmNames.Tag, "crmb_name", ColumnType.String, 100)]
    [InlineData(CrmNames.ContactScore, "crmb_grade", ColumnType.String, 100)]
    [InlineData(CrmNames.Touchpoint, "crmb_definitionname", ColumnType.String, 200)]
    [InlineData(CrmNames.Touchpoint, "crmb_effect", ColumnType.String, 50)]
    [InlineData("contact", "crmb_why", ColumnType.Memo, 2000)]
    [InlineData("contact", "crmb_timezone", ColumnType.String, 100)]
    public void Text_columns_are_as_long_as_agreed(string table, string column, ColumnType type, int length)
    {
        Column read = Packed.Schema.Table(table)!.Column(column).ShouldNotBeNull();
        read.Type.ShouldBe(type);
        read.MaxLength.ShouldBe(length);
    }

    [Theory]
    [InlineData(CrmNames.ContactScore, "crmb_value", 4)]
    [InlineData(CrmNames.ContactScore, "crmb_rank", 6)]
    [InlineData("contact", "crmb_rank", 6)]
    public void Decimals_are_as_precise_as_agreed(string table, string column, int precision)
    {
        Column read = Packed.Schema.Table(table)!.Column(column).ShouldNotBeNull();
        read.Type.ShouldBe(ColumnType.Decimal);
        read.Precision.ShouldBe(precision);
    }

    [Fact]
    public void Statuses_of_a_definition_are_those_of_the_contracts()
        => Packed.Schema.Table(CrmNames.Definition)!.Column("statuscode")!.Options.ShouldBe(
        [
            new Option { Value = DefinitionStatus.Draft, Label = "Draft", State = 0 },
            new Option { Value = DefinitionStatus.Live, Label = "Live", State = 0 },
            new Option { Value = DefinitionStatus.Paused, Label = "Paused", State = 0 },
            new Option { Value = DefinitionStatus.Retired, Label = "Retired", State = 1 },
        ]);

    [Fact]
    public void A_shared_choice_gives_its_values_to_its_column()
    {
        Column answer = Packed.Schema.Table(CrmNames.Review)!.Column("crmb_answer")!;

        answer.Options.Select(o => (o.Value, o.Label))
            .ShouldBe([(410330000, "Open"), (410330001, "Approved"), (410330002, "Rejected"), (410330003, "Expired")]);
        answer.Default.ShouldBe(410330000);
        answer.OptionSet.ShouldBe("crmb_reviewanswer");
    }

    [Fact]
    public void A_day_has_no_time() => Packed.Schema.Table(CrmNames.Statistic)!.Column("crmb_day")!.DateBehavior.ShouldBe(DateBehavior.DateOnly);

    [Theory]
    [InlineData(CrmNames.DefinitionVersion, "crmb_definitionid,crmb_version")]
    [InlineData(CrmNames.Tag, "crmb_name")]
    [InlineData(CrmNames.ContactScore, "crmb_contactid,crmb_name")]
    [InlineData(CrmNames.Review, "crmb_decisionid")]
    [InlineData(CrmNames.Statistic, "crmb_definitionname,crmb_day,crmb_effect,crmb_outcome")]
    public void Alternate_keys_are_as_agreed(string table, string columns)
        => string.Join(',', Packed.Schema.Table(table)!.Keys.ShouldHaveSingleItem().Columns).ShouldBe(columns);

    [Fact]
    public void A_definition_has_no_key_since_retired_ones_may_share_a_name() => Packed.Schema.Table(CrmNames.Definition)!.Keys.ShouldBeEmpty();

    [Theory]
    [InlineData(CrmNames.DefinitionVersion, "crmb_definitionid", CrmNames.Definition, "crmb_definitionid")]
    [InlineData(CrmNames.ContactScore, "crmb_contactid", "contact", "crmb_contactid")]
    [InlineData(CrmNames.Review, "crmb_contactid", "contact", "crmb_contactid")]
    [InlineData(CrmNames.Consent, "crmb_contactid", "contact", "crmb_contactid")]
    [InlineData(CrmNames.Touchpoint, "regardingobjectid", "contact", "regardingobjectid_contact_crmb_touchpoint")]
    public void What_belongs_to_a_row_goes_with_it_and_is_bound_in_lower_case(string table, string column, string parent, string navigation)
    {
        OneToMany read = Packed.Schema.OneToMany.Single(r => r.ReferencingTable == table && r.ReferencingColumn == column && r.ReferencedTable == parent);
        read.ReferencingNavigation.ShouldBe(navigation);
        read.Delete.ShouldBe(CascadeDelete.Cascade);
        Packed.Schema.Table(table)!.Column(column)!.Targets.ShouldContain(parent);
    }

    [Fact]
    public void Contacts_and_tags_are_joined_by_one_name_on_both_sides()
    {
        ManyToMany read = Packed.Schema.ManyToMany.ShouldHaveSingleItem();
        read.ShouldBe(new ManyToMany
        {
            Name = CrmNames.ContactTag,
            IntersectTable = CrmNames.ContactTag,
            IntersectSetName = "crmb_contact_tagset",
            FirstTable = "contact",
            FirstColumn = "contactid",
            FirstNavigation = CrmNames.ContactTag,
            SecondTable = CrmNames.Tag,
            SecondColumn = "crmb_tagid",
            SecondNavigation = CrmNames.ContactTag,
            IsCustom = true,
        });
        Packed.Schema.Table(CrmNames.ContactTag)!.IsIntersect.ShouldBeTrue();
    }

    [Fact]
    public void A_touchpoint_is_an_activity_with_everything_that_activities_inherit()
    {
        Table touchpoint = Packed.Schema.Table(CrmNames.Touchpoint)!;
        touchpoint.IsActivity.ShouldBeTrue();
        touchpoint.PrimaryId.ShouldBe("activityid");
        touchpoint.PrivilegeName.ShouldBe("Activity");
        touchpoint.Column("to")!.Type.ShouldBe(ColumnType.PartyList);
        touchpoint.Column("activitytypecode")!.Type.ShouldBe(ColumnType.EntityName);
        IEnumerable<Column> inherited = StandardTables.Load().Table("activitypointer")!.Columns.Where(c => c.Create || c.Update);
        foreach (string column in inherited.Select(c => c.Name).Except(["transactioncurrencyid"]))
        {
            touchpoint.Column(column).ShouldNotBeNull(column);
        }
        Packed.Schema.OneToMany.ShouldContain(r => r.ReferencedTable == CrmNames.Touchpoint && r.ReferencedNavigation == "crmb_touchpoint_activity_parties");
    }

    [Fact]
    public void A_contact_gets_columns_only()
    {
        Table contact = Packed.Schema.Table("contact")!;
        contact.IsExtension.ShouldBeTrue();
        contact.Columns.Select(c => c.Name).Order().ShouldBe(["crmb_grade", "crmb_lastseen", "crmb_rank", "crmb_score", "crmb_timezone", "crmb_why"]);
    }

    [Fact]
    public void The_hottest_contacts_come_by_rank()
    {
        View view = Packed.Views.Single(v => v.Name == "Hottest contacts");
        view.Table.ShouldBe("contact");
        view.FetchXml.ShouldContain("<order attribute=\"crmb_rank\" descending=\"true\" />");
        Packed.Views.ShouldContain(v => v.Name == "Recently seen");
        Packed.Forms
            .Where(f => f.Name == "CrmBehavior contact" && f.Table == "contact" && f.Type == "main")
            .ShouldHaveSingleItem().FormXml.ShouldContain("crmb_touchpoint");
    }

    [Fact]
    public void The_service_endpoint_is_a_queue_of_json_behind_a_key_that_does_not_travel()
    {
        ServiceEndpoint endpoint = Packed.ServiceEndpoints.ShouldHaveSingleItem();
        endpoint.Id.ShouldBe(new Guid(CrmNames.ServiceEndpointId));
        endpoint.Contract.ShouldBe(6);
        endpoint.MessageFormat.ShouldBe(2);
        endpoint.AuthType.ShouldBe(2);
    }

    [Fact]
    public void Environment_variables_travel_without_values()
    {
        Packed.EnvironmentVariables.Select(v => v.SchemaName).ShouldBe(
            ["crmb_DefaultOwner", "crmb_MainScore", "crmb_ServiceKey", "crmb_ServiceUrl", "crmb_ServiceUser"], ignoreOrder: true);
        Packed.EnvironmentVariables.ShouldAllBe(v => v.DefaultValue == null);
        Packed.EnvironmentVariables.Single(v => v.SchemaName == "crmb_ServiceKey").Type.ShouldBe(EnvironmentVariable.SecretType);
        new[] { CrmNames.ServiceUrlVariable, CrmNames.ServiceUserVariable, CrmNames.MainScoreVariable, CrmNames.DefaultOwnerVariable }
            .ShouldBeSubsetOf(Packed.EnvironmentVariables.Where(v => v.Type == EnvironmentVariable.StringType).Select(v => v.SchemaName));
    }

    [Fact]
    public void Web_resources_carry_their_bytes()
        => Encoding.UTF8.GetString(Packed.WebResources.Single(w => w.Name == "crmb_/start.html").Content.Span).ShouldStartWith("<!DOCTYPE html>");

    [Fact]
    public void The_app_shows_the_site_map_of_its_name()
    {
        AppModule app = Packed.AppModules.ShouldHaveSingleItem();
        app.Label.ShouldBe("CrmBehavior");
        Packed.SiteMaps.ShouldHaveSingleItem().UniqueName.ShouldBe(app.UniqueName);
        Packed.Dashboards.Select(d => d.Name).ShouldBe(["CrmBehavior: marketing", "CrmBehavior: sales"], ignoreOrder: true);
    }

    [Fact]
    public void A_zip_without_customizations_is_one_finding()
    {
        Finding finding = SolutionLint.Check(CrmBehavior.SolutionPacker.Packing.StoredZip.Write([])).ShouldHaveSingleItem();
        finding.Rule.ShouldBe("unreadable");
        finding.ToString()
            .ShouldBe("solution.xml: error unreadable: is missing; a solution zip has solution.xml, customizations.xml and [Content_Types].xml at its root.");
    }

    [Fact]
    public void Bytes_that_are_no_zip_are_refused_by_name()
        => Should.Throw<SolutionFormatException>(() => SolutionReader.Read("no zip"u8.ToArray())).Message.ShouldStartWith("zip(0,0): cannot be read");
}
