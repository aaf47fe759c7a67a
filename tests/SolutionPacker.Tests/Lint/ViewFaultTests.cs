using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Lint;

public sealed class ViewFaultTests
{
    const string ContactViews = "Entities/Contact/SavedQueries";

    [Fact]
    public void A_view_that_shows_a_missing_column_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactViews, "description=\"Hottest contacts\"");
        solution.Replace(file, "<cell name=\"crmb_score\"", "<cell name=\"crmb_scores\"");

        solution.OnlyFinding("unknown-column", file, "crmb_scores").Message.ShouldContain("did you mean crmb_score?");
    }

    [Fact]
    public void A_view_that_sorts_by_a_missing_column_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactViews, "description=\"Hottest contacts\"");
        solution.Replace(file, "<order attribute=\"crmb_rank\"", "<order attribute=\"crmb_heat\"");

        solution.OnlyFinding("unknown-column", file, "crmb_heat");
    }

    [Fact]
    public void A_view_that_filters_by_a_missing_column_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactViews, "description=\"Recently seen\"");
        solution.Replace(file, "<condition attribute=\"crmb_lastseen\"", "<condition attribute=\"lastseen\"");

        solution.OnlyFinding("unknown-column", file, "\"lastseen\"");
    }

    [Fact]
    public void A_view_that_shows_what_it_does_not_select_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactViews, "description=\"Hottest contacts\"");
        solution.Replace(file, "<cell name=\"crmb_score\"", "<cell name=\"jobtitle\"");

        solution.OnlyFinding("view", file, "\"jobtitle\"").Message.ShouldContain("does not select");
    }

    [Fact]
    public void A_view_that_joins_a_missing_table_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactViews, "description=\"Hottest contacts\"");
        solution.Replace(file, "<filter type=\"and\">", "<link-entity name=\"quote\" from=\"parentcontactid\" to=\"contactid\" /><filter type=\"and\">");

        solution.OnlyFinding("unknown-table", file, "name=\"quote\"");
    }

    [Fact]
    public void A_view_that_joins_a_table_that_not_every_environment_has_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactViews, "description=\"Hottest contacts\"");
        solution.Replace(file, "<filter type=\"and\">", "<link-entity name=\"lead\" from=\"parentcontactid\" to=\"contactid\" /><filter type=\"and\">");

        solution.OnlyFinding("missing-dependency", file, "name=\"lead\"").Message.ShouldContain("comes with Dynamics 365 Sales");
    }

    [Fact]
    public void A_view_that_joins_by_a_missing_column_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactViews, "description=\"Hottest contacts\"");
        solution.Replace(file, "<filter type=\"and\">", "<link-entity name=\"account\" from=\"accountid\" to=\"parentid\" /><filter type=\"and\">");

        solution.OnlyFinding("unknown-column", file, "to=\"parentid\"").Message.ShouldContain("contact has no column parentid");
    }

    [Fact]
    public void A_view_that_queries_another_table_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(ContactViews, "description=\"Hottest contacts\"");
        solution.Replace(file, "<entity name=\"contact\">", "<entity name=\"account\">");

        solution.OnlyFinding("query", file, "<entity name=").Message.ShouldBe("queries account, but belongs to contact.");
    }

    [Fact]
    public void A_view_whose_rows_go_by_another_column_than_the_key_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith("Entities/crmb_touchpoint/SavedQueries", "description=\"All Touchpoints\"");
        solution.Replace(file, "<row name=\"result\" id=\"activityid\">", "<row name=\"result\" id=\"crmb_touchpointid\">");

        solution.OnlyFinding("view", file, "crmb_touchpointid").Message.ShouldContain("must be activityid");
    }

    [Fact]
    public void A_table_without_lookup_view_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Delete(solution.FileWith("Entities/crmb_review/SavedQueries", "Review Lookup View"));

        solution.OnlyFinding("view", "Entities/crmb_review/Entity.xml", "<Entity>").Message.ShouldContain("no default lookup view");
    }

    [Fact]
    public void A_second_default_view_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith("Entities/crmb_review/SavedQueries", "description=\"Inactive Reviews\"");
        solution.Replace(file, "<isdefault>0<", "<isdefault>1<");

        solution.Findings().ShouldHaveSingleItem().Message.ShouldContain("second default public view");
    }

    [Fact]
    public void A_chart_of_a_missing_column_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith("Entities/crmb_statistic/Visualizations", "description=\"Effects by definition\"");
        solution.Replace(file, "name=\"crmb_definitionname\"", "name=\"crmb_definition\"");

        solution.OnlyFinding("unknown-column", file, "crmb_definition\"");
    }

    [Fact]
    public void A_chart_that_draws_an_alias_it_does_not_query_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith("Entities/crmb_statistic/Visualizations", "description=\"Effects by definition\"");
        solution.Replace(file, "<category alias=\"category\">", "<category alias=\"kind\">");

        solution.OnlyFinding("chart", file, "alias=\"kind\"");
    }
}
