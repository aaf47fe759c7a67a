using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Merging;

/// <summary>A person merges two contacts in the CRM, and undoes it: E3, C7.</summary>
[Collection(LoopCollection.Name)]
public sealed class MergeTests(LoopFixture loop)
{
    [Fact]
    public async Task Behavior_and_waiting_mail_of_a_merged_contact_go_on_for_its_master_until_it_is_active_again()
    {
        (Guid merged, string mergedEmail) = await loop.ContactAsync();
        (Guid master, string masterEmail) = await loop.ContactAsync();
        foreach (Guid contact in new[] { merged, master }) await loop.ConsentAsync(contact);
        await loop.TrackAsync(master, "form_submitted");
        await loop.TrackAsync(merged, "product_added", new JsonObject { ["name"] = "Tent" });
        await loop.Sandbox.SettleAsync();
        (await ScoreAsync(master)).ShouldBe(15, 0.5);

        await loop.Crm.CallAsync("Merge", new JsonObject
        {
            ["Target"] = new JsonObject { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["contactid"] = master.ToString() },
            ["Subordinate"] = new JsonObject { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["contactid"] = merged.ToString() },
            ["PerformParentingChecks"] = false,
        });
        await loop.Sandbox.SettleAsync();
        (await ScoreAsync(master)).ShouldBe(25, 0.5);
        // What still names the merged contact counts for its master: together they are hot, neither would be alone.
        await loop.TrackAsync(merged, "form_submitted");
        await loop.TrackAsync(merged, "form_submitted");
        await loop.Sandbox.SettleAsync();
        (await GradeAsync(master)).ShouldBe("hot");

        // The cart was abandoned before the merge; four hours later its owner is the master.
        await loop.Sandbox.AdvanceAsync("5h");
        await loop.Sandbox.SettleAsync();
        (await loop.MailsAsync(masterEmail)).Count.ShouldBe(1);
        (await loop.MailsAsync(mergedEmail)).ShouldBeEmpty();

        await loop.Crm.ChangeAsync($"contacts({merged})", new JsonObject { ["statecode"] = 0 });
        await loop.Sandbox.SettleAsync();
        (await ScoreAsync(master)).ShouldBe(15, 0.5);
        (await ScoreAsync(merged)).ShouldBe(40, 0.5);
        await loop.Sandbox.AdvanceAsync("2d");
        await loop.Sandbox.SettleAsync();
        (await loop.MailsAsync(masterEmail)).Count.ShouldBe(1);
        (await loop.MailsAsync(mergedEmail)).ShouldBeEmpty();
    }

    async Task<double> ScoreAsync(Guid contact) => (double)(await RowAsync(contact))["crmb_value"]!;

    async Task<string?> GradeAsync(Guid contact) => (string?)(await RowAsync(contact))["crmb_grade"];

    /// <summary>The one row of its score.</summary>
    async Task<JsonObject> RowAsync(Guid contact) =>
        (await loop.Crm.ReadAsync($"crmb_contactscores?$select=crmb_value,crmb_grade&$filter=_crmb_contactid_value eq {contact}")).ShouldHaveSingleItem();
}
