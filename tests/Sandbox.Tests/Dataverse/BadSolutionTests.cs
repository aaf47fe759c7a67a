using System;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using System.Xml.Linq;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

/// <summary>A zip with one planted fault is refused as a whole, and the answer names what is wrong and where.</summary>
public sealed class BadSolutionTests : IAsyncLifetime
{
    SandboxFixture sandbox = null!;

    Crm Crm => sandbox.Crm;

    public async Task InitializeAsync() => sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task Form_with_a_column_that_does_not_exist() =>
        await RefusedAsync(z => z.Table("crmb_tag").Descendants("control").First(c => c.Attribute("datafieldname") is not null)
            .SetAttributeValue("datafieldname", "crmb_nosuch"), "customizations.xml", "crmb_tag has no column crmb_nosuch");

    [Fact]
    public async Task Step_whose_class_is_not_in_the_assembly() =>
        await RefusedAsync(z =>
        {
            XElement name = z.Section("SdkMessageProcessingSteps").Elements().First().Element("PluginTypeName")!;
            name.Value = name.Value.Replace("CrmBehavior.Plugins.", "CrmBehavior.Plugins.No", StringComparison.Ordinal);
        }, "SdkMessageProcessingStep", "there is no plugin type");

    [Fact]
    public async Task Class_that_the_DLL_does_not_have() =>
        await RefusedAsync(z =>
        {
            XElement type = z.Section("SolutionPluginAssemblies").Descendants("PluginType").First();
            string name = type.Attribute("Name")!.Value;
            type.SetAttributeValue("Name", name + "X");
            type.SetAttributeValue("AssemblyQualifiedName", type.Attribute("AssemblyQualifiedName")!.Value.Replace(name, name + "X", StringComparison.Ordinal));
        }, "PluginType", "the DLL has no class");

    [Fact]
    public async Task Id_that_two_steps_share() =>
        await RefusedAsync(z =>
        {
            XElement[] steps = [.. z.Section("SdkMessageProcessingSteps").Elements().Take(2)];
            steps[1].SetAttributeValue("SdkMessageProcessingStepId", steps[0].Attribute("SdkMessageProcessingStepId")!.Value);
        }, "SdkMessageProcessingStep", "duplicate-id");

    [Fact]
    public async Task Column_of_a_type_there_is_not() =>
        await RefusedAsync(z => z.Column("crmb_tag", "crmb_name").Element("Type")!.Value = "blob", "crmb_name", "blob");

    [Fact]
    public async Task Role_with_a_privilege_there_is_not() =>
        await RefusedAsync(z => z.Section("Roles").Descendants("RolePrivilege").First().SetAttributeValue("name", "prvReadcrmb_nothing"),
            "Role", "prvReadcrmb_nothing");

    [Fact]
    public async Task View_that_shows_a_column_that_does_not_exist() =>
        await RefusedAsync(z =>
        {
            XElement fetch = z.Table("crmb_tag").Descendants("savedquery").First().Descendants("attribute").First(a => a.Attribute("name")?.Value == "crmb_name");
            fetch.SetAttributeValue("name", "crmb_nosuch");
        }, "savedquery", "crmb_nosuch");

    [Fact]
    public async Task Web_resource_whose_file_is_missing() =>
        await RefusedAsync(z => z.Remove(z.Files.First(f => f.StartsWith("WebResources/", StringComparison.Ordinal))), "WebResource", "not in the zip");

    [Fact]
    public async Task File_that_is_no_xml_or_missing()
    {
        SolutionZip broken = SolutionZip.OfProduct();
        broken.Remove("customizations.xml");
        await RefusedAsync(broken.ToBytes(), "customizations.xml", "is missing");
        SolutionZip open = SolutionZip.OfProduct();
        open.Put("environmentvariabledefinitions/crmb_MainScore/environmentvariabledefinition.xml", "<environmentvariabledefinition>");
        await RefusedAsync(open.ToBytes(), "environmentvariabledefinitions/crmb_MainScore/environmentvariabledefinition.xml", "");
        await RefusedAsync(Encoding.UTF8.GetBytes("no zip"), "zip", "cannot be read");
    }

    [Fact]
    public async Task Solution_that_needs_another_which_is_not_here()
    {
        SolutionZip other = SolutionZip.Empty("Needy");
        other.Need(1, "crmb_Tag", "CrmBehavior (1.0.0.0)");
        other.Need(92, "CrmBehavior: task completed", "CrmBehavior (1.0.0.0)");
        CrmAnswer answer = await ImportAsync(other.ToBytes(), Guid.NewGuid());
        (answer.Status, answer.Code).ShouldBe((400, "0x8004801d"));
        answer.Message.ShouldNotBeNull().ShouldContain("table 'crmb_Tag' of solution 'CrmBehavior (1.0.0.0)'; step 'CrmBehavior: task completed'");
        (await ImportAsync(SolutionZip.Built, Guid.NewGuid())).Status.ShouldBe(204);
        (await ImportAsync(other.ToBytes(), Guid.NewGuid())).Status.ShouldBe(204);
    }

    async Task RefusedAsync(Action<SolutionZip> plant, string place, string problem)
    {
        SolutionZip zip = SolutionZip.OfProduct();
        plant(zip);
        await RefusedAsync(zip.ToBytes(), place, problem);
    }

    async Task RefusedAsync(byte[] zip, string place, string problem)
    {
        var job = Guid.NewGuid();
        CrmAnswer answer = await ImportAsync(zip, job);
        (answer.Status, answer.Code).ShouldBe((400, "0x8004801a"), answer.Text);
        string message = answer.Message.ShouldNotBeNull();
        message.ShouldContain(place);
        message.ShouldContain(problem);
        (await Crm.GetAsync($"importjobs({job})?$select=data")).Json["data"]!.GetValue<string>().ShouldContain("result=\"failure\"");
        (await Crm.GetAsync("crmb_tags")).Status.ShouldBe(404);
        (await Crm.GetAsync("solutions?$filter=uniquename eq 'CrmBehavior'")).Rows.ShouldBeEmpty();
        (await Crm.GetAsync("sdkmessageprocessingsteps")).Rows.ShouldBeEmpty();
    }

    Task<CrmAnswer> ImportAsync(byte[] zip, Guid job) => Crm.PostAsync("ImportSolution", new JsonObject
    {
        ["OverwriteUnmanagedCustomizations"] = false,
        ["PublishWorkflows"] = true,
        ["CustomizationFile"] = Convert.ToBase64String(zip),
        ["ImportJobId"] = job.ToString(),
    });
}
