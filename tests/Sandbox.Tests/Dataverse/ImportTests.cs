using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Hosting;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

public sealed class ImportTests : IAsyncLifetime
{
    SandboxFixture sandbox = null!;

    Crm Crm => sandbox.Crm;

    public async Task InitializeAsync() => sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task Organisation_without_the_solution_has_only_the_platforms_tables()
    {
        (await Crm.GetAsync("crmb_tags")).Status.ShouldBe(404);
        (await Crm.GetAsync("contacts?$select=crmb_score")).Status.ShouldBe(400);
        (await Crm.GetAsync("contacts?$select=lastname")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Import_makes_tables_rows_and_a_job_that_succeeded()
    {
        var job = Guid.NewGuid();
        (await ImportAsync(Zip(), job)).Status.ShouldBe(204);
        JsonNode result = (await Crm.GetAsync($"importjobs({job})?$select=progress,solutionname,data")).Json;
        (result["progress"]!.GetValue<double>(), result["solutionname"]!.GetValue<string>()).ShouldBe((100, "CrmBehavior"));
        result["data"]!.GetValue<string>().ShouldContain("result=\"success\"");
        (await Crm.GetAsync("solutions?$select=version,ismanaged&$filter=uniquename eq 'CrmBehavior'")).Rows.Single()!["ismanaged"]!.GetValue<bool>()
            .ShouldBeTrue();
        (await Crm.GetAsync("crmb_tags")).Status.ShouldBe(200);
        (await Crm.GetAsync("sdkmessageprocessingsteps?$filter=statecode eq 0")).Rows.ShouldNotBeEmpty();
        using var http = sandbox.Http();
        (await http.GetStringAsync(new Uri("/WebResources/crmb_/start.html", UriKind.Relative))).ShouldContain("<html");
    }

    [Fact]
    public async Task Steps_stay_off_unless_the_import_activates_them()
    {
        (await ImportAsync(Zip(), Guid.NewGuid(), activate: false)).Status.ShouldBe(204);
        (await Crm.GetAsync("sdkmessageprocessingsteps?$filter=statecode eq 0")).Rows.ShouldBeEmpty();
        await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "unseen" });
        await sandbox.Controls.SettleAsync();
        (await sandbox.Bus.TakeAsync("crm-events")).Status.ShouldBe(204);
        JsonNode step = (await Crm.GetAsync(
            "sdkmessageprocessingsteps?$select=name&$filter=sdkmessageid/name eq 'Create' and sdkmessagefilterid/primaryobjecttypecode eq 'contact'")).Rows.Single()!;
        (await Crm.PatchAsync($"sdkmessageprocessingsteps({step["sdkmessageprocessingstepid"]})", new JsonObject { ["statecode"] = 0, ["statuscode"] = 1 }))
            .Status.ShouldBe(204);
        await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "seen" });
        await sandbox.Controls.SettleAsync();
        (await sandbox.Bus.TakeAsync("crm-events")).Body.ShouldContain("seen");
    }

    [Fact]
    public async Task Upgrade_keeps_data_and_an_older_version_is_refused()
    {
        await ImportAsync(Zip(), Guid.NewGuid());
        Guid contact = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "K", ["crmb_grade"] = "hot" });
        await Crm.CreateAsync("crmb_tags", new JsonObject { ["crmb_name"] = "kept" });
        (await ImportAsync(Zip("99.0.0.0"), Guid.NewGuid())).Status.ShouldBe(204);
        (await Crm.GetAsync("solutions?$select=version&$filter=uniquename eq 'CrmBehavior'")).Column("version").ShouldBe(["99.0.0.0"]);
        (await Crm.GetAsync($"contacts({contact})?$select=crmb_grade")).Json["crmb_grade"]!.GetValue<string>().ShouldBe("hot");
        (await Crm.GetAsync("crmb_tags?$select=crmb_name")).Column("crmb_name").ShouldBe(["kept"]);
        CrmAnswer older = await ImportAsync(Zip("2.0.0.0"), Guid.NewGuid());
        (older.Status, older.Code).ShouldBe((400, "0x80048033"));
    }

    [Fact]
    public async Task Uninstall_leaves_no_component_no_column_and_no_row_behind()
    {
        await ImportAsync(Zip(), Guid.NewGuid());
        Guid contact = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "K", ["crmb_grade"] = "hot" });
        await Crm.CreateAsync(
            "crmb_touchpoints", new JsonObject { ["subject"] = "s", ["regardingobjectid_contact_crmb_touchpoint@odata.bind"] = $"/contacts({contact})" });
        await sandbox.Controls.SettleAsync();
        JsonNode solution = (await Crm.GetAsync("solutions?$filter=uniquename eq 'CrmBehavior'")).Rows.Single()!;
        (await Crm.DeleteAsync($"solutions({solution["solutionid"]})")).Status.ShouldBe(204);
        foreach (string set in (string[])["solutions", "sdkmessageprocessingsteps", "sdkmessageprocessingstepimages", "plugintypes", "pluginassemblies",
            "serviceendpoints", "environmentvariabledefinitions", "environmentvariablevalues", "customapis", "webresourceset", "savedqueries", "systemforms",
                "appmodules", "activitypointers"])
            (await Crm.GetAsync(set)).Rows.ShouldBeEmpty(set);
        (await Crm.GetAsync("roles?$select=name")).Column("name").ShouldBe(["System Administrator"]);
        (await Crm.GetAsync("crmb_tags")).Status.ShouldBe(404);
        (await Crm.GetAsync($"contacts({contact})")).Json.AsObject().Select(m => m.Key).ShouldNotContain(k => k.StartsWith("crmb_", StringComparison.Ordinal));
        (await ImportAsync(Zip(), Guid.NewGuid())).Status.ShouldBe(204);
        (await Crm.GetAsync($"contacts({contact})?$select=crmb_grade")).Json["crmb_grade"].ShouldBeNull();
        (await Crm.GetAsync("crmb_touchpoints")).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task File_that_is_no_solution_is_refused_and_its_job_says_why()
    {
        var job = Guid.NewGuid();
        CrmAnswer answer = await ImportAsync("no zip"u8.ToArray(), job);
        (answer.Status, answer.Code).ShouldBe((400, "0x8004801a"));
        (await Crm.GetAsync($"importjobs({job})?$select=data")).Json["data"]!.GetValue<string>().ShouldContain("result=\"failure\"");
        (await Crm.PostAsync("ImportSolution", new JsonObject { ["CustomizationFile"] = "%%%" })).Status.ShouldBe(400);
        (await Crm.As("sandbox:marketer").PostAsync("ImportSolution", new JsonObject { ["CustomizationFile"] = "" })).Status.ShouldBe(403);
    }

    Task<CrmAnswer> ImportAsync(byte[] zip, Guid job, bool activate = true) => Crm.PostAsync("ImportSolution", new JsonObject
    {
        ["OverwriteUnmanagedCustomizations"] = false,
        ["PublishWorkflows"] = activate,
        ["CustomizationFile"] = Convert.ToBase64String(zip),
        ["ImportJobId"] = job.ToString(),
    });

    // The built solution, with another version in its manifest where one is asked for.
    static byte[] Zip(string? version = null)
    {
        byte[] built = File.ReadAllBytes(BuiltSolution.Find().ShouldNotBeNull("The solution must be built first: dotnet build solution."));
        if (version is null) return built;
        using var buffer = new MemoryStream();
        buffer.Write(built);
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = zip.GetEntry("solution.xml")!;
            string text;
            using (var reader = new StreamReader(entry.Open())) text = reader.ReadToEnd();
            entry.Delete();
            using var writer = new StreamWriter(zip.CreateEntry("solution.xml").Open());
            writer.Write(System.Text.RegularExpressions.Regex.Replace(text, "<Version>[^<]*</Version>", $"<Version>{version}</Version>"));
        }
        return buffer.ToArray();
    }
}
