using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Dataverse.Import;

namespace CrmBehavior.Sandbox.Demo;

/// <summary>The people of the story: contacts of a salesperson who have agreed to mail.</summary>
internal sealed class Cast(CrmView administrator, Website site)
{
    public const string BensAddress = "ben.ortiz@example.com", ClarasAddress = "clara.novak@example.com";

    public Guid Anna { get; private set; }

    public Guid Ben { get; private set; }

    public Guid Clara { get; private set; }

    /// <summary>Makes them in the CRM, with what an administrator sets once: the score that the list of contacts shows.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        await ShowScoreAsync("engagement", cancel);
        Anna = await ContactAsync("Anna", "Keller", "anna.keller@example.com", "Team lead", cancel);
        Ben = await ContactAsync("Ben", "Ortiz", BensAddress, "Teacher", cancel);
        Clara = await ContactAsync("Clara", "Novak", ClarasAddress, "Buyer", cancel);
    }

    async Task<Guid> ContactAsync(string first, string last, string address, string jobTitle, CancellationToken cancel)
    {
        Guid contact = await administrator.CreateAsync("contacts", "contactid", new JsonObject
        {
            ["firstname"] = first,
            ["lastname"] = last,
            ["emailaddress1"] = address,
            ["jobtitle"] = jobTitle,
            ["ownerid@odata.bind"] = $"/systemusers({SeedIds.Salesperson})",
        }, cancel);
        await site.TrackAsync(contact, "consent_changed", new JsonObject { ["channel"] = "email", ["purpose"] = "marketing", ["granted"] = true }, cancel);
        return contact;
    }

    async Task ShowScoreAsync(string score, CancellationToken cancel)
    {
        JsonObject variable = (await administrator.ReadAsync(
            "environmentvariabledefinitions?$select=environmentvariabledefinitionid&$filter=schemaname eq 'crmb_MainScore'", cancel))[0];
        string id = (string)variable["environmentvariabledefinitionid"]!;
        if ((await administrator.ReadAsync($"environmentvariablevalues?$select=value&$filter=_environmentvariabledefinitionid_value eq {id}", cancel)).Any()) return;
        await administrator.CreateAsync("environmentvariablevalues", "environmentvariablevalueid", new JsonObject
        {
            ["value"] = score,
            ["EnvironmentVariableDefinitionId@odata.bind"] = $"/environmentvariabledefinitions({id})",
        }, cancel);
    }
}
