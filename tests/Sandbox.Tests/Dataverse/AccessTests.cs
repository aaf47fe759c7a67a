using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

public sealed class AccessTests : IAsyncLifetime
{
    SandboxFixture sandbox = null!;

    Crm Admin => sandbox.Crm;

    public async Task InitializeAsync() => sandbox = await SandboxFixture.StartAsync();

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task Each_role_token_is_a_user_of_its_own_with_that_role()
    {
        foreach ((string token, string role) in new[] { ("sandbox:marketer", "Marketer"), ("sandbox:salesperson", "Salesperson"),
            ("sandbox:administrator", "Administrator"), ("sandbox:service", "Service Account") })
        {
            string user = (await Admin.As(token).GetAsync("WhoAmI")).Json["UserId"]!.GetValue<string>();
            (await Admin.GetAsync($"systemusers({user})/systemuserroles_association?$select=name")).Column("name").ShouldHaveSingleItem().ShouldNotBeNull()
                .ShouldEndWith(role);
        }
    }

    [Fact]
    public async Task Missing_privilege_is_403_and_names_it()
    {
        CrmAnswer answer = await Admin.As("sandbox:salesperson").PostAsync("crmb_tags", new JsonObject { ["crmb_name"] = "x" });
        (answer.Status, answer.Code).ShouldBe((403, "0x80040220"));
        answer.Message.ShouldNotBeNull().ShouldContain("is missing prvCreatecrmb_tag privilege");
    }

    [Fact]
    public async Task Privilege_taken_from_a_role_is_missing_at_once()
    {
        Crm service = Admin.As("sandbox:service");
        (await service.GetAsync("contacts?$top=1")).Status.ShouldBe(200);
        JsonNode role = (await Admin.GetAsync("roles?$select=name&$filter=endswith(name,'Service Account')")).Rows.Single()!;
        string privilege = (await Admin.GetAsync("privileges?$select=name&$filter=name eq 'prvReadContact'")).Rows.Single()!["privilegeid"]!.GetValue<string>();
        (await Admin.PostAsync($"roles({role["roleid"]})/Microsoft.Dynamics.CRM.RemovePrivilegeRole", new JsonObject { ["PrivilegeId"] = privilege }))
            .Status.ShouldBe(204);
        CrmAnswer refused = await service.GetAsync("contacts?$top=1");
        (refused.Status, refused.Code).ShouldBe((403, "0x80040220"));
    }

    [Fact]
    public async Task Impersonation_acts_as_the_other_user_and_needs_the_privilege()
    {
        string marketer = (await Admin.As("sandbox:marketer").GetAsync("WhoAmI")).Json["UserId"]!.GetValue<string>();
        CrmAnswer made = await Admin.PostAsync(
            "contacts?$select=_createdby_value,_createdonbehalfby_value", new JsonObject { ["lastname"] = "x" }, ("MSCRMCallerID", marketer),
                ("Prefer", "return=representation"));
        made.Status.ShouldBe(403, "the marketer may not create contacts");
        CrmAnswer tag = await Admin.PostAsync(
            "crmb_tags?$select=_createdby_value,_createdonbehalfby_value", new JsonObject { ["crmb_name"] = "by another" }, ("MSCRMCallerID", marketer),
                ("Prefer", "return=representation"));
        tag.Status.ShouldBe(201, tag.Text);
        tag.Json["_createdby_value"]!.GetValue<string>().ShouldBe(marketer);
        tag.Json["_createdonbehalfby_value"]!.GetValue<string>().ShouldBe((await Admin.GetAsync("WhoAmI")).Json["UserId"]!.GetValue<string>());
        (await Admin.As("sandbox:salesperson").GetAsync("contacts?$top=1", ("MSCRMCallerID", marketer))).Status.ShouldBe(403);
        (await Admin.GetAsync("contacts?$top=1", ("CallerObjectId", Guid.NewGuid().ToString()))).Code.ShouldBe("0x80040225");
    }

    [Fact]
    public async Task User_who_was_switched_off_is_refused_as_caller_and_as_owner()
    {
        string seller = (await Admin.As("sandbox:salesperson").GetAsync("WhoAmI")).Json["UserId"]!.GetValue<string>();
        (await Admin.PatchAsync($"systemusers({seller})", new JsonObject { ["isdisabled"] = true })).Status.ShouldBe(204);
        CrmAnswer call = await Admin.As("sandbox:salesperson").GetAsync("WhoAmI");
        (call.Status, call.Code).ShouldBe((403, "0x80040225"));
        CrmAnswer owned = await Admin.PostAsync("tasks", new JsonObject { ["subject"] = "x", ["ownerid@odata.bind"] = $"/systemusers({seller})" });
        (owned.Status, owned.Code).ShouldBe((403, "0x80040225"));
    }

    [Fact]
    public async Task Each_part_of_a_batch_counts_as_a_request()
    {
        (await sandbox.Controls.PostAsync("/sandbox/limits", new JsonObject { ["requests"] = 3 })).Status.ShouldBe(200);
        const string part = "--b\r\nContent-Type: application/http\r\n\r\nGET WhoAmI HTTP/1.1\r\n\r\n";
        Task<CrmAnswer> Batch(int parts) => Admin.SendAsync(
            "POST", "$batch", string.Concat(System.Linq.Enumerable.Repeat(part, parts)) + "--b--\r\n", ("Content-Type", "multipart/mixed; boundary=b"));
        (await Batch(2)).Headers["x-ms-ratelimit-burst-remaining-xrm-requests"].ShouldBe("1");
        (await Batch(2)).Status.ShouldBe(429);
        (await Batch(1)).Status.ShouldBe(200);
        (await sandbox.Controls.PostAsync("/sandbox/limits", new JsonObject { ["on"] = false })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Limits_refuse_with_the_seconds_to_wait_until_the_window_has_passed()
    {
        (await sandbox.Controls.PostAsync("/sandbox/limits", new JsonObject { ["requests"] = 3 })).Status.ShouldBe(200);
        for (int i = 0; i < 3; i++) (await Admin.GetAsync("WhoAmI"))
            .Headers["x-ms-ratelimit-burst-remaining-xrm-requests"].ShouldBe((2 - i).ToString(System.Globalization.CultureInfo.InvariantCulture));
        CrmAnswer refused = await Admin.GetAsync("WhoAmI");
        (refused.Status, refused.Code).ShouldBe((429, "0x80072322"));
        int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(290, 300);
        (await Admin.As("sandbox:service").GetAsync("WhoAmI")).Status.ShouldBe(200, "limits are per user");
        await sandbox.Controls.AdvanceAsync("301s");
        (await Admin.GetAsync("WhoAmI")).Status.ShouldBe(200);
        (await sandbox.Controls.PostAsync("/sandbox/limits", new JsonObject { ["on"] = false })).Status.ShouldBe(200);
    }
}
