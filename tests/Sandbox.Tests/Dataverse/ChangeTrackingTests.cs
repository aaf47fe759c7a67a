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
    public async Task Changes_come_by_pages_and_can_be_counted_beforehand()
    {
        string link = (await Crm.GetAsync("contacts?$select=lastname", ("Prefer", "odata.track-changes"))).Json["@odata.deltaLink"]!.GetValue<string>();
        Guid[] made = new Guid[5];
        for (int i = 0; i < 5; i++) made[i] = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "p" + i });
        await Crm.DeleteAsync($"contacts({made[1]})");
        (await Crm.GetAsync(link.Replace("contacts?", "contacts/$count?", StringComparison.Ordinal))).Text.TrimStart('\uFEFF').ShouldBe("5");
        (string, string) size = ("Prefer", "odata.maxpagesize=2");
        CrmAnswer page = await Crm.GetAsync(link, size);
        page.Column("lastname").ShouldBe(["p0", "p2"]);
        await Crm.PatchAsync($"contacts({made[4]})", new JsonObject { ["lastname"] = "meanwhile" });
        page = await Crm.GetAsync(page.Json["@odata.nextLink"]!.GetValue<string>(), size);
        page.Rows.Count.ShouldBe(2);
        page.Rows[0]!["lastname"]!.GetValue<string>().ShouldBe("p3");
        page.Rows[1]!["reason"]!.GetValue<string>().ShouldBe("deleted");
        page.Json["@odata.nextLink"].ShouldBeNull("the row that was written again comes with the next delta");
        (await Crm.GetAsync(page.Json["@odata.deltaLink"]!.GetValue<string>())).Column("lastname").ShouldBe(["meanwhile"]);
    }

    [Fact]
    public async Task Organisation_says_how_long_tokens_live()
    {
        string organization = (await Crm.GetAsync("WhoAmI")).Json["OrganizationId"]!.GetValue<string>();
        (await Crm.PatchAsync($"organizations({organization})", new JsonObject { ["expirechangetrackingindays"] = 30 })).Status.ShouldBe(204);
        string link = (await Crm.GetAsync("contacts?$select=lastname", ("Prefer", "odata.track-changes"))).Json["@odata.deltaLink"]!.GetValue<string>();
        await sandbox.Controls.AdvanceAsync("20d");
        (await Crm.GetAsync(link)).Status.ShouldBe(200);
        await sandbox.Controls.AdvanceAsync("11d");
        (await Crm.GetAsync(link)).Code.ShouldBe("0x80044352");
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
