using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Faults;

/// <summary>How often the CRM is asked: what belongs together is asked for together.</summary>
[Collection(LoopCollection.Name)]
public sealed class RequestCountTests(LoopFixture loop)
{
    [Fact]
    public async Task Mails_tasks_and_reviews_of_many_contacts_are_made_from_a_handful_of_reads()
    {
        await loop.Crm.CreateAsync("crmb_definitions", new JsonObject
        {
            ["statuscode"] = 410330001,
            ["crmb_json"] = """
                {"kind":"journey","name":"rush","trigger":{"event":"rush_begun"},
                 "steps":[{"id":"later","wait":"1h"},{"id":"mail","sendEmail":{"template":"cart-reminder"}},{"id":"task","notifySales":{"subject":"Rush: {{contact.firstname}}"}},
                          {"id":"ask","review":{"subject":"Go on with {{contact.lastname}}?"},"deadline":"30d","default":"reject","then":[],"else":[]}]}
                """,
        });
        var people = new List<(Guid Id, string Email)>();
        for (int i = 0; i < 40; i++) people.Add(await loop.ContactAsync());
        await loop.Sandbox.SettleAsync();
        foreach ((Guid id, _) in people)
        {
            await loop.ConsentAsync(id);
            await loop.TrackAsync(id, "rush_begun");
        }
        await loop.Sandbox.SettleAsync();
        using HttpResponseMessage cleared = await loop.Sandbox.Http.DeleteAsync("/sandbox/requests");
        cleared.EnsureSuccessStatusCode();
        await loop.Sandbox.AdvanceAsync("61m");
        await loop.Sandbox.SettleAsync();

        JsonNode[] requests = [.. JsonNode.Parse(await loop.Sandbox.Http.GetStringAsync("/sandbox/requests"))!.AsArray().Select(r => r!)];
        foreach ((_, string email) in people) (await loop.MailsAsync(email)).ShouldHaveSingleItem();
        (await loop.Crm.ReadAsync("tasks?$select=activityid&$filter=startswith(subject,'Rush: ')")).Count.ShouldBe(40);
        (await loop.Crm.ReadAsync("crmb_reviews?$select=crmb_reviewid&$filter=crmb_journey eq 'rush'")).Count.ShouldBe(40);
        long reads = requests.Where(r => (string?)r["system"] == "crm" && ((string)r["route"]!).StartsWith("GET ", StringComparison.Ordinal) && ((string)r["route"]!).Contains("contacts", StringComparison.Ordinal)).Sum(r => (long)r["count"]!);
        // Timers are served 200 at a time, and mails, tasks and entries of them leased as they come; one for each mail alone would be 40.
        reads.ShouldBeInRange(1, 15, string.Join('\n', requests.Select(r => r.ToJsonString())));
    }
}
