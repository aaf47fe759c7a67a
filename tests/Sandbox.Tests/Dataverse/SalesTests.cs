using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Hosting;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

/// <summary>An organisation with Dynamics 365 Sales, and one without.</summary>
public sealed class SalesTests
{
    [Fact]
    public async Task Sales_brings_its_tables_and_the_solution_that_publishes_their_changes()
    {
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Sales = true });
        try
        {
            Crm crm = sandbox.Crm;
            (await crm.GetAsync("solutions?$select=uniquename&$filter=startswith(uniquename,'CrmBehavior')&$orderby=uniquename")).Column("uniquename")
                .ShouldBe(["CrmBehavior", "CrmBehaviorSales"]);
            Guid contact = await crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "c" });
            await sandbox.Controls.SettleAsync();
            while ((await sandbox.Bus.TakeAsync("crm-events")).Status == 200) continue;
            Guid lead = await crm.CreateAsync(
                "leads", new JsonObject { ["subject"] = "s", ["lastname"] = "Lead", ["parentcontactid@odata.bind"] = $"/contacts({contact})" });
            await sandbox.Controls.SettleAsync();
            (await sandbox.Bus.TakeAsync("crm-events")).Body.ShouldContain(lead.ToString());
            string product = (await crm.GetAsync("solutions?$filter=uniquename eq 'CrmBehavior'")).Rows.Single()!["solutionid"]!.GetValue<string>(),
                sales = (await crm.GetAsync("solutions?$filter=uniquename eq 'CrmBehaviorSales'")).Rows.Single()!["solutionid"]!.GetValue<string>();
            CrmAnswer refused = await crm.DeleteAsync($"solutions({product})");
            (refused.Status, refused.Code).ShouldBe((400, "0x8004f01f"));
            refused.Message.ShouldNotBeNull().ShouldContain("of solution 'CrmBehaviorSales'");
            (await crm.DeleteAsync($"solutions({sales})")).Status.ShouldBe(204);
            (await crm.DeleteAsync($"solutions({product})")).Status.ShouldBe(204);
            (await crm.GetAsync($"leads({lead})?$select=subject")).Json["subject"]!.GetValue<string>().ShouldBe("s");
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task Without_sales_the_second_solution_is_refused_and_says_what_is_missing()
    {
        SandboxFixture sandbox = await SandboxFixture.StartAsync();
        try
        {
            (await sandbox.Crm.GetAsync("leads")).Status.ShouldBe(404);
            CrmAnswer answer = await sandbox.Crm.PostAsync("ImportSolution", new JsonObject
            {
                ["OverwriteUnmanagedCustomizations"] = false,
                ["PublishWorkflows"] = true,
                ["CustomizationFile"] = Convert.ToBase64String(await File.ReadAllBytesAsync(BuiltSolution.Find(BuiltSolution.SalesFileName)!)),
                ["ImportJobId"] = Guid.NewGuid().ToString(),
            });
            (answer.Status, answer.Code).ShouldBe((400, "0x8004801d"));
            answer.Message.ShouldNotBeNull().ShouldContain("table 'lead' of solution 'msdynce_LeadManagement (9.0.0.0)'");
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }
}
