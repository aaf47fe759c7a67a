using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Dataverse.Import;
using CrmBehavior.Sandbox.Hosting;

namespace CrmBehavior.Sandbox.Demo;

/// <summary>
/// Four things that happen to a small shop, and what each changes in the CRM. All that is promised is looked up in the CRM and in the
/// inbox, never in the service.
/// </summary>
internal sealed class ShopStory : IDemonstration
{
    /// <inheritdoc/>
    public async Task<bool> PlayAsync(SandboxHost sandbox, TextWriter output, CancellationToken cancel)
    {
        using var stage = new Stage(sandbox.Url, output);
        using var administrator = new CrmView(sandbox.Url, "sandbox");
        using var sam = new CrmView(sandbox.Url, "sandbox:salesperson");
        using var site = new Website(ServiceSettings.ServiceUrl(sandbox.Settings));
        var cast = new Cast(administrator, site);
        try
        {
            await stage.OpenAsync(ServiceSettings.ServiceUrl(sandbox.Settings));
            await cast.PrepareAsync(cancel);
            await stage.SettleAsync(cancel);
            await PriceListAsync(stage, sam, site, cast, cancel);
            await CartAsync(stage, sam, site, cast, cancel);
            await PromotionAsync(stage, sam, cast, cancel);
            await StrangerAsync(stage, administrator, site, cancel);
        }
        catch (HttpRequestException e)
        {
            await stage.PromiseAsync("the story could be told to its end", false, e.Message);
        }
        await stage.CloseAsync();
        return stage.AllKept;
    }

    static async Task PriceListAsync(Stage stage, CrmView sam, Website site, Cast cast, CancellationToken cancel)
    {
        await stage.ChapterAsync("Three looks at the prices. Anna Keller is a customer of Sam Seller.");
        foreach (string time in new[] { "first", "second", "third" })
        {
            await site.VisitAsync(cast.Anna, "/shop/pricing", cancel);
            await stage.TellAsync($"Anna looks at the pricing page, for the {time} time today.", cancel);
            await stage.PassAsync("90m", cancel);
        }
        IReadOnlyList<JsonObject> tasks = await sam.TasksAsync(cast.Anna, cancel);
        JsonObject? task = tasks.Count == 1 ? tasks[0] : null;
        await stage.PromiseAsync("Sam has one task, of high priority, that says whom to call.", (string?)task?["subject"] == "Call Anna Keller: looking at prices today"
            && (int?)task?["prioritycode"] == 2 && (string?)task?["_ownerid_value"] == SeedIds.Salesperson.ToString(), task == null ? null : $"{task["subject"]}, due {Stage.Time(task["scheduledend"])}");
        string why = (string?)task?["description"] ?? "";
        await stage.PromiseAsync("The task says why.", why.Contains("page views", StringComparison.Ordinal) && why.Contains("24 hours", StringComparison.Ordinal), why);
        await stage.PromiseAsync("Anna has the tag \"Buying intent\".", (await sam.TagsAsync(cast.Anna, cancel)).Contains("Buying intent"));
        JsonObject? entry = (await sam.TimelineAsync(cast.Anna, cancel)).FirstOrDefault(t => (string?)t["crmb_effect"] == "timeline");
        await stage.PromiseAsync("Her timeline tells of it.", entry != null, (string?)entry?["subject"]);
        JsonObject anna = (await sam.ReadAsync($"contacts?$select=crmb_score,crmb_grade&$filter=contactid eq {cast.Anna}", cancel))[0];
        await stage.PromiseAsync("Her score is shown in the list of contacts.", (string?)anna["crmb_grade"] == "warm", $"{anna["crmb_score"]}, {anna["crmb_grade"]}");
    }

    static async Task CartAsync(Stage stage, CrmView sam, Website site, Cast cast, CancellationToken cancel)
    {
        await stage.ChapterAsync("Two carts. Ben Ortiz leaves his, Clara Novak orders. Both have agreed to mail.");
        await site.TrackAsync(cast.Ben, "Product Added", new JsonObject { ["name"] = "Trail backpack 30 l", ["price"] = 129 }, cancel);
        await stage.TellAsync("Ben puts a trail backpack into his cart.", cancel);
        await site.TrackAsync(cast.Clara, "Product Added", new JsonObject { ["name"] = "Rain jacket", ["price"] = 184.5 }, cancel);
        await stage.TellAsync("Clara puts a rain jacket into hers.", cancel);
        await stage.PassAsync("1h", cancel);
        await site.TrackAsync(cast.Clara, "Order Completed", new JsonObject { ["order_id"] = "1001", ["total"] = 184.5 }, cancel);
        await stage.TellAsync("Clara orders.", cancel);
        await stage.SettleAsync(cancel);
        await stage.PromiseAsync("Nobody has got a mail yet.", (await stage.MailsToAsync(Cast.BensAddress, cancel)).Length == 0);
        await stage.PassAsync("3h", cancel);
        await stage.TellAsync("Four hours have passed since they filled their carts.", cancel);
        JsonObject[] mails = await stage.MailsToAsync(Cast.BensAddress, cancel);
        JsonObject? mail = mails.Length == 1 ? mails[0] : null;
        await stage.PromiseAsync("Ben has one mail, about what he left.", (string?)mail?["subject"] == "Ben, your Trail backpack 30 l is still in the cart", (string?)mail?["subject"]);
        await stage.PromiseAsync("Clara has none: her order has stopped it.", (await stage.MailsToAsync(Cast.ClarasAddress, cancel)).Length == 0);
        string link = mail == null ? "" : UnsubscribeLink(mail);
        await stage.PromiseAsync("The mail shows the sender's address and a way out, and mail programs find it too.", link.Length > 0
            && ((string?)mail!["text"] ?? "").Contains(link, StringComparison.Ordinal) && ((string?)mail["html"] ?? "").Contains("Example Street", StringComparison.Ordinal)
            && (string?)mail["headers"]?["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click");
        JsonObject? entry = (await sam.TimelineAsync(cast.Ben, cancel)).FirstOrDefault(t => (string?)t["crmb_effect"] == "sendEmail");
        await stage.PromiseAsync("Ben's timeline shows the mail.", entry != null, (string?)entry?["subject"]);
        await LeaveAsync(stage, site, cast, link, cancel);
    }

    static async Task LeaveAsync(Stage stage, Website site, Cast cast, string link, CancellationToken cancel)
    {
        if (link.Length > 0)
        {
            using var mailProgram = new HttpClient();
            using var click = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
            using HttpResponseMessage answer = await mailProgram.PostAsync(new Uri(link), click, cancel);
            answer.EnsureSuccessStatusCode();
        }
        await stage.TellAsync("Ben unsubscribes with one click.", cancel);
        await stage.PassAsync("4d", cancel);
        await site.TrackAsync(cast.Ben, "Product Added", new JsonObject { ["name"] = "Head torch", ["price"] = 49 }, cancel);
        await stage.TellAsync("Four days later Ben leaves another cart.", cancel);
        await stage.PassAsync("5h", cancel);
        await stage.PromiseAsync("He gets no mail any more.", (await stage.MailsToAsync(Cast.BensAddress, cancel)).Length == 1);
    }

    static async Task PromotionAsync(Stage stage, CrmView sam, Cast cast, CancellationToken cancel)
    {
        await stage.ChapterAsync("A promotion. Sam learns that Clara Novak has a new job, and writes it into the CRM.");
        await sam.ChangeAsync("contacts", cast.Clara, new JsonObject { ["jobtitle"] = "Head of Purchasing" }, cancel);
        await stage.TellAsync("Sam changes Clara's job title from \"Buyer\" to \"Head of Purchasing\".", cancel);
        await stage.SettleAsync(cancel);
        await stage.PromiseAsync("Clara is in the segment of decision makers: she has its tag.", (await sam.TagsAsync(cast.Clara, cancel)).Contains("Decision maker"));
        await sam.ChangeAsync("contacts", cast.Clara, new JsonObject { ["jobtitle"] = "Consultant" }, cancel);
        await stage.TellAsync("That was a mistake: Sam changes it to \"Consultant\".", cancel);
        await stage.SettleAsync(cancel);
        await stage.PromiseAsync("She has left the segment, and the tag is gone.", !(await sam.TagsAsync(cast.Clara, cancel)).Contains("Decision maker"));
    }

    static async Task StrangerAsync(Stage stage, CrmView administrator, Website site, CancellationToken cancel)
    {
        await stage.ChapterAsync("A stranger. Somebody nobody knows looks around, and then asks for a demo.");
        string visitor = Guid.NewGuid().ToString(), address = $"dora.lindt.{visitor[..8]}@example.com";
        for (int i = 0; i < 3; i++)
        {
            await site.VisitAnonymouslyAsync(visitor, "/shop/pricing", cancel);
            await stage.PassAsync("10m", cancel);
        }
        await stage.TellAsync("A visitor without a name has looked at the pricing page three times.", cancel);
        string query = $"contacts?$select=fullname,crmb_score,crmb_grade,crmb_why&$filter=emailaddress1 eq '{address}'";
        await stage.PromiseAsync("There is no contact: a visitor nobody knows is kept, not judged.", (await administrator.ReadAsync(query, cancel)).Count == 0);
        await site.SubmitAsync(visitor, new JsonObject { ["form"] = "demo", ["email"] = address, ["firstName"] = "Dora", ["lastName"] = "Lindt" }, cancel);
        await stage.TellAsync($"The visitor asks for a demo as Dora Lindt, {address}.", cancel);
        await stage.SettleAsync(cancel);
        IReadOnlyList<JsonObject> found = await administrator.ReadAsync(query, cancel);
        JsonObject? dora = found.Count == 1 ? found[0] : null;
        await stage.PromiseAsync("Dora Lindt is a contact now, and only once.", (string?)dora?["fullname"] == "Dora Lindt");
        // The form alone is worth 15; each of the visits before it was worth 6.
        await stage.PromiseAsync("Her visits from before count: her score is higher than the form alone would make it.", (double?)dora?["crmb_score"] > 30, $"{dora?["crmb_score"]}, {dora?["crmb_grade"]}");
        IReadOnlyList<JsonObject> tasks = dora == null ? [] : await administrator.TasksAsync(Guid.Parse((string)dora["contactid"]!), cancel);
        await stage.PromiseAsync("Her owner has a task at once, because of the visits.", tasks.Any(t => (string?)t["subject"] == "Call Dora Lindt: looking at prices today"), (string?)(tasks.Count > 0 ? tasks[0]["description"] : null));
    }

    /// <summary>The address in the header that mail programs read.</summary>
    static string UnsubscribeLink(JsonObject mail)
    {
        string header = (string?)mail["headers"]?["List-Unsubscribe"] ?? "";
        int from = header.IndexOf('<', StringComparison.Ordinal), to = header.IndexOf('>', StringComparison.Ordinal);
        return from >= 0 && to > from ? header[(from + 1)..to] : "";
    }
}
