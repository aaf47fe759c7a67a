using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using CrmBehavior.SolutionPacker.Linting;
using CrmBehavior.SolutionPacker.Packing;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Lint;

public sealed class PackageFaultTests
{
    const string Manifest = "Other/Solution.xml";
    const string ContentTypes = "[Content_Types].xml";
    const string Endpoint = "ServiceEndpoints/crmb_events.xml";

    [Fact]
    public void An_id_used_twice_names_both_places()
    {
        using var solution = new SolutionCopy();
        string first = solution.FileWith("SdkMessageProcessingSteps", "Name=\"CrmBehavior: contact created\"");
        string second = solution.FileWith("SdkMessageProcessingSteps", "Name=\"CrmBehavior: contact deleted\"");
        solution.Replace(
            second,
            "SdkMessageProcessingStepId=\"{ae4fc4ec-a43a-4ac3-b0ae-48aed5f48a80}\"",
            "SdkMessageProcessingStepId=\"{8868e7ab-cc7d-453c-a2b3-f04cca6959bd}\"");

        var duplicate = solution.Findings().Where(f => f.Rule == "duplicate-id").ShouldHaveSingleItem();
        duplicate.Place.File.ShouldBe(second);
        duplicate.Message.ShouldContain(first);
    }

    [Fact]
    public void A_form_element_id_used_twice_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith("Entities/crmb_statistic/FormXml/main", "crmb_count");
        string[] cells = solution.Read(file).Split("<cell id=\"").Skip(1).Select(c => c.Split('"')[0]).ToArray();
        solution.Replace(file, cells[1], cells[0]);

        solution.Findings().ShouldHaveSingleItem().Rule.ShouldBe("duplicate-id");
    }

    [Fact]
    public void A_component_missing_from_the_manifest_is_found_at_the_component()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Manifest, "<RootComponent type=\"9\" schemaName=\"crmb_reviewanswer\" behavior=\"0\" />", "");

        solution.OnlyFinding("root-component", "OptionSets/crmb_reviewanswer.xml", "<optionset ")
            .Message.ShouldContain("type=\"9\" schemaName=\"crmb_reviewanswer\"");
    }

    [Fact]
    public void A_manifest_entry_without_component_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Manifest, "<RootComponents>", "<RootComponents><RootComponent type=\"1\" schemaName=\"crmb_gone\" behavior=\"0\" />");

        solution.OnlyFinding("root-component", Manifest, "crmb_gone");
    }

    [Fact]
    public void A_whole_contact_in_the_manifest_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Manifest, "schemaName=\"contact\" behavior=\"2\"", "schemaName=\"contact\" behavior=\"0\"");

        solution.OnlyFinding("root-component", Manifest, "schemaName=\"contact\"").Message.ShouldContain("behavior=\"2\"");
    }

    [Fact]
    public void An_element_out_of_order_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Endpoint, "<Contract>6</Contract>", "").Replace(Endpoint, "<SASKeyName>", "<Contract>6</Contract><SASKeyName>");

        solution.OnlyFinding("element-order", Endpoint, "<Contract>").Message.ShouldContain("Contract stands behind NamespaceFormat");
    }

    [Fact]
    public void An_unknown_element_is_found()
    {
        using var solution = new SolutionCopy();
        string step = solution.FileWith("SdkMessageProcessingSteps", "Name=\"CrmBehavior: contact deleted\"");
        solution.Replace(step, "<Stage>40</Stage>", "<StateCode>0</StateCode><Stage>40</Stage>");

        solution.OnlyFinding("unknown-element", step, "<StateCode>");
    }

    [Fact]
    public void A_privilege_that_does_not_exist_is_found()
    {
        using var solution = new SolutionCopy();
        const string role = "Roles/CrmBehavior Salesperson.xml";
        solution.Replace(role, "prvReadcrmb_review", "prvReadcrmb_reviews");

        solution.OnlyFinding("unknown-privilege", role, "prvReadcrmb_reviews");
    }

    [Fact]
    public void An_owner_privilege_on_a_table_without_owners_is_found()
    {
        using var solution = new SolutionCopy();
        const string role = "Roles/CrmBehavior Marketer.xml";
        solution.Replace(role, "prvReadcrmb_statistic", "prvAssigncrmb_statistic");

        solution.OnlyFinding("unknown-privilege", role, "prvAssigncrmb_statistic").Message.ShouldContain("no owners");
    }

    [Fact]
    public void A_privilege_on_some_rows_of_a_table_without_owners_is_found()
    {
        using var solution = new SolutionCopy();
        const string role = "Roles/CrmBehavior Marketer.xml";
        solution.Replace(role, "name=\"prvReadcrmb_statistic\" level=\"Global\"", "name=\"prvReadcrmb_statistic\" level=\"Basic\"");

        solution.OnlyFinding("privilege-level", role, "prvReadcrmb_statistic");
    }

    [Fact]
    public void A_privilege_twice_is_found()
    {
        using var solution = new SolutionCopy();
        const string role = "Roles/CrmBehavior Marketer.xml";
        solution.Replace(role, "prvReadcrmb_statistic", "prvReadcrmb_review");

        solution.Findings().ShouldHaveSingleItem().Rule.ShouldBe("duplicate-name");
    }

    [Fact]
    public void Values_of_environment_variables_are_found()
    {
        using var solution = new SolutionCopy();
        const string file = "environmentvariabledefinitions/crmb_ServiceUrl/environmentvariablevalues.json";
        solution.Write(file, """{"environmentvariablevalues":{}}""");

        var finding = solution.Findings().ShouldHaveSingleItem();
        finding.Rule.ShouldBe("environment-value");
        finding.Place.File.ShouldBe(file);
    }

    [Fact]
    public void A_secret_with_default_value_is_found()
    {
        using var solution = new SolutionCopy();
        const string file = "environmentvariabledefinitions/crmb_ServiceKey/environmentvariabledefinition.xml";
        solution.Replace(file, "<type>", "<defaultvalue>hunter2</defaultvalue><type>");

        solution.OnlyFinding("secret", file, "<defaultvalue>").Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public void A_key_of_a_service_endpoint_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Endpoint, "</SASKeyName>", "</SASKeyName><SASKey>abc</SASKey>");

        solution.Findings().ShouldContain(f => f.Rule == "secret" && f.Place.File == Endpoint);
    }

    [Fact]
    public void A_password_in_the_configuration_of_a_step_is_found()
    {
        using var solution = new SolutionCopy();
        string step = solution.FileWith("SdkMessageProcessingSteps", "Name=\"CrmBehavior: contact deleted\"");
        solution.Replace(step, "</AsyncAutoDelete>", "</AsyncAutoDelete><Configuration>password=abc</Configuration>");

        solution.OnlyFinding("secret", step, "<Configuration>");
    }

    [Fact]
    public void A_file_without_content_type_is_found()
    {
        Dictionary<string, ReadOnlyMemory<byte>> entries = BuiltEntries();
        string types = Encoding.UTF8.GetString(entries[ContentTypes].Span);
        entries[ContentTypes] = Encoding.UTF8.GetBytes(types.Replace("Extension=\"dll\"", "Extension=\"exe\"", StringComparison.Ordinal));

        Finding finding = SolutionLint.Check(StoredZip.Write(entries)).ShouldHaveSingleItem();
        finding.Rule.ShouldBe("content-type");
        finding.Place.File.ShouldBe(ContentTypes);
        finding.Message.ShouldContain("CrmBehavior.Plugins.dll has no content type");
    }

    [Fact]
    public void A_file_of_no_component_is_found()
    {
        Dictionary<string, ReadOnlyMemory<byte>> entries = BuiltEntries();
        entries["WebResources/stray.dll"] = new byte[] { 1 };

        Finding finding = SolutionLint.Check(StoredZip.Write(entries)).ShouldHaveSingleItem();
        finding.Rule.ShouldBe("package-content");
        finding.Place.File.ShouldBe("WebResources/stray.dll");
    }

    [Fact]
    public void A_component_whose_file_is_missing_is_found_at_the_component()
    {
        Dictionary<string, ReadOnlyMemory<byte>> entries = BuiltEntries();
        string start = entries.Keys.Single(k => k.StartsWith("WebResources/crmb_start", StringComparison.Ordinal));
        entries.Remove(start);

        Finding finding = SolutionLint.Check(StoredZip.Write(entries)).ShouldHaveSingleItem();
        finding.Rule.ShouldBe("unreadable");
        finding.Place.File.ShouldBe("customizations.xml");
        finding.Message.ShouldBe($"names the file {start}, which is not in the zip.");
    }

    [Fact]
    public void A_finding_prints_as_the_compiler_does()
    {
        using var solution = new SolutionCopy();
        solution.Replace(Endpoint, "<Contract>6</Contract>", "").Replace(Endpoint, "<SASKeyName>", "<Contract>6</Contract><SASKeyName>");

        solution.Findings().ShouldHaveSingleItem().ToString().ShouldStartWith(
            FormattableString.Invariant($"{Endpoint}({solution.LineOf(Endpoint, "<Contract>")},"), Case.Sensitive);
        solution.Findings()[0].ToString().ShouldContain(": error element-order: ServiceEndpoint[crmb_events]/Contract: ");
    }

    static Dictionary<string, ReadOnlyMemory<byte>> BuiltEntries()
    {
        using var archive = new ZipArchive(new MemoryStream(Repository.BuiltZip(managed: true)), ZipArchiveMode.Read);
        return archive.Entries.ToDictionary(e => e.FullName, e =>
        {
            using Stream stream = e.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return (ReadOnlyMemory<byte>)content.ToArray();
        });
    }
}
