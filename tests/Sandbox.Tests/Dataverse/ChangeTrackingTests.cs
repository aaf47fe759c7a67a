using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

public sealed class ChangeTrackingTests : IAsyncLifetime
{
    SandboxFixture sandbox = null!;

    Crm Crm => sandbox.Crm;

    public async Task InitializeAsync() => sandbox = await SandboxFixture.StartAsync();

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task Delta_tells_what_was_written_and_deleted_since_and_nothing_twice()
    {
        Guid kept = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "kept" }),
            gone = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "gone" });
        CrmAnswer first = await Crm.GetAsync("contacts?$select=lastname", ("Prefer", "odata.track-changes"));
        first.Rows.Count.ShouldBe(2);
        string link = first.Json["@odata.deltaLink"]!.GetValue<string>();
        link.ShouldContain("$deltatoken=");
        (await Crm.GetAsync(link)).Rows.ShouldBeEmpty();
        await Crm.PatchAsync($"contacts({kept})", new JsonObject { ["lastname"] = "changed" });
        await Crm.DeleteAsync($"contacts({gone})");
        CrmAnswer changes = await Crm.GetAsync(link);
        changes.Rows.Select(r => r!["lastname"]?.GetValue<string>() ?? r["reason"]!.GetValue<string>() + " " + r["id"]!.GetValue<string>())
            .ShouldBe(["changed", "deleted " + gone]);
        (await Crm.GetAsync(changes.Json["@odata.deltaLink"]!.GetValue<string>())).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task First_answer_in_pages_ends_with_the_link_of_its_beginning()
    {
        for (int i = 0; i < 3; i++) await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "p" + i });
        CrmAnswer page = await Crm.GetAsync("contacts?$select=lastname", ("Prefer", "odata.track-changes,odata.maxpagesize=2"));
        page.Json["@odata.deltaLink"].ShouldBeNull();
        await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "meanwhile" });
        CrmAnswer last = await Crm.GetAsync(page.Json["@odata.nextLink"]!.GetValue<string>(), ("Prefer", "odata.track-changes,odata.maxpagesize=2"));
        (await Crm.GetAsync(last.Json["@odata.deltaLink"]!.GetValue<string>())).Column("lastname").ShouldBe(["meanwhile"]);
    }

    [Fact]
    public async Task Token_of_more_than_a_week_ago_has_expired()
    {
        string link = (await Crm.GetAsync("contacts?$select=lastname", ("Prefer", "odata.track-changes"))).Json["@odata.deltaLink"]!.GetValue<string>();
        await sandbox.Controls.AdvanceAsync("8d");
        (await Crm.GetAsync(link)).Code.ShouldBe("0x80044352");
    }

    [Fact]
    public async Task Tracking_refuses_filters_and_tables_that_do_not_track()
    {
        (await Crm.GetAsync("contacts?$filter=statecode eq 0", ("Prefer", "odata.track-changes"))).Status.ShouldBe(400);
        (await Crm.GetAsync("plugintracelogs", ("Prefer", "odata.track-changes"))).Code.ShouldBe("0x80072491");
    }
}
