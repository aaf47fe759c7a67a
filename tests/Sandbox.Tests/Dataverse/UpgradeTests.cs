using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using System.Xml.Linq;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

/// <summary>From version n to n+1 with data in place, solutions upon solutions, and uninstalling them.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    const string ExtraRole = "c0000000-0000-4000-8000-000000000001", ExtraStep = "c0000000-0000-4000-8000-000000000002";
    SandboxFixture sandbox = null!;

    Crm Crm => sandbox.Crm;

    public async Task InitializeAsync() => sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task Upgrade_drops_what_the_new_version_lacks_and_keeps_the_data_of_the_rest()
    {
        await ImportAsync(Extended("1.0.0.0"));
        Guid contact = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "K", ["crmb_extra"] = "goes", ["crmb_grade"] = "stays" });
        Guid user = Guid.Parse((await Crm.As("sandbox:marketer").GetAsync("WhoAmI")).Json["UserId"]!.GetValue<string>());
        (await Crm.PostAsync($"systemusers({user})/systemuserroles_association/$ref", new JsonObject { ["@odata.id"] = $"roles({ExtraRole})" }))
            .Status.ShouldBe(204);
        (await Crm.GetAsync("webresourceset?$filter=name eq 'crmb_/extra.html'")).Rows.Count.ShouldBe(1);
        await ImportAsync(SolutionZip.OfProduct("2.0.0.0"));
        (await Crm.GetAsync($"contacts({contact})?$select=crmb_extra")).Status.ShouldBe(400);
        (await Crm.GetAsync($"contacts({contact})?$select=crmb_grade")).Json["crmb_grade"]!.GetValue<string>().ShouldBe("stays");
        (await Crm.GetAsync($"roles({ExtraRole})")).Status.ShouldBe(404);
        (await Crm.GetAsync($"systemusers({user})/systemuserroles_association?$select=name")).Column("name").ShouldNotContain("CrmBehavior Extra");
        (await Crm.GetAsync($"sdkmessageprocessingsteps({ExtraStep})")).Status.ShouldBe(404);
        (await Crm.GetAsync("webresourceset?$filter=name eq 'crmb_/extra.html'")).Rows.ShouldBeEmpty();
        await ImportAsync(Extended("3.0.0.0"));
        (await Crm.GetAsync($"contacts({contact})?$select=crmb_extra")).Json["crmb_extra"].ShouldBeNull("a dropped column takes its values along");
    }

    [Fact]
    public async Task Column_keeps_its_type_and_never_shrinks()
    {
        await ImportAsync(SolutionZip.OfProduct("1.0.0.0"));
        await ImportAsync(Upon());
        SolutionZip retyped = Upon("2.0.0.0");
        retyped.Column("crmb_tag", "oth_note").Element("Type")!.Value = "ntext";
        CrmAnswer answer = await TryAsync(retyped);
        answer.Status.ShouldBe(400);
        answer.Message.ShouldNotBeNull().ShouldContain("Attribute oth_note of entity crmb_tag is a String, but a Memo type was specified");
        SolutionZip shorter = SolutionZip.OfProduct("2.0.0.0");
        shorter.Column("crmb_tag", "crmb_name").Element("MaxLength")!.Value = "10";
        (await TryAsync(shorter)).Message.ShouldNotBeNull().ShouldContain("cannot be made smaller");
        (await Crm.GetAsync("solutions?$select=version&$filter=uniquename eq 'CrmBehavior'")).Column("version").ShouldBe(["1.0.0.0"]);
    }

    [Fact]
    public async Task Solution_that_others_need_cannot_be_uninstalled_and_they_are_named()
    {
        await ImportAsync(SolutionZip.OfProduct());
        await ImportAsync(Upon());
        Guid tag = await Crm.CreateAsync("crmb_tags", new JsonObject { ["crmb_name"] = "t", ["oth_note"] = "n" });
        CrmAnswer refused = await UninstallAsync("CrmBehavior");
        (refused.Status, refused.Code).ShouldBe((400, "0x8004f01f"));
        string message = refused.Message.ShouldNotBeNull();
        message.ShouldContain("the columns oth_note on table 'crmb_tag' of solution 'Upon'");
        message.ShouldContain("step 'Upon: also on task' of solution 'Upon'");
        (await Crm.GetAsync($"crmb_tags({tag})?$select=oth_note")).Json["oth_note"]!.GetValue<string>().ShouldBe("n", "nothing was taken away");
        (await UninstallAsync("Upon")).Status.ShouldBe(204);
        (await Crm.GetAsync($"crmb_tags({tag})?$select=crmb_name")).Json["crmb_name"]!.GetValue<string>().ShouldBe("t");
        (await Crm.GetAsync($"crmb_tags({tag})?$select=oth_note")).Status.ShouldBe(400);
        (await UninstallAsync("CrmBehavior")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Step_that_a_customer_registered_on_a_class_of_the_solution_holds_it_too()
    {
        await ImportAsync(SolutionZip.OfProduct());
        JsonNode type = (await Crm.GetAsync("plugintypes?$select=plugintypeid&$top=1")).Rows.Single()!;
        JsonNode filter = (await Crm.GetAsync(
            "sdkmessagefilters?$select=_sdkmessageid_value&$filter=primaryobjecttypecode eq 'account' and sdkmessageid/name eq 'Create'")).Rows.Single()!;
        Guid step = await Crm.CreateAsync("sdkmessageprocessingsteps", new JsonObject
        {
            ["name"] = "by hand",
            ["stage"] = 40,
            ["mode"] = 1,
            ["rank"] = 1,
            ["sdkmessageid@odata.bind"] = $"/sdkmessages({filter["_sdkmessageid_value"]})",
            ["sdkmessagefilterid@odata.bind"] = $"/sdkmessagefilters({filter["sdkmessagefilterid"]})",
            ["eventhandler_plugintype@odata.bind"] = $"/plugintypes({type["plugintypeid"]})",
        });
        (await UninstallAsync("CrmBehavior")).Message.ShouldNotBeNull().ShouldContain("step 'by hand'");
        await Crm.DeleteAsync($"sdkmessageprocessingsteps({step})");
        (await UninstallAsync("CrmBehavior")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Uninstall_takes_jobs_notes_and_parties_along()
    {
        await ImportAsync(SolutionZip.OfProduct());
        Guid contact = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "x" });
        Guid touchpoint = await Crm.CreateAsync("crmb_touchpoints", new JsonObject
        {
            ["subject"] = "s",
            ["regardingobjectid_contact_crmb_touchpoint@odata.bind"] = $"/contacts({contact})",
            ["crmb_touchpoint_activity_parties"] = new JsonArray(
                new JsonObject { ["partyid_contact@odata.bind"] = $"/contacts({contact})", ["participationtypemask"] = 2 }),
        });
        await Crm.CreateAsync("annotations", new JsonObject { ["subject"] = "kept", ["objectid_contact@odata.bind"] = $"/contacts({contact})" });
        await sandbox.Controls.FaultAsync(new JsonObject { ["target"] = "bus", ["kind"] = "status" });
        await Crm.CreateAsync("tasks", new JsonObject { ["subject"] = "waits", ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({contact})" });
        (await UninstallAsync("CrmBehavior")).Status.ShouldBe(204);
        await sandbox.Controls.ClearFaultsAsync();
        (await Crm.GetAsync("asyncoperations")).Rows.ShouldBeEmpty();
        (await Crm.GetAsync($"activityparties?$filter=_activityid_value eq {touchpoint}")).Rows.ShouldBeEmpty();
        (await Crm.GetAsync("annotations?$select=subject")).Column("subject").ShouldBe(["kept"]);
        (await Crm.GetAsync("publishers?$filter=customizationprefix eq 'crmb'")).Rows.ShouldBeEmpty();
        (await Crm.GetAsync("EntityDefinitions?$select=LogicalName&$filter=IsCustomEntity eq true")).Rows.ShouldBeEmpty();
        (await Crm.GetAsync("GlobalOptionSetDefinitions")).Rows.ShouldBeEmpty();
        (await Crm.GetAsync("privileges?$filter=contains(name,'crmb_')")).Rows.ShouldBeEmpty();
        (await Crm.GetAsync("sdkmessages?$filter=startswith(name,'crmb_')")).Rows.ShouldBeEmpty();
    }

    // The product with a column, a role, a step and a web resource more.
    static SolutionZip Extended(string version)
    {
        SolutionZip zip = SolutionZip.OfProduct(version);
        zip.AddColumn("Contact", "crmb_grade", "crmb_extra");
        var role = new XElement(zip.Section("Roles").Elements().First());
        role.SetAttributeValue("id", "{" + ExtraRole + "}");
        role.SetAttributeValue("name", "CrmBehavior Extra");
        zip.Section("Roles").Add(role);
        zip.AddRoot(20, null, new Guid(ExtraRole));
        zip.Section("SdkMessageProcessingSteps").Add(Step(zip, ExtraStep, "CrmBehavior: extra"));
        zip.AddRoot(92, null, new Guid(ExtraStep));
        var resource = new XElement(zip.Section("WebResources").Elements().First(w => w.Element("WebResourceType")!.Value == "1"));
        resource.Element("WebResourceId")!.Value = "{c0000000-0000-4000-8000-000000000003}";
        resource.Element("Name")!.Value = "crmb_/extra.html";
        resource.Element("FileName")!.Value = "/WebResources/crmb_extra.html";
        zip.Section("WebResources").Add(resource);
        zip.Put("WebResources/crmb_extra.html", "<html></html>");
        zip.AddRoot(61, "crmb_/extra.html");
        return zip;
    }

    // A solution that adds a column to one of the product's tables and runs one of its classes.
    static SolutionZip Upon(string version = "1.0.0.0")
    {
        SolutionZip product = SolutionZip.OfProduct(), zip = SolutionZip.Empty("Upon", version);
        var table = new XElement(product.Table("Contact"));
        table.Element("Name")!.Value = "crmb_tag";
        XElement definition = table.Descendants("entity").First();
        definition.SetAttributeValue("Name", "crmb_tag");
        XElement attributes = definition.Element("attributes")!;
        foreach (XElement other in attributes.Elements().Skip(1).ToList()) other.Remove();
        XElement note = attributes.Elements().Single();
        note.ReplaceWith(Renamed(product.Column("Contact", "crmb_grade"), "oth_note"));
        foreach (XElement part in table.Elements().Where(e => e.Name.LocalName is not ("Name" or "EntityInfo")).ToList()) part.RemoveNodes();
        zip.Section("Entities").Add(table);
        zip.AddRoot(1, "crmb_tag", behavior: 2);
        zip.Section("SdkMessageProcessingSteps").Add(Step(product, "d0000000-0000-4000-8000-000000000001", "Upon: also on task"));
        zip.AddRoot(92, null, new Guid("d0000000-0000-4000-8000-000000000001"));
        zip.Need(1, "crmb_tag", "CrmBehavior (1.0.0.0)");
        return zip;
    }

    static XElement Renamed(XElement column, string name)
    {
        var copy = new XElement(column);
        copy.SetAttributeValue("PhysicalName", name);
        foreach (string element in (string[])["Name", "LogicalName"]) copy.Element(element)!.Value = name;
        return copy;
    }

    static XElement Step(SolutionZip zip, string id, string name)
    {
        XElement like = zip.Section("SdkMessageProcessingSteps").Elements().First(s => s.Element("PrimaryEntity")?.Value == "task");
        var step = XElement.Parse(Regex.Replace(
            like.ToString(), "(?<=<SdkMessageProcessingStepImageId>)[^<]*", _ => Guid.NewGuid().ToString("B")));
        step.SetAttributeValue("SdkMessageProcessingStepId", $"{{{id}}}");
        step.SetAttributeValue("Name", name);
        return step;
    }

    async Task<CrmAnswer> UninstallAsync(string name)
    {
        JsonNode solution = (await Crm.GetAsync($"solutions?$select=solutionid&$filter=uniquename eq '{name}'")).Rows.Single()!;
        return await Crm.DeleteAsync($"solutions({solution["solutionid"]})");
    }

    async Task ImportAsync(SolutionZip zip)
    {
        CrmAnswer answer = await TryAsync(zip);
        answer.Status.ShouldBe(204, answer.Text);
    }

    Task<CrmAnswer> TryAsync(SolutionZip zip) => Crm.PostAsync("ImportSolution", new JsonObject
    {
        ["OverwriteUnmanagedCustomizations"] = false,
        ["PublishWorkflows"] = true,
        ["CustomizationFile"] = Convert.ToBase64String(zip.ToBytes()),
        ["ImportJobId"] = Guid.NewGuid().ToString(),
    });
}
