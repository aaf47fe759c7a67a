using System;
using System.Linq;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Lint;

public sealed class TableFaultTests
{
    const string Tag = "Entities/crmb_tag/Entity.xml";
    const string Review = "Entities/crmb_review/Entity.xml";
    const string Definition = "Entities/crmb_definition/Entity.xml";

    [Fact]
    public void A_table_without_primary_name_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Tag, "PrimaryName|", "");

        solution.OnlyFinding("primary-name", Tag, "<entity Name").Message.ShouldContain("exactly one");
    }

    [Fact]
    public void A_second_primary_name_is_found()
    {
        using var solution = new SolutionCopy();
        string mask = "<LogicalName>crmb_journey</LogicalName>\n          <RequiredLevel>none</RequiredLevel>\n          <DisplayMask>";
        solution.Replace(Review, mask, mask + "PrimaryName|");

        solution.OnlyFinding("primary-name", Review, "<attribute PhysicalName=\"crmb_journey\">");
    }

    [Fact]
    public void A_missing_system_column_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Tag, "<attribute PhysicalName=\"ModifiedOnBehalfBy\">", "<attribute PhysicalName=\"crmb_other\">")
            .Replace(Tag, "<Name>modifiedonbehalfby</Name>", "<Name>crmb_other</Name>")
            .Replace(Tag, "<LogicalName>modifiedonbehalfby</LogicalName>", "<LogicalName>crmb_other</LogicalName>");

        solution.Findings()
            .ShouldContain(f => f.Rule == "table-definition" && f.Place.File == Tag && f.Message.Contains("modifiedonbehalfby", StringComparison.Ordinal));
    }

    [Fact]
    public void A_logical_name_of_other_letters_than_the_physical_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Review, "<attribute PhysicalName=\"crmb_deadline\">", "<attribute PhysicalName=\"crmb_DeadLine\">");

        solution.OnlyFinding("casing", Review, "crmb_DeadLine").Message.ShouldContain("lower case");
    }

    [Fact]
    public void A_table_spelled_in_two_ways_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace("Entities/Contact/Entity.xml", "OriginalName=\"\">Contact</Name>", "OriginalName=\"\">contact</Name>");

        solution.Findings().ShouldAllBe(f => f.Rule == "casing" && f.Place.File == "Entities/Contact/Entity.xml");
    }

    [Fact]
    public void A_column_of_the_platform_in_an_extension_is_found()
    {
        using var solution = new SolutionCopy();
        const string contact = "Entities/Contact/Entity.xml";
        solution.Replace(contact, "PhysicalName=\"crmb_timezone\"", "PhysicalName=\"JobTitle\"")
            .Replace(contact, "<Name>crmb_timezone</Name>", "<Name>jobtitle</Name>")
            .Replace(contact, "<LogicalName>crmb_timezone</LogicalName>", "<LogicalName>jobtitle</LogicalName>");

        solution.Findings().ShouldContain(f => f.Rule == "table-definition" && f.Message.Contains("column of the platform", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_without_length_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Tag, "<MaxLength>100</MaxLength>", "");

        solution.OnlyFinding("column-limit", Tag, "<attribute PhysicalName=\"crmb_name\">").Message.ShouldContain("MaxLength");
    }

    [Fact]
    public void Text_longer_than_its_type_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Review, "<MaxLength>400</MaxLength>", "<MaxLength>4001</MaxLength>");

        solution.OnlyFinding("column-limit", Review, "<MaxLength>4001").Message.ShouldContain("ntext");
    }

    [Fact]
    public void More_places_than_a_decimal_has_are_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace("Entities/Contact/Entity.xml", "<Accuracy>6<", "<Accuracy>11<");

        solution.OnlyFinding("column-limit", "Entities/Contact/Entity.xml", "<attribute PhysicalName=\"crmb_rank\">");
    }

    [Fact]
    public void A_missing_shared_choice_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Review, "<OptionSetName>crmb_reviewanswer<", "<OptionSetName>crmb_reviewanswers<");

        solution.OnlyFinding("unknown-choice", Review, "crmb_reviewanswers").Message.ShouldContain("did you mean crmb_reviewanswer?");
    }

    [Fact]
    public void A_choice_value_outside_the_publishers_range_is_found()
    {
        using var solution = new SolutionCopy();
        const string file = "OptionSets/crmb_reviewanswer.xml";
        solution.Replace(file, "value=\"410330003\"", "value=\"100000003\"");

        solution.OnlyFinding("option-value", file, "100000003").Message.ShouldContain("410330000 to 410339999");
    }

    [Fact]
    public void A_status_value_outside_the_publishers_range_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Definition, "value=\"410330002\"", "value=\"9\"");

        solution.OnlyFinding("option-value", Definition, "<status value=\"9\"");
    }

    [Fact]
    public void A_status_of_a_missing_state_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Definition, "<status value=\"410330002\" state=\"0\">", "<status value=\"410330002\" state=\"5\">");

        solution.OnlyFinding("option-value", Definition, "state=\"5\"").Message.ShouldContain("state 5");
    }

    [Fact]
    public void A_default_that_is_no_value_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Review, "<AppDefaultValue>410330000<", "<AppDefaultValue>410330009<");

        solution.OnlyFinding("option-value", Review, "410330009");
    }

    [Fact]
    public void A_key_larger_than_an_index_is_found()
    {
        using var solution = new SolutionCopy();
        const string file = "Entities/crmb_statistic/Entity.xml";
        string text = solution.Read(file);
        int at = text.IndexOf("PhysicalName=\"crmb_outcome\"", StringComparison.Ordinal);
        int length = text.IndexOf("<MaxLength>100<", at, StringComparison.Ordinal);
        solution.Write(file, text[..length] + "<MaxLength>300<" + text[(length + "<MaxLength>100<".Length)..]);

        solution.OnlyFinding("key-size", file, "<EntityKey>").Message.ShouldContain("1108 bytes");
    }

    [Fact]
    public void A_key_over_a_column_that_no_index_takes_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Review, "<AttributeName>crmb_decisionid<", "<AttributeName>crmb_preview<");

        solution.OnlyFinding("key-type", Review, "<AttributeName>").Message.ShouldContain("crmb_preview is of type Memo");
    }

    [Fact]
    public void A_key_over_a_missing_column_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Review, "<AttributeName>crmb_decisionid<", "<AttributeName>crmb_decision<");

        solution.OnlyFinding("unknown-column", Review, "<AttributeName>");
    }

    [Fact]
    public void A_name_without_the_publishers_prefix_is_found()
    {
        using var solution = new SolutionCopy();
        const string file = "environmentvariabledefinitions/crmb_MainScore/environmentvariabledefinition.xml";
        solution.Replace(file, "schemaname=\"crmb_MainScore\"", "schemaname=\"MainScore\"");

        solution.OnlyFinding("publisher-prefix", file, "MainScore").Message.ShouldContain("does not begin with crmb_");
    }

    [Fact]
    public void The_default_publisher_is_found()
    {
        using var solution = new SolutionCopy();
        const string file = "Other/Solution.xml";
        string text = solution.Read(file);
        int at = text.LastIndexOf("<UniqueName>CrmBehavior</UniqueName>", StringComparison.Ordinal);
        solution.Write(file, text[..at] + "<UniqueName>DefaultPublisherorg1</UniqueName>" + text[(at + "<UniqueName>CrmBehavior</UniqueName>".Length)..]);

        solution.OnlyFinding("default-publisher", file, "DefaultPublisher");
    }

    [Fact]
    public void A_prefix_that_the_platform_refuses_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace("Other/Solution.xml", "<CustomizationOptionValuePrefix>41033<", "<CustomizationOptionValuePrefix>999<");

        solution.Findings().ShouldContain(f => f.Rule == "publisher-prefix" && f.Message.Contains("10000 to 99999", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_without_change_tracking_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Tag, "<ChangeTrackingEnabled>1<", "<ChangeTrackingEnabled>0<");

        solution.OnlyFinding("table-definition", Tag, "<entity Name").Message.ShouldContain("ChangeTrackingEnabled");
    }

    [Fact]
    public void The_same_column_twice_is_found()
    {
        using var solution = new SolutionCopy();
        const string contact = "Entities/Contact/Entity.xml";
        solution.Replace(contact, "PhysicalName=\"crmb_timezone\"", "PhysicalName=\"crmb_grade\"")
            .Replace(contact, "<Name>crmb_timezone</Name>", "<Name>crmb_grade</Name>")
            .Replace(contact, "<LogicalName>crmb_timezone</LogicalName>", "<LogicalName>crmb_grade</LogicalName>");

        solution.Findings().Count(f => f.Rule == "duplicate-name" && f.Message.Contains("contact.crmb_grade", StringComparison.Ordinal)).ShouldBe(1);
    }
}
