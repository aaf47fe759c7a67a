using System;
using System.IO;
using System.Linq;
using CrmBehavior.SolutionPacker.Linting;
using CrmBehavior.SolutionPacker.Packing;
using CrmBehavior.SolutionPacker.Solutions;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Lint;

/// <summary>What one solution needs of another, and of an app that not every environment has.</summary>
public sealed class DependencyFaultTests
{
    const string Manifest = "Other/Solution.xml";
    const string Steps = "SdkMessageProcessingSteps";
    const string LeadCreated = "Name=\"CrmBehavior: lead created\"";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_second_solution_is_clean(bool besideFirst)
    {
        using SolutionCopy sales = SolutionCopy.OfSales(besideFirst);

        sales.Findings().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_built_zips_are_clean_alone_and_together(bool managed)
    {
        byte[] sales = Repository.BuiltZip(managed, "CrmBehaviorSales");

        SolutionLint.Check(sales).ShouldBeEmpty();
        SolutionLint.Check(sales, Repository.BuiltZip(managed)).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_needed_of_the_first_is_needed_in_the_same_version()
    {
        using SolutionCopy sales = SolutionCopy.OfSales();

        Solution packed = Reading.SolutionReaderTests.Read(SolutionPackage.Pack(sales.Folder, null, new Version(1, 2, 3, 0), managed: true));

        packed.PluginAssemblies.ShouldBeEmpty();
        packed.MissingDependencies.Where(d => d.SolutionName == "CrmBehavior").ShouldAllBe(d => d.Solution == "CrmBehavior (1.2.3.0)" && d.Type == 90);
        packed.MissingDependencies.Where(d => d.Type == ComponentTypes.Table).Select(d => d.SchemaName!).Distinct().Order()
            .ShouldBe(["campaignresponse", "lead", "opportunity"]);
        packed.MissingDependencies.Where(d => d.Type == ComponentTypes.Table).ShouldAllBe(d => d.Solution!.StartsWith("msdynce_", StringComparison.Ordinal));
    }

    [Fact]
    public void A_step_of_a_class_that_the_first_lacks_is_found()
    {
        using SolutionCopy sales = SolutionCopy.OfSales();
        string file = sales.FileWith(Steps, LeadCreated);
        sales.Replace(file, "Sales.LeadChanged,", "Sales.LeadChange,");

        sales.OnlyFinding("dangling-step", file, "LeadChange,").Message.ShouldContain("did you mean CrmBehavior.Plugins.Sales.LeadChanged");
    }

    [Fact]
    public void A_step_with_the_id_of_another_class_of_the_first_is_found()
    {
        using SolutionCopy sales = SolutionCopy.OfSales();
        string file = sales.FileWith(Steps, LeadCreated);
        string id = sales.Read(file).Split("<PluginTypeId>")[1].Split('<')[0];
        sales.Replace(file, id, "{861d8058-f88d-4466-8db6-48b116705502}");

        sales.Findings().ShouldContain(f => f.Rule == "dangling-step" && f.Place.File == file && f.Message.StartsWith("must be " + id, StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_of_sales_that_is_not_listed_is_found()
    {
        using SolutionCopy sales = SolutionCopy.OfSales();
        string file = sales.FileWith(Steps, LeadCreated);
        while (sales.Read(Manifest).Contains("schemaName=\"lead\"", StringComparison.Ordinal)) Unlist(sales, "schemaName=\"lead\"");

        Finding finding = sales.Findings().First(f => f.Place.File == file);
        finding.Rule.ShouldBe("missing-dependency");
        finding.Place.Line.ShouldBe(sales.LineOf(file, "<PrimaryEntity>"));
        finding.Message.ShouldStartWith("the table lead comes with Dynamics 365 Sales; list it in solution.xml");
    }

    [Fact]
    public void A_class_of_the_first_that_is_not_listed_is_found()
    {
        using SolutionCopy sales = SolutionCopy.OfSales();
        string file = sales.FileWith(Steps, LeadCreated);
        Unlist(sales, "type=\"90\"");

        sales.OnlyFinding("missing-dependency", file, "<SdkMessageProcessingStep ").Message.ShouldContain("the plugin type CrmBehavior.Plugins.Sales.LeadChanged");
    }

    [Fact]
    public void A_step_of_nobodys_class_is_found_where_the_first_is_away()
    {
        using SolutionCopy sales = SolutionCopy.OfSales(besideFirst: false);
        string file = sales.FileWith(Steps, LeadCreated);
        string id = sales.Read(file).Split("<PluginTypeId>")[1].Split('<')[0];
        sales.Replace(file, id, "{861d8058-f88d-4466-8db6-48b116705502}");

        sales.Findings().ShouldContain(f => f.Rule == "dangling-step" && f.Place.File == file && f.Message.StartsWith("there is no plugin type", StringComparison.Ordinal));
    }

    [Fact]
    public void A_privilege_on_a_table_of_sales_in_the_first_solution_is_found()
    {
        using var solution = new SolutionCopy();
        const string file = "Roles/CrmBehavior Marketer.xml";
        solution.Replace(file, "prvReadAccount", "prvReadLead");

        solution.OnlyFinding("missing-dependency", file, "prvReadLead");
    }

    [Fact]
    public void A_dependency_that_nothing_has_is_found()
    {
        using SolutionCopy sales = SolutionCopy.OfSales();
        sales.Replace(Manifest, "<Required type=\"1\" schemaName=\"lead\"", "<Required type=\"1\" schemaName=\"quote\"");

        sales.Findings().ShouldContain(f => f.Rule == "missing-dependency" && f.Place.File == Manifest && f.Message.Contains("remove it", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dependency_without_its_solution_is_found()
    {
        using SolutionCopy sales = SolutionCopy.OfSales();
        sales.Replace(Manifest, " solution=\"msdynce_LeadManagement (9.0.0.0)\"", "");

        sales.OnlyFinding("missing-dependency", Manifest, "<Required ").Message.ShouldContain("which solution brings it");
    }

    [Fact]
    public void A_table_of_sales_in_the_first_solution_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, "Name=\"CrmBehavior: contact deleted\"");
        solution.Replace(file, "<PrimaryEntity>contact<", "<PrimaryEntity>lead<");

        solution.OnlyFinding("missing-dependency", file, "<PrimaryEntity>");
    }

    [Fact]
    public void A_first_solution_that_cannot_be_read_hides_no_fault_of_its_own()
    {
        using SolutionCopy sales = SolutionCopy.OfSales();
        string folder = Path.GetDirectoryName(sales.Folder)!;
        File.WriteAllText(Path.Combine(folder, "CrmBehavior", "Other", "Customizations.xml"), "<broken");

        SolutionLint.CheckSources(Path.Combine(folder, "CrmBehavior"), Repository.PluginDll, Repository.Version).ShouldHaveSingleItem().Rule.ShouldBe("unreadable");
    }

    // Removes the first dependency whose Required has a text.
    static void Unlist(SolutionCopy solution, string text)
    {
        string manifest = solution.Read(Manifest);
        int at = manifest.IndexOf(text, manifest.IndexOf("<MissingDependencies>", StringComparison.Ordinal), StringComparison.Ordinal);
        int start = manifest.LastIndexOf("<MissingDependency>", at, StringComparison.Ordinal);
        int end = manifest.IndexOf("</MissingDependency>", at, StringComparison.Ordinal) + "</MissingDependency>".Length;
        solution.Write(Manifest, manifest[..start] + manifest[end..]);
    }
}
