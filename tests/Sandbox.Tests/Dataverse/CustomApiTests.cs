using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using System.Xml.Linq;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

/// <summary>Custom APIs as a solution brings them: imported from a zip and run by the class in the zip's DLL.</summary>
public sealed class CustomApiTests : IAsyncLifetime
{
    static readonly (string Name, int Type)[] Everything =
    [
        ("Flag", 0), ("When", 1), ("Amount", 2), ("Row", 3), ("Rows", 4), ("Reference", 5), ("Real", 6), ("Whole", 7), ("Money", 8), ("Choice", 9),
        ("Text", 10), ("Texts", 11), ("Id", 12),
    ];

    SandboxFixture sandbox = null!;

    Crm Crm => sandbox.Crm;

    public async Task InitializeAsync()
    {
        sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });
        CrmAnswer answer = await Crm.PostAsync("ImportSolution", new JsonObject
        {
            ["OverwriteUnmanagedCustomizations"] = false,
            ["PublishWorkflows"] = true,
            ["CustomizationFile"] = Convert.ToBase64String(Zip()),
            ["ImportJobId"] = Guid.NewGuid().ToString(),
        });
        answer.Status.ShouldBe(204, answer.Text);
    }

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task Action_takes_and_gives_every_type_of_parameter()
    {
        Guid contact = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "Named" });
        var body = new JsonObject
        {
            ["Flag"] = true,
            ["When"] = "2026-01-05T10:00:00Z",
            ["Amount"] = 1.25m,
            ["Row"] = new JsonObject
            {
                ["@odata.type"] = "Microsoft.Dynamics.CRM.contact",
                ["lastname"] = "Row",
                ["donotemail"] = true,
                ["parentcustomerid_contact@odata.bind"] = $"/contacts({contact})",
            },
            ["Rows"] = new JsonArray(new JsonObject { ["@odata.type"] = "Microsoft.Dynamics.CRM.task", ["subject"] = "first" },
                new JsonObject { ["@odata.type"] = "Microsoft.Dynamics.CRM.task", ["subject"] = "second" }),
            ["Reference"] = new JsonObject { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["contactid"] = contact.ToString() },
            ["Real"] = 0.5,
            ["Whole"] = 7,
            ["Money"] = 9.99m,
            ["Choice"] = 3,
            ["Text"] = "it's",
            ["Texts"] = new JsonArray("a", "b"),
            ["Id"] = contact.ToString(),
        };
        CrmAnswer answer = await Crm.PostAsync("oth_Echo", body);
        answer.Status.ShouldBe(200, answer.Text);
        JsonNode got = answer.Json;
        got["Types"]!.GetValue<string>().ShouldBe(
            "Amount:Decimal Choice:OptionSetValue Flag:Boolean Id:Guid Money:Money Real:Double Reference:EntityReference Row:Entity Rows:EntityCollection Text:String Texts:String[] When:DateTime Whole:Int32");
        foreach (string name in (string[])["Flag", "When", "Amount", "Real", "Whole", "Money", "Choice", "Text", "Texts", "Id"])
            got[name]!.ToJsonString().ShouldBe(body[name]!.ToJsonString(), name);
        (got["Row"]!["@odata.type"]!.GetValue<string>(), got["Row"]!["lastname"]!.GetValue<string>(), got["Row"]!["_parentcustomerid_value"]!.GetValue<string>())
            .ShouldBe(("#Microsoft.Dynamics.CRM.contact", "Row", contact.ToString()));
        got["Rows"]!.AsArray().Select(r => r!["subject"]!.GetValue<string>()).ShouldBe(["first", "second"]);
        got["Reference"]!["contactid"]!.GetValue<string>().ShouldBe(contact.ToString());
        got["Stage"]!.GetValue<int>().ShouldBe(30);
    }

    [Theory]
    [InlineData("Whole", "\"7\"")]
    [InlineData("Id", "\"no id\"")]
    [InlineData("When", "\"yesterday\"")]
    [InlineData("Texts", "[1]")]
    [InlineData("Flag", "1")]
    [InlineData("Nobody", "1")]
    public async Task Value_of_another_type_and_unknown_parameters_are_refused_by_name(string name, string json)
    {
        CrmAnswer answer = await Crm.PostAsync("oth_Echo", new JsonObject { ["Text"] = "x", [name] = JsonNode.Parse(json) });
        answer.Status.ShouldBe(400);
        answer.Message.ShouldNotBeNull().ShouldContain($"'{name}'");
    }

    [Fact]
    public async Task Required_parameter_that_is_missing_is_named_and_a_method_that_does_not_fit_is_405()
    {
        (await Crm.PostAsync("oth_Echo", new JsonObject())).Message.ShouldNotBeNull().ShouldContain("'Text'");
        (await Crm.GetAsync("oth_Echo")).Status.ShouldBe(405);
        (await Crm.PostAsync("oth_Ask", new JsonObject())).Status.ShouldBe(405);
        (await Crm.PostAsync("oth_NoSuch", new JsonObject())).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Function_takes_its_parameters_from_the_address_also_by_alias()
    {
        Guid id = Guid.NewGuid();
        JsonNode got = (await Crm.GetAsync($"oth_Ask(Text=@t,Whole=7,Flag=true,Id={id},When=@w)?@t='it''s'&@w=2026-01-05T10:00:00Z")).Json;
        got["Types"]!.GetValue<string>().ShouldBe("Flag:Boolean Id:Guid Text:String When:DateTime Whole:Int32");
        (got["Text"]!.GetValue<string>(), got["Id"]!.GetValue<Guid>()).ShouldBe(("it's", id));
        (await Crm.GetAsync("oth_Ask(Text='x',Whole='seven')")).Status.ShouldBe(400);
        (await Crm.GetAsync("oth_Ask(Text='x',Nobody=1)")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Bound_ones_are_told_the_row_or_the_table()
    {
        Guid contact = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "Bound" });
        (await Crm.PostAsync($"contacts({contact})/Microsoft.Dynamics.CRM.oth_EchoRow", new JsonObject { ["Text"] = "x" })).Json["About"]!
            .GetValue<string>().ShouldBe($"contact {contact}");
        (await Crm.GetAsync($"contacts({contact})/Microsoft.Dynamics.CRM.oth_AskRow(Text='x')")).Json["About"]!.GetValue<string>()
            .ShouldBe($"contact {contact}");
        (await Crm.GetAsync("contacts/Microsoft.Dynamics.CRM.oth_AskSet(Text='x')")).Json["About"]!.GetValue<string>().ShouldBe("contact");
        (await Crm.PostAsync($"contacts({Guid.NewGuid()})/Microsoft.Dynamics.CRM.oth_EchoRow", new JsonObject { ["Text"] = "x" })).Status.ShouldBe(404);
        (await Crm.PostAsync("tasks/Microsoft.Dynamics.CRM.oth_EchoRow", new JsonObject { ["Text"] = "x" })).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Csdl_declares_them()
    {
        XDocument csdl = XDocument.Parse((await Crm.GetAsync("$metadata")).Text);
        XElement action = csdl.Descendants().Single(e => e.Name.LocalName == "Action" && e.Attribute("Name")?.Value == "oth_Echo");
        action.Elements().Where(e => e.Name.LocalName == "Parameter").Select(e => (e.Attribute("Name")!.Value, e.Attribute("Type")!.Value))
            .ShouldContain(("When", "Edm.DateTimeOffset"));
        csdl.Descendants().Single(e => e.Name.LocalName == "Function" && e.Attribute("Name")?.Value == "oth_AskRow").Attribute("IsBound")!.Value
            .ShouldBe("true");
    }

    static byte[] Zip()
    {
        string dll = Path.Combine(AppContext.BaseDirectory, "Sandbox.TestPlugins.dll");
        string fullName = AssemblyName.GetAssemblyName(dll).FullName;
        Guid assembly = new("b0000000-0000-4000-8000-000000000001"), type = new("b0000000-0000-4000-8000-000000000002");
        SolutionZip zip = SolutionZip.Empty("OtherApis");
        const string file = "PluginAssemblies/Sandbox.TestPlugins/Sandbox.TestPlugins.dll";
        zip.Put(file, File.ReadAllBytes(dll));
        zip.Section("SolutionPluginAssemblies").Add(new XElement("PluginAssembly", new XAttribute("FullName", fullName),
            new XAttribute("PluginAssemblyId", assembly.ToString("B")), new XAttribute("CustomizationLevel", 1),
            new XElement("IsolationMode", 2), new XElement("SourceType", 0), new XElement("IntroducedVersion", "1.0"), new XElement("FileName", "/" + file),
            new XElement("PluginTypes", new XElement("PluginType",
                new XAttribute("AssemblyQualifiedName", "CrmBehavior.Sandbox.TestPlugins.EchoApi, " + fullName),
                new XAttribute("PluginTypeId", type.ToString("B")), new XAttribute("Name", "CrmBehavior.Sandbox.TestPlugins.EchoApi"),
                new XElement("FriendlyName", "echo")))));
        zip.AddRoot(91, fullName, assembly);
        foreach ((string name, int binding, bool function) in new[] { ("oth_Echo", 0, false), ("oth_Ask", 0, true), ("oth_EchoRow", 1, false),
            ("oth_AskRow", 1, true), ("oth_AskSet", 2, true) })
        {
            zip.Put($"customapis/{name}/customapi.xml",
                $"<customapi uniquename=\"{name}\"><allowedcustomprocessingsteptype>0</allowedcustomprocessingsteptype><bindingtype>{binding}</bindingtype>"
                + (binding == 0 ? "" : "<boundentitylogicalname>contact</boundentitylogicalname>")
                + $"<description default=\"d\" /><displayname default=\"{name}\" /><isfunction>{(function ? 1 : 0)}</isfunction><isprivate>0</isprivate><name>{name}</name><plugintypeid><plugintypeexportkey>{type:B}</plugintypeexportkey></plugintypeid></customapi>");
            foreach ((string parameter, int kind) in Everything)
            {
                zip.Put($"customapis/{name}/customapirequestparameters/{parameter}/customapirequestparameter.xml",
                    $"<customapirequestparameter uniquename=\"{parameter}\"><description default=\"d\" /><displayname default=\"p\" /><isoptional>{(parameter == "Text" ? 0 : 1)}</isoptional><name>{parameter}</name><type>{kind}</type></customapirequestparameter>");
                Property(zip, name, parameter, kind);
            }
            foreach ((string property, int kind) in new List<(string, int)> { ("Types", 10), ("Stage", 7), ("About", 10) }) Property(zip, name, property, kind);
        }
        return zip.ToBytes();
    }

    static void Property(SolutionZip zip, string api, string name, int type) =>
        zip.Put($"customapis/{api}/customapiresponseproperties/{name}/customapiresponseproperty.xml",
            $"<customapiresponseproperty uniquename=\"{name}\"><description default=\"d\" /><displayname default=\"p\" /><name>{name}</name><type>{type}</type></customapiresponseproperty>");
}
