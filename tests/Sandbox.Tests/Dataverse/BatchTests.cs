using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

[Collection(SharedSandbox.Name)]
public sealed class BatchTests(SandboxFixture sandbox)
{
    readonly string mark = Guid.NewGuid().ToString("N")[..12];

    Crm Crm => sandbox.Crm;

    [Fact]
    public async Task Requests_are_answered_in_order_with_their_own_statuses()
    {
        CrmAnswer answer = await SendAsync(
            Single("POST", "/api/data/v9.2/contacts", $$"""{"lastname":"{{mark}}"}"""),
            Single("GET", $"{Crm.Root}contacts?$select=lastname&$filter=lastname eq '{mark}'"));
        answer.Status.ShouldBe(200);
        answer.Headers["Content-Type"].ShouldStartWith("multipart/mixed; boundary=batchresponse_");
        answer.Text.ShouldContain("HTTP/1.1 204 No Content\r\n");
        answer.Text.ShouldContain("OData-EntityId: " + Crm.Root + "contacts(");
        answer.Text.ShouldContain($"\"lastname\":\"{mark}\"");
    }

    [Fact]
    public async Task Change_set_that_fails_leaves_nothing()
    {
        CrmAnswer answer = await SendAsync(ChangeSet(
            Part("1", "POST", "contacts", $$"""{"lastname":"{{mark}}"}"""),
            Part("2", "POST", "contacts", """{"lastname":5}""")));
        answer.Status.ShouldBe(400);
        answer.Text.ShouldContain("0x80048d19");
        (await Count()).ShouldBe(0);
    }

    [Fact]
    public async Task Content_id_names_an_earlier_row_in_address_and_body()
    {
        CrmAnswer answer = await SendAsync(ChangeSet(
            Part("1", "POST", "contacts", $$"""{"lastname":"{{mark}}"}"""),
            Part("2", "POST", "tasks", $$"""{"subject":"{{mark}}","regardingobjectid_contact_task@odata.bind":"$1"}"""),
            Part("3", "PATCH", "$1", """{"firstname":"Changed"}""")));
        answer.Status.ShouldBe(200, answer.Text);
        answer.Text.ShouldContain("Content-ID: 3");
        JsonNode row = (await Crm.GetAsync($"contacts?$select=firstname&$filter=lastname eq '{mark}'&$expand=Contact_Tasks($select=subject)")).Rows.Single()!;
        row["firstname"]!.GetValue<string>().ShouldBe("Changed");
        row["Contact_Tasks"]!.AsArray().Single()!["subject"]!.GetValue<string>().ShouldBe(mark);
    }

    [Fact]
    public async Task Reference_to_what_comes_later_is_refused()
    {
        CrmAnswer answer = await SendAsync(
            ChangeSet(Part("1", "PATCH", "$2", """{"firstname":"X"}"""), Part("2", "POST", "contacts", $$"""{"lastname":"{{mark}}"}""")));
        answer.Status.ShouldBe(400);
        answer.Text.ShouldContain("Content-ID Reference: '$2' does not exist in the batch context.");
        (await Count()).ShouldBe(0);
    }

    [Fact]
    public async Task First_failure_ends_the_batch_unless_told_to_go_on()
    {
        string[] parts =
        [
            Single("POST", "contacts", $$"""{"lastname":"{{mark}}"}"""),
            Single("GET", "contacts(00000000-0000-0000-0000-0000000000aa)"),
            Single("POST", "contacts", $$"""{"lastname":"{{mark}}"}"""),
        ];
        CrmAnswer stopped = await SendAsync(parts);
        stopped.Status.ShouldBe(404);
        (await Count()).ShouldBe(1);
        CrmAnswer through = await SendAsync(parts, ("Prefer", "odata.continue-on-error"));
        through.Status.ShouldBe(200);
        through.Text.ShouldContain("HTTP/1.1 404 Not Found");
        (await Count()).ShouldBe(3);
    }

    [Fact]
    public async Task Get_in_a_change_set_a_batch_in_a_batch_and_broken_boundaries_are_refused()
    {
        (await SendAsync(ChangeSet(Part("1", "GET", "contacts", "")))).Status.ShouldBe(400);
        (await SendAsync(Single("POST", "$batch", ""))).Status.ShouldBe(400);
        (await Crm.SendAsync("POST", "$batch", "nothing", ("Content-Type", "multipart/mixed; boundary=b"))).Status.ShouldBe(400);
        (await Crm.SendAsync("POST", "$batch", "nothing", ("Content-Type", "application/json"))).Status.ShouldBe(400);
        (await SendAsync([.. Enumerable.Repeat(Single("GET", "WhoAmI"), 1001)])).Text.ShouldContain("at most 1000 are allowed");
    }

    [Fact]
    public async Task Headers_of_a_part_are_its_own()
    {
        Guid id = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = mark });
        CrmAnswer answer = await SendAsync(
            $"--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nPATCH /api/data/v9.2/contacts({id})?$select=firstname HTTP/1.1\r\nContent-Type: application/json\r\nPrefer: return=representation\r\nIf-Match: *\r\n\r\n{{\"firstname\":\"H\"}}\r\n");
        answer.Text.ShouldContain("HTTP/1.1 200 OK");
        answer.Text.ShouldContain("\"firstname\":\"H\"");
    }

    async Task<int> Count() => (await Crm.GetAsync($"contacts?$select=contactid&$filter=lastname eq '{mark}'")).Rows.Count;

    Task<CrmAnswer> SendAsync(params string[] parts) => SendAsync(parts, ("Prefer", ""));

    Task<CrmAnswer> SendAsync(string[] parts, (string, string) header) =>
        Crm.SendAsync("POST", "$batch", string.Concat(parts) + "--b--\r\n", ("Content-Type", "multipart/mixed; boundary=b"), header);

    static string Single(string method, string address, string body = "") =>
        $"--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n{method} {address.Replace(" ", "%20", StringComparison.Ordinal)} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}\r\n";

    static string ChangeSet(params string[] parts) => "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" + string.Concat(parts) + "--c--\r\n";

    static string Part(string id, string method, string address, string body) =>
        $"--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {id}\r\n\r\n{method} {address} HTTP/1.1\r\nContent-Type: application/json; type=entry\r\n\r\n{body}\r\n";
}
