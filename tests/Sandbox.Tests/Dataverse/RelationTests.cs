using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

[Collection(SharedSandbox.Name)]
public sealed class RelationTests(SandboxFixture sandbox)
{
    readonly string mark = Guid.NewGuid().ToString("N")[..12];

    Crm Crm => sandbox.Crm;

    [Fact]
    public async Task Many_to_many_is_tied_once_listed_from_both_sides_and_untied()
    {
        Guid contact = await ContactAsync(), tag = await Crm.CreateAsync("crmb_tags", new JsonObject { ["crmb_name"] = mark });
        string nav = $"contacts({contact})/crmb_contact_tag";
        (await Crm.PostAsync(nav + "/$ref", new JsonObject { ["@odata.id"] = $"{Crm.Root}crmb_tags({tag})" })).Status.ShouldBe(204);
        CrmAnswer again = await Crm.PostAsync(nav + "/$ref", new JsonObject { ["@odata.id"] = $"crmb_tags({tag})" });
        (again.Status, again.Code).ShouldBe((412, "0x80040237"));
        (await Crm.GetAsync(nav + "?$select=crmb_name")).Column("crmb_name").ShouldBe([mark]);
        (await Crm.GetAsync($"crmb_tags({tag})/crmb_contact_tag?$select=lastname")).Column("lastname").ShouldBe([mark]);
        (await Crm.GetAsync(nav + "/$ref")).Rows.Single()!["@odata.id"]!.GetValue<string>().ShouldBe($"{Crm.Root}crmb_tags({tag})");
        (await Crm.DeleteAsync($"{nav}({tag})/$ref")).Status.ShouldBe(204);
        (await Crm.GetAsync(nav + "/$count")).Text.ShouldBe("0");
        (await Crm.PostAsync(nav + "/$ref", new JsonObject { ["@odata.id"] = $"crmb_tags({tag})" })).Status.ShouldBe(204);
        (await Crm.DeleteAsync($"{nav}/$ref?$id={Uri.EscapeDataString($"{Crm.Root}crmb_tags({tag})")}")).Status.ShouldBe(204);
        (await Crm.GetAsync(nav)).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_to_many_reference_sets_and_clears_the_lookup()
    {
        Guid account = await Crm.CreateAsync("accounts", new JsonObject { ["name"] = mark }), contact = await ContactAsync();
        string nav = $"accounts({account})/contact_customer_accounts";
        (await Crm.PostAsync(nav + "/$ref", new JsonObject { ["@odata.id"] = $"/contacts({contact})" })).Status.ShouldBe(204);
        (await Crm.GetAsync($"contacts({contact})?$select=_parentcustomerid_value")).Json["_parentcustomerid_value"]!.GetValue<string>()
            .ShouldBe(account.ToString());
        (await Crm.DeleteAsync($"{nav}({contact})/$ref")).Status.ShouldBe(204);
        (await Crm.GetAsync(nav)).Rows.ShouldBeEmpty();
        (await Crm.PostAsync(nav, new JsonObject { ["lastname"] = "made under it" })).Status.ShouldBe(204);
        (await Crm.GetAsync(nav + "?$select=lastname")).Column("lastname").ShouldBe(["made under it"]);
    }

    [Fact]
    public async Task Deleting_a_contact_takes_scores_and_activities_with_it_and_unties_tags()
    {
        Guid contact = await ContactAsync(),
            tag = await Crm.CreateAsync(
                "crmb_tags", new JsonObject { ["crmb_name"] = mark, ["crmb_contact_tag@odata.bind"] = new JsonArray($"/contacts({contact})") });
        Guid task = await Crm.CreateAsync(
            "tasks", new JsonObject { ["subject"] = "t", ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({contact})" });
        Guid score = await Crm.CreateAsync(
            "crmb_contactscores", new JsonObject { ["crmb_name"] = "s", ["crmb_contactid@odata.bind"] = $"/contacts({contact})" });
        (await Crm.DeleteAsync($"contacts({contact})")).Status.ShouldBe(204);
        (await Crm.GetAsync($"tasks({task})")).Status.ShouldBe(404);
        (await Crm.GetAsync($"crmb_contactscores({score})")).Status.ShouldBe(404);
        (await Crm.GetAsync($"crmb_tags({tag})/crmb_contact_tag")).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Email_keeps_its_parties_and_all_activities_show_in_the_base()
    {
        Guid contact = await ContactAsync();
        Guid email = await Crm.CreateAsync("emails", new JsonObject
        {
            ["subject"] = mark,
            ["directioncode"] = true,
            ["email_activity_parties"] = new JsonArray(
                new JsonObject { ["partyid_contact@odata.bind"] = $"/contacts({contact})", ["participationtypemask"] = 2 },
                new JsonObject { ["addressused"] = "a@b.example", ["participationtypemask"] = 3 }),
        });
        CrmAnswer read = await Crm.GetAsync(
            $"emails({email})?$select=subject&$expand=email_activity_parties($select=participationtypemask,addressused,_partyid_value;$orderby=participationtypemask)");
        read.Json["email_activity_parties"]!.AsArray().Select(p => (p!["participationtypemask"]!.GetValue<int>(), p["_partyid_value"]?.GetValue<string>()))
            .ShouldBe([(2, contact.ToString()), (3, null)]);
        (await Crm.GetAsync($"activityparties?$select=_activityid_value&$filter=_partyid_value eq {contact}")).Column("_activityid_value")
            .ShouldBe([email.ToString()]);
        (await Crm.SendAsync("PUT", $"emails({email})/email_activity_parties", """{"value":[{"addressused":"c@d.example","participationtypemask":2}]}"""))
            .Status.ShouldBe(204);
        (await Crm.GetAsync($"emails({email})/email_activity_parties?$select=addressused")).Column("addressused").ShouldBe(["c@d.example"]);
        (await Crm.GetAsync($"activitypointers?$select=activitytypecode&$filter=subject eq '{mark}'")).Column("activitytypecode").ShouldBe(["email"]);
        (await Crm.PostAsync("activitypointers", new JsonObject { ["subject"] = "x" })).Status.ShouldBe(400);
        (await Crm.PostAsync($"emails({email})/Microsoft.Dynamics.CRM.SendEmail", new JsonObject { ["IssueSend"] = false, ["TrackingToken"] = "" }))
            .Status.ShouldBe(200);
        (await Crm.GetAsync($"emails({email})?$select=statecode,statuscode")).Json["statuscode"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact]
    public async Task Merge_leaves_one_active_contact_with_what_both_had()
    {
        Guid master = await ContactAsync(), other = await ContactAsync();
        Guid task = await Crm.CreateAsync("tasks", new JsonObject { ["subject"] = "t", ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({other})" });
        CrmAnswer answer = await Crm.PostAsync("Merge", new JsonObject
        {
            ["Target"] = new JsonObject { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["contactid"] = master.ToString() },
            ["Subordinate"] = new JsonObject { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["contactid"] = other.ToString() },
            ["UpdateContent"] = new JsonObject
            {
                ["@odata.type"] = "Microsoft.Dynamics.CRM.contact",
                ["contactid"] = master.ToString(),
                ["firstname"] = "From the other"
            },
            ["PerformParentingChecks"] = false,
        });
        answer.Status.ShouldBe(204, answer.Text);
        JsonNode gone = (await Crm.GetAsync($"contacts({other})?$select=statecode,merged,_masterid_value")).Json;
        (gone["statecode"]!.GetValue<int>(), gone["merged"]!.GetValue<bool>(), gone["_masterid_value"]!.GetValue<string>())
            .ShouldBe((1, true, master.ToString()));
        (await Crm.GetAsync($"tasks({task})?$select=_regardingobjectid_value")).Json["_regardingobjectid_value"]!.GetValue<string>()
            .ShouldBe(master.ToString());
        (await Crm.GetAsync($"contacts({master})?$select=firstname")).Json["firstname"]!.GetValue<string>().ShouldBe("From the other");
    }

    Task<Guid> ContactAsync() => Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = mark });
}
