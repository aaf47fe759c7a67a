using System.Linq;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Lint;

public sealed class AppFaultTests
{
    const string App = "AppModules/crmb_app/AppModule.xml";
    const string SiteMap = "AppModuleSiteMaps/crmb_app/AppModuleSiteMap.xml";

    [Fact]
    public void A_dashboard_tile_with_a_missing_chart_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith("Dashboards", "description=\"CrmBehavior: sales\"");
        string chart = solution.Read(file).Split("<VisualizationId>").Select(p => p.Split('<')[0]).First(p => p.StartsWith('{'));
        solution.Replace(file, $"<VisualizationId>{chart}", "<VisualizationId>{00000000-0000-0000-0000-000000000001}");

        solution.OnlyFinding("unknown-chart", file, "000000000001}");
    }

    [Fact]
    public void A_dashboard_row_without_its_filler_rows_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith("Dashboards", "description=\"CrmBehavior: sales\"");
        solution.Replace(file, "<row />", "");

        solution.Findings().ShouldHaveSingleItem().Message.ShouldContain("spans 12 rows but has 10 empty rows");
    }

    [Fact]
    public void An_app_component_that_is_not_there_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(App, "type=\"61\" schemaName=\"crmb_/start.html\"", "type=\"61\" schemaName=\"crmb_/begin.html\"");

        solution.OnlyFinding("app", App, "crmb_/begin.html");
    }

    [Fact]
    public void An_app_that_lacks_a_table_of_its_site_map_is_found_at_the_site_map()
    {
        using var solution = new SolutionCopy();
        solution.Replace(App, "<AppModuleComponent type=\"1\" schemaName=\"crmb_review\" />", "");

        solution.OnlyFinding("app", SiteMap, "Entity=\"crmb_review\"").Message.ShouldContain("add it to AppModule.xml");
    }

    [Fact]
    public void An_app_open_to_a_missing_role_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(App, "627090ff-40a3-4053-8790-584edc5be201", "627090ff-40a3-4053-8790-000000000000");

        solution.OnlyFinding("unknown-role", App, "627090ff-40a3-4053-8790-000000000000");
    }

    [Fact]
    public void A_site_map_entry_of_a_missing_table_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(SiteMap, "Entity=\"account\"", "Entity=\"acount\"");

        solution.Findings()
            .Where(f => f.Rule == "unknown-table" && f.Place.File == SiteMap && f.Place.Line == solution.LineOf(SiteMap, "acount"))
            .ShouldHaveSingleItem().Message.ShouldContain("did you mean account?");
    }

    [Fact]
    public void A_site_map_entry_of_a_missing_web_resource_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(SiteMap, "$webresource:crmb_/start.html", "$webresource:crmb_/begin.html");

        solution.OnlyFinding("unknown-web-resource", SiteMap, "crmb_/begin.html");
    }

    [Fact]
    public void A_site_map_entry_of_a_missing_dashboard_is_found()
    {
        using var solution = new SolutionCopy();
        string id = solution.Read(SiteMap).Split("DefaultDashboard=\"")[1].Split('"')[0];
        solution.Replace(SiteMap, id, "00000000-0000-0000-0000-000000000001");

        solution.OnlyFinding("site-map", SiteMap, "000000000001");
    }

    [Fact]
    public void A_web_resource_of_another_type_than_its_ending_is_found()
    {
        using var solution = new SolutionCopy();
        const string file = "WebResources/crmb_/start.html.data.xml";
        solution.Replace(file, "<WebResourceType>1<", "<WebResourceType>3<");

        solution.OnlyFinding("web-resource", file, "<WebResourceType>").Message.ShouldBe("crmb_/start.html is of type 1, not 3.");
    }

    [Fact]
    public void An_icon_that_is_not_there_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace("Entities/crmb_tag/Entity.xml", "crmb_/icon.svg", "crmb_/tag.svg");

        solution.OnlyFinding("unknown-web-resource", "Entities/crmb_tag/Entity.xml", "crmb_/tag.svg");
    }
}
