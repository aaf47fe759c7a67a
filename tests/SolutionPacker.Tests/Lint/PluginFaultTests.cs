using System;
using System.IO;
using System.Linq;
using CrmBehavior.SolutionPacker.Linting;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Lint;

public sealed class PluginFaultTests
{
    const string Steps = "SdkMessageProcessingSteps";
    const string ContactUpdated = "Name=\"CrmBehavior: contact updated\"";

    [Fact]
    public void A_step_of_a_missing_class_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, ContactUpdated);
        solution.Replace(file, "Capture.ContactChanged,", "Capture.ContactChange,");

        solution.OnlyFinding("dangling-step", file, "ContactChange,").Message.ShouldContain("did you mean CrmBehavior.Plugins.Capture.ContactChanged");
    }

    [Fact]
    public void A_step_with_the_id_of_another_class_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, ContactUpdated);
        solution.Replace(file, "<PluginTypeId>{861d8058-f88d-4466-8db6-48b116705502}", "<PluginTypeId>{b3943b1d-21c5-43e0-bd2e-bed7623dc05e}");

        solution.OnlyFinding("dangling-step", file, "<PluginTypeId>").Message.ShouldContain("861d8058-f88d-4466-8db6-48b116705502");
    }

    [Fact]
    public void A_class_that_the_assembly_lacks_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith("PluginAssemblies", "<PluginType ");
        string step = solution.FileWith(Steps, "Name=\"CrmBehavior: keep published definition\"");
        // Both the type and its only step, so that nothing but the DLL disagrees.
        solution.Replace(file, "CrmBehavior.Plugins.Definitions.DefinitionDeleted,", "CrmBehavior.Plugins.Definitions.DefinitionGone,")
            .Replace(file, "Name=\"CrmBehavior.Plugins.Definitions.DefinitionDeleted\"", "Name=\"CrmBehavior.Plugins.Definitions.DefinitionGone\"")
            .Replace(step, "Definitions.DefinitionDeleted,", "Definitions.DefinitionGone,");

        var findings = solution.Findings();
        findings.ShouldAllBe(f => f.Rule == "plugin-type" && f.Place.File == file);
        findings.ShouldContain(f => f.Message.StartsWith("the DLL has no class CrmBehavior.Plugins.Definitions.DefinitionGone", StringComparison.Ordinal));
        findings.ShouldContain(f => f.Message.Contains("DefinitionDeleted, which has no PluginType", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_identity_than_that_of_the_assembly_is_found()
    {
        using var solution = new SolutionCopy();
        foreach (string file in Directory.EnumerateFiles(solution.Folder, "*.xml", SearchOption.AllDirectories))
        {
            File.WriteAllText(
                file, File.ReadAllText(file).Replace("CrmBehavior.Plugins, Version=1.0.0.0", "CrmBehavior.Plugins, Version=1.1.0.0", StringComparison.Ordinal));
        }

        Finding finding = solution.Findings().ShouldHaveSingleItem();
        finding.Rule.ShouldBe("plugin-assembly");
        finding.Message.ShouldStartWith("the DLL is CrmBehavior.Plugins, Version=1.0.0.0");
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_found()
    {
        using var solution = new SolutionCopy();
        string dll = Path.Combine(Path.GetDirectoryName(solution.Folder)!, "CrmBehavior.Plugins.dll");
        File.WriteAllText(dll, "no code");

        SolutionLint.CheckSources(solution.Folder, dll, Repository.Version).ShouldHaveSingleItem().Message.ShouldContain("is no .NET assembly");
    }

    [Fact]
    public void A_filtering_column_that_is_not_there_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, ContactUpdated);
        solution.Replace(file, "<FilteringAttributes>firstname,", "<FilteringAttributes>fistname,");

        solution.OnlyFinding("unknown-column", file, "<FilteringAttributes>").Message.ShouldBe("contact has no column fistname (did you mean firstname?).");
    }

    [Fact]
    public void An_update_step_without_filtering_columns_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, ContactUpdated);
        string text = solution.Read(file);
        int start = text.IndexOf("<FilteringAttributes>", StringComparison.Ordinal);
        int end = text.IndexOf("</FilteringAttributes>", StringComparison.Ordinal) + "</FilteringAttributes>".Length;
        solution.Write(file, text[..start] + text[end..]);

        solution.OnlyFinding("step", file, "<SdkMessageProcessingStep ").Message.ShouldContain("needs FilteringAttributes");
    }

    [Fact]
    public void An_asynchronous_step_before_the_operation_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, "Name=\"CrmBehavior: contact deleted\"");
        solution.Replace(file, "<Stage>40<", "<Stage>20<");

        solution.OnlyFinding("step", file, "<Stage>20<").Message.ShouldContain("stage 40 only");
    }

    [Fact]
    public void A_message_without_fixed_id_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, "Name=\"CrmBehavior: contact deleted\"");
        solution.Replace(file, "a1bdbb1b-ea3e-db11-86a7-000a3a5473e8", "a1bdbb1b-ea3e-db11-86a7-000000000000");

        solution.OnlyFinding("step", file, "<SdkMessageId>");
    }

    [Fact]
    public void An_image_before_a_create_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, "Name=\"CrmBehavior: contact created\"");
        solution.Replace(file, "<ImageType>1<", "<ImageType>0<");

        solution.OnlyFinding("image", file, "<ImageType>0<").Message.ShouldBe("there is no row before Create.");
    }

    [Fact]
    public void An_image_after_a_delete_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, "Name=\"CrmBehavior: keep published definition\"");
        solution.Replace(file, "<ImageType>0<", "<ImageType>1<");

        solution.Findings().ShouldContain(f => f.Rule == "image" && f.Message == "there is no row after Delete.");
    }

    [Fact]
    public void An_image_of_a_missing_column_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, "Name=\"CrmBehavior: task created\"");
        solution.Replace(file, "<Attributes>subject,", "<Attributes>subjekt,");

        solution.OnlyFinding("unknown-column", file, "subjekt");
    }

    [Fact]
    public void An_image_by_the_wrong_parameter_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, "Name=\"CrmBehavior: task created\"");
        solution.Replace(file, "<MessagePropertyName>Id<", "<MessagePropertyName>Target<");

        solution.OnlyFinding("image", file, "<MessagePropertyName>").Message.ShouldBe("MessagePropertyName of Create is Id.");
    }

    [Fact]
    public void A_step_to_a_missing_service_endpoint_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith(Steps, "Name=\"CrmBehavior: contact deleted\"");
        solution.Replace(file, "<EventHandlerTypeCode>4602<", "<EventHandler>{00000000-0000-0000-0000-000000000001}</EventHandler><EventHandlerTypeCode>4618<");

        solution.OnlyFinding("unknown-endpoint", file, "000000000001}");
    }

    [Fact]
    public void A_custom_api_of_a_missing_class_is_found()
    {
        using var solution = new SolutionCopy();
        const string file = "customapis/crmb_Publish/customapi.xml";
        solution.Replace(file, "5169f863-c915-42fe-b483-0b89da9bb0ec", "5169f863-c915-42fe-b483-000000000000");

        solution.OnlyFinding("dangling-step", file, "<plugintypeid>").Message.ShouldContain("no plugin type");
    }

    [Fact]
    public void A_custom_api_parameter_in_the_wrong_folder_is_found()
    {
        using var solution = new SolutionCopy();
        const string file = "customapis/crmb_Publish/customapirequestparameters/Reason/customapirequestparameter.xml";
        solution.Replace(file, "uniquename=\"Reason\"", "uniquename=\"Why\"");

        solution.OnlyFinding("custom-api", file, "Why").Message.ShouldContain("lies in the folder Reason");
    }

    [Fact]
    public void A_custom_api_bound_to_a_missing_table_is_found()
    {
        using var solution = new SolutionCopy();
        const string file = "customapis/crmb_Publish/customapi.xml";
        solution.Replace(file, ">crmb_definition<", ">crmb_definitions<");

        solution.OnlyFinding("unknown-table", file, "crmb_definitions<").Message.ShouldContain("did you mean crmb_definition?");
    }

    [Fact]
    public void Plugins_are_read_from_the_built_assembly()
        => Linting.Rules.PluginMetadata.Read(File.ReadAllBytes(Repository.PluginDll)).ShouldNotBeNull().Plugins.Order().ShouldBe(
            Plugins.Registration.StepCatalog.Types.Select(t => t.Name).Order());
}
