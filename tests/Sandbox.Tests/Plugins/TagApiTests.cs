using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Plugins;

/// <summary><c>crmb_SetTags</c> over the Web API, as each role.</summary>
[Collection(SharedSandbox.Name)]
public sealed class TagApiTests(SandboxFixture sandbox)
{
    readonly string tag = "t" + Guid.NewGuid().ToString("N")[..12];

    [Theory]
    [InlineData("sandbox:service")]
    [InlineData("sandbox:marketer")]
    [InlineData("sandbox:administrator")]
    public async Task Tags_are_made_put_on_and_taken_off(string user)
    {
        Guid ada = await Contact(), bob = await Contact();
        var gone = Guid.NewGuid();

        JsonNode first = (await Set(user, Pair(ada, add: [tag, tag + "2"]), Pair(bob, add: [tag]), Pair(gone, add: [tag]))).Json;
        (first["Changed"]!.GetValue<int>(), first["Missing"]!.GetValue<string>()).ShouldBe((3, $"[\"{gone}\"]"));
        (await TagsOf(ada)).ShouldBe([tag, tag + "2"]);
        (await TagsOf(bob)).ShouldBe([tag]);

        JsonNode again = (await Set(user, Pair(ada, add: [tag.ToUpperInvariant()], remove: [tag + "2"]), Pair(bob, remove: ["never seen"]))).Json;
        again["Changed"]!.GetValue<int>().ShouldBe(1);
        (await TagsOf(ada)).ShouldBe([tag]);
    }

    [Fact]
    public async Task Salesperson_puts_on_what_there_is_and_makes_no_tag()
    {
        Guid ada = await Contact();

        CrmAnswer refused = await Set("sandbox:salesperson", Pair(ada, add: [tag]));

        refused.Message.ShouldNotBeNull().ShouldContain("is missing prvCreatecrmb_tag privilege");
        (await TagsOf(ada)).ShouldBeEmpty();
        (await sandbox.Crm.GetAsync($"crmb_tags?$filter=crmb_name eq '{tag}'")).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_hundred_contacts_take_one_call_and_a_fault_leaves_nothing()
    {
        Guid[] contacts = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Contact()));

        (await Set("sandbox:service", [.. contacts.Select(c => Pair(c, add: [tag]))])).Json["Changed"]!.GetValue<int>().ShouldBe(200);

        CrmAnswer refused = await Set("sandbox:service", Pair(contacts[0], remove: [tag]), Pair(contacts[1], remove: [""]));
        (refused.Status, refused.Code).ShouldBe((400, "0x80040265"));
        refused.Message.ShouldNotBeNull().ShouldContain("(in /1/remove/0)");
        (await TagsOf(contacts[0])).ShouldBe([tag]);
    }

    async Task<string?[]> TagsOf(Guid contact) =>
        (await sandbox.Crm.GetAsync($"contacts({contact})/crmb_contact_tag?$select=crmb_name&$orderby=crmb_name")).Column("crmb_name");

    Task<CrmAnswer> Set(string user, params JsonObject[] pairs) =>
        sandbox.Crm.As(user).PostAsync("crmb_SetTags", new JsonObject { ["Pairs"] = new JsonArray([.. pairs]).ToJsonString() });

    static JsonObject Pair(Guid contact, string[]? add = null, string[]? remove = null) => new()
    {
        ["contact"] = contact.ToString(),
        ["add"] = new JsonArray([.. (add ?? []).Select(t => (JsonNode)t)]),
        ["remove"] = new JsonArray([.. (remove ?? []).Select(t => (JsonNode)t)]),
    };

    Task<Guid> Contact() => sandbox.Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "Tagged" });
}
