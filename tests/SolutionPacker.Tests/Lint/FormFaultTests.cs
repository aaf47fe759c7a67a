using System.Linq;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Lint;

public sealed class FormFaultTests
{
    const string ContactForms = "Entities/Contact/FormXml/main";
    const string ReviewForms = "Entities/crmb_review/FormXml/main";

    [Fact]
    public void A_control_of_a_missing_column_names_the_column_that_was_meant()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ReviewForms, "crmb_deadline");
        solution.Replace(file, "datafieldname=\"crmb_deadline\"", "datafieldname=\"crmb_deadlin\"");

        solution.OnlyFinding("unknown-column", file, "crmb_deadlin\"")
            .Message.ShouldBe("crmb_review has no column crmb_deadlin (did you mean crmb_deadline?).");
    }

    [Fact]
    public void A_control_of_another_type_than_its_column_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ReviewForms, "crmb_deadline");
        // The text control on a date.
        solution.Replace(file, "classid=\"{5B773807-9FB2-42db-97C3-7A91EFF8ADFF}\"", "classid=\"{4273EDBD-AC1D-40d3-9FB2-095C621B552D}\"");

        solution.OnlyFinding("wrong-type", file, "datafieldname=\"crmb_deadline\"").Message.ShouldContain("crmb_deadline is of type DateTime");
    }

    [Fact]
    public void An_unknown_control_class_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ReviewForms, "crmb_deadline");
        solution.Replace(file, "{5B773807-9FB2-42db-97C3-7A91EFF8ADFF}", "{5B773807-9FB2-42db-97C3-000000000000}");

        solution.OnlyFinding("form", file, "datafieldname=\"crmb_deadline\"").Message.ShouldContain("not known");
    }

    [Fact]
    public void A_list_with_a_missing_view_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactForms, "crmb_contact_tag");
        int start = solution.Read(file).IndexOf("<ViewId>", System.StringComparison.Ordinal);
        string view = solution.Read(file).Substring(start, "<ViewId>{00000000-0000-0000-0000-000000000000}".Length);
        solution.Replace(file, view, "<ViewId>{00000000-0000-0000-0000-000000000001}");

        solution.OnlyFinding("unknown-view", file, "000000000001}");
    }

    [Fact]
    public void A_list_with_a_view_of_another_table_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactForms, "crmb_contact_tag");
        solution.Replace(file, "<TargetEntityType>crmb_tag</TargetEntityType>", "<TargetEntityType>crmb_consent</TargetEntityType>");

        solution.Findings()
            .ShouldContain(f => f.Rule == "unknown-view" && f.Message.Contains("shows crmb_tag, not crmb_consent", System.StringComparison.Ordinal));
        solution.Findings()
            .Where(f => f.Rule == "unknown-relationship").ShouldHaveSingleItem().Message.ShouldContain("does not join contact and crmb_consent");
    }

    [Fact]
    public void A_list_with_a_missing_relationship_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactForms, "crmb_contact_tag");
        solution.Replace(file, "<RelationshipName>crmb_contact_tag<", "<RelationshipName>crmb_contact_tags<");

        solution.OnlyFinding("unknown-relationship", file, "crmb_contact_tags").Message.ShouldContain("did you mean crmb_contact_tag?");
    }

    [Fact]
    public void A_timeline_with_a_missing_activity_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactForms, "UClientActivities");
        solution.Replace(file, "appointment,letter", "apointment,letter");

        solution.OnlyFinding("unknown-table", file, "apointment").Message.ShouldContain("apointment");
    }

    [Fact]
    public void A_control_of_a_missing_web_resource_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith("Entities/crmb_tag/FormXml/main", "crmb_name");
        solution.Replace(
            file,
            "<control id=\"crmb_name\" classid=\"{4273EDBD-AC1D-40d3-9FB2-095C621B552D}\" datafieldname=\"crmb_name\" disabled=\"false\" />",
            "<control id=\"WebResource_x\" classid=\"{9FDF5F91-88B1-47f4-AD53-C11EFC01A01D}\"><parameters><Url>crmb_/panel.html</Url></parameters></control>");

        solution.OnlyFinding("unknown-web-resource", file, "crmb_/panel.html");
    }

    [Fact]
    public void A_table_without_main_form_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Delete(solution.FileWith("Entities/crmb_statistic/FormXml/main", "crmb_count"));

        solution.OnlyFinding("form", "Entities/crmb_statistic/Entity.xml", "<Entity>").Message.ShouldContain("no main form");
    }

    [Fact]
    public void A_quick_create_form_that_the_table_does_not_allow_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace("Entities/crmb_tag/Entity.xml", "<IsQuickCreateEnabled>1<", "<IsQuickCreateEnabled>0<");

        solution.OnlyFinding("table-definition", "Entities/crmb_tag/Entity.xml", "<entity Name").Message.ShouldContain("IsQuickCreateEnabled");
    }
}
