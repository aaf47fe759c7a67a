using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using System.Xml.Linq;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

/// <summary>How far privileges reach: the salesperson of these tests reads and writes contacts of his own only.</summary>
public sealed class DepthTests : IAsyncLifetime
{
    SandboxFixture sandbox = null!;
    Guid seller, own, foreign;

    Crm Admin => sandbox.Crm;

    Crm Seller => sandbox.Crm.As("sandbox:salesperson");

    public async Task InitializeAsync()
    {
        sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "" });
        await ImportAsync(new Dictionary<string, string?>
        {
            ["prvReadContact"] = "Basic",
            ["prvWriteContact"] = "Basic",
            ["prvCreateContact"] = "Basic",
            ["prvAppendToContact"] = "Basic",
            ["prvAppendContact"] = "Basic",
            ["prvAssignContact"] = "Basic",
            ["prvReadActivity"] = "Global",
            ["prvCreateActivity"] = "Basic",
            ["prvAppendActivity"] = "Basic",
        });
        seller = Guid.Parse((await Seller.GetAsync("WhoAmI")).Json["UserId"]!.GetValue<string>());
        own = await Admin.CreateAsync("contacts", new JsonObject { ["lastname"] = "Own", ["ownerid@odata.bind"] = $"/systemusers({seller})" });
        foreign = await Admin.CreateAsync("contacts", new JsonObject { ["lastname"] = "Foreign" });
    }

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task Own_rows_are_seen_and_others_are_not()
    {
        (await Seller.GetAsync("contacts?$select=lastname")).Column("lastname").ShouldBe(["Own"]);
        (await Seller.GetAsync("contacts/$count")).Text.TrimStart('\uFEFF').ShouldBe("1");
        (await Seller.GetAsync($"contacts({foreign})")).Status.ShouldBe(403);
        (await Seller.GetAsync("contacts?fetchXml=<fetch><entity name='contact'><attribute name='lastname'/></entity></fetch>")).Column("lastname").ShouldBe(["Own"]);
        (await Seller.GetAsync("contacts?$apply=aggregate($count as n)")).Rows.Single()!["n"]!.GetValue<int>().ShouldBe(1);
        // What tracks changes shows whole tables.
        (await Seller.GetAsync("contacts?$select=lastname", ("Prefer", "odata.track-changes"))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Related_rows_that_may_not_be_read_are_neither_shown_nor_asked_about()
    {
        await Admin.CreateAsync("tasks", new JsonObject { ["subject"] = "a", ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({own})" });
        await Admin.CreateAsync("tasks", new JsonObject { ["subject"] = "b", ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({foreign})" });
        CrmAnswer tasks = await Seller.GetAsync("tasks?$select=subject&$orderby=subject&$expand=regardingobjectid_contact_task($select=lastname)");
        tasks.Rows.Select(t => t!["regardingobjectid_contact_task"]?["lastname"]?.GetValue<string>()).ShouldBe(["Own", null]);
        (await Seller.GetAsync("tasks?$select=subject&$filter=startswith(regardingobjectid_contact_task/lastname,'F')")).Rows.ShouldBeEmpty();
        (await Admin.GetAsync("tasks?$select=subject&$filter=startswith(regardingobjectid_contact_task/lastname,'F')")).Column("subject").ShouldBe(["b"]);
    }

    [Fact]
    public async Task Writes_reach_as_far_as_their_own_privilege()
    {
        (await Seller.PatchAsync($"contacts({own})", new JsonObject { ["jobtitle"] = "x" })).Status.ShouldBe(204);
        CrmAnswer write = await Seller.PatchAsync($"contacts({foreign})", new JsonObject { ["jobtitle"] = "x" }, ("If-Match", "*"));
        (write.Status, write.Code).ShouldBe((403, "0x80040220"));
        write.Message.ShouldNotBeNull().ShouldContain("prvWriteContact");
        (await Seller.PostAsync("contacts", new JsonObject { ["lastname"] = "new" })).Status.ShouldBe(204);
        CrmAnswer create = await Seller.PostAsync("contacts", new JsonObject
        {
            ["lastname"] = "for another",
            ["ownerid@odata.bind"] = $"/systemusers({(await Admin.GetAsync("WhoAmI")).Json["UserId"]})",
        });
        create.Status.ShouldBe(403);
        create.Message.ShouldNotBeNull().ShouldContain("prvCreateContact");
    }

    [Fact]
    public async Task Reference_needs_append_on_one_side_and_append_to_on_the_other()
    {
        JsonObject Task(Guid contact) => new() { ["subject"] = "t", ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({contact})" };
        (await Seller.PostAsync("tasks", Task(own))).Status.ShouldBe(204);
        (await Seller.PostAsync("tasks", Task(foreign))).Message.ShouldNotBeNull().ShouldContain("prvAppendToContact");
        await ImportAsync(new Dictionary<string, string?> { ["prvReadContact"] = "Global", ["prvAppendActivity"] = null, ["prvCreateActivity"] = "Basic" }, "2.0.0.0");
        (await Seller.PostAsync("tasks", Task(own))).Message.ShouldNotBeNull().ShouldContain("prvAppendActivity");
    }

    [Fact]
    public async Task Table_that_may_not_be_read_can_be_neither_expanded_nor_filtered_by()
    {
        await ImportAsync(new Dictionary<string, string?> { ["prvReadContact"] = null, ["prvReadActivity"] = "Global" }, "2.0.0.0");
        foreach (string query in (string[])["$expand=regardingobjectid_contact_task", "$filter=regardingobjectid_contact_task/lastname eq 'x'",
            "$orderby=regardingobjectid_contact_task/lastname"])
            (await Seller.GetAsync("tasks?" + query)).Message.ShouldNotBeNull(query).ShouldContain("prvReadContact");
    }

    // The product with other depths in the salesperson's role; null takes the privilege away.
    async Task ImportAsync(Dictionary<string, string?> depths, string version = "1.0.0.0")
    {
        SolutionZip zip = SolutionZip.OfProduct(version);
        XElement privileges = zip.Section("Roles").Elements().Single(r => r.Attribute("name")!.Value.EndsWith("Salesperson", StringComparison.Ordinal))
            .Element("RolePrivileges")!;
        foreach ((string name, string? depth) in depths)
        {
            privileges.Elements().Where(p => p.Attribute("name")!.Value == name).Remove();
            if (depth is not null) privileges.Add(new XElement("RolePrivilege", new XAttribute("name", name), new XAttribute("level", depth)));
        }
        CrmAnswer answer = await Admin.PostAsync("ImportSolution", new JsonObject
        {
            ["OverwriteUnmanagedCustomizations"] = false,
            ["PublishWorkflows"] = false,
            ["CustomizationFile"] = Convert.ToBase64String(zip.ToBytes()),
            ["ImportJobId"] = Guid.NewGuid().ToString(),
        });
        answer.Status.ShouldBe(204, answer.Text);
    }
}
