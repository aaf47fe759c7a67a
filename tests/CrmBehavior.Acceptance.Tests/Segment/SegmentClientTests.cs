using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.TestServers;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Segment;

/// <summary>Tracking clients that others wrote, with nothing changed but the host.</summary>
[Collection(LoopCollection.Name)]
public sealed class SegmentClientTests(LoopFixture loop, SegmentClientTests.Clients clients) : IClassFixture<SegmentClientTests.Clients>
{
    public sealed class Clients : IAsyncLifetime
    {
        public NodePackage Package { get; private set; } = null!;

        public async Task InitializeAsync() => Package = await NodePackage.InstallAsync(Path.Combine(AppContext.BaseDirectory, "Segment", "clients"));

        public Task DisposeAsync()
        {
            Package.Dispose();
            return Task.CompletedTask;
        }
    }

    [SkippableTheory]
    [InlineData("node.cjs")]
    [InlineData("node-old.cjs")]
    public async Task Visits_that_a_servers_client_reports_become_a_task_for_sales(string script)
    {
        Skip.If(clients.Package.Missing != null, clients.Package.Missing);
        (Guid id, _) = await loop.ContactAsync();

        JsonNode said = await clients.Package.RunAsync(script, ("SERVICE", loop.Service.Url), ("KEY", "sandbox"), ("USER", id.ToString()));
        await loop.Sandbox.SettleAsync();

        said["failed"]!.AsArray().ShouldBeEmpty();
        (await loop.Crm.ReadAsync($"tasks?$select=subject&$filter=_regardingobjectid_value eq {id}")).ShouldHaveSingleItem();
    }

    [SkippableFact]
    public async Task Visits_that_a_browsers_client_reports_count_for_the_contact_whom_its_identify_creates()
    {
        Skip.If(clients.Package.Missing != null, clients.Package.Missing);
        string email = $"bea-{Guid.NewGuid():N}@example.com";

        await clients.Package.RunAsync("browser.cjs", ("SERVICE", loop.Service.Url), ("KEY", "sandbox-web"), ("EMAIL", email));
        await loop.Sandbox.SettleAsync();

        JsonObject contact = (await loop.Crm.ReadAsync($"contacts?$select=contactid,lastname&$expand=crmb_contact_tag($select=crmb_name)&$filter=emailaddress1 eq '{email}'")).ShouldHaveSingleItem();
        ((string?)contact["lastname"]).ShouldBe("Browser");
        contact["crmb_contact_tag"]!.AsArray().Select(t => (string?)t!["crmb_name"]).ShouldBe(["Buying intent"]);
    }
}
