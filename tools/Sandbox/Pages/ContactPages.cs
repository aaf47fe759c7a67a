using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Hosting;
using CrmBehavior.Sandbox.Mail;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Pages;

/// <summary><c>/contacts</c> and <c>/contacts/{id}</c>.</summary>
internal sealed class ContactPages(SandboxHost sandbox)
{
    const int PageSize = 50;
    readonly ContactFacts facts = new(sandbox.Organization.Store);

    RowStore Store => sandbox.Organization.Store;

    public Task ListAsync(HttpContext context)
    {
        string query = context.Request.Query["q"].ToString();
        _ = int.TryParse(context.Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out int page);
        page = Math.Max(1, page);
        (Html rows, int count) = Store.Read(() =>
        {
            List<Row> found = facts.Find(query);
            return (Html.Join(found.Skip((page - 1) * PageSize).Take(PageSize).Select(ListRow)), found.Count);
        });
        Html pages = Pages(query, page, count);
        return Layout.WriteAsync(context, "Contacts", Html.Of($"""
            <form class="search" role="search"><label for="q">Name or address</label><input id="q" name="q" type="search" value="{query}">
            <button>Search</button></form>
            <p class="soft">{count} contacts. Who stands highest today is first; scores are shown as they were last written.</p>
            <div class="scroll"><table><thead><tr><th scope="col">Name</th><th scope="col">E-mail</th><th scope="col" class="number">Score</th>
            <th scope="col">Grade</th><th scope="col">Tags</th><th scope="col">Last seen</th></tr></thead><tbody>{rows}</tbody></table></div>
            {pages}
            """));
    }

    public Task OneAsync(HttpContext context, string id)
    {
        if (!Guid.TryParse(id, out Guid contactId) || Store.Read(() => Store.Find("contact", contactId)) is not { } contact)
            return Layout.NotFoundAsync(context, $"There is no contact '{id}'.");
        Html body = Store.Read(() => Html.Of($"{Facts(contact)}{Scores(contactId)}<h2>Timeline</h2>{Timeline(contact)}"));
        return Layout.WriteAsync(context, contact.Text("fullname") ?? contact.Text("emailaddress1") ?? id, body);
    }

    Html ListRow(Row contact) => Html.Of($"""
        <tr><td><a href="/contacts/{contact.Id}">{contact.Text("fullname") ?? "(no name)"}</a></td><td>{contact.Text("emailaddress1")}</td>
        <td class="number">{Shown.Number(contact["crmb_score"])}</td><td>{contact.Text("crmb_grade")}</td><td>{Tags(contact.Id)}</td>
        <td>{Shown.TimeElement(contact["crmb_lastseen"] as DateTime?)}</td></tr>
        """);

    Html Tags(Guid contact) => Html.Join(facts.Tags(contact).Select(t => Html.Of($"<span class=\"tag\">{t}</span>")));

    Html Facts(Row contact)
    {
        Html why = contact.Text("crmb_why") is { } reason ? Html.Of($"<p><strong>Why:</strong> {reason}</p>") : Html.Empty;
        Html state = contact.Int("statecode") == 1 ? Html.Of($"<span class=\"tag\">inactive</span>") : Html.Empty;
        Html optOut = contact["donotemail"] is true ? Html.Of($"<span class=\"tag\">do not e-mail</span>") : contact["donotbulkemail"] is true
            ? Html.Of($"<span class=\"tag\">no bulk e-mail</span>") : Html.Empty;
        return Html.Of($"""
            <p>{Tags(contact.Id)}{state}{optOut}</p>{why}
            <dl><dt>E-mail</dt><dd>{contact.Text("emailaddress1") ?? "–"}</dd><dt>Phone</dt><dd>{contact.Text("telephone1") ?? "–"}</dd><dt>Job title</dt>
            <dd>{contact.Text("jobtitle") ?? "–"}</dd>
            <dt>Company</dt><dd>{facts.NameOf(contact.Lookup("parentcustomerid"))}</dd><dt>Owner</dt><dd>{facts.NameOf(contact.Lookup("ownerid"))}</dd>
            <dt>Score</dt><dd>{Shown.Number(contact["crmb_score"])} {contact.Text("crmb_grade")}</dd><dt>Last seen</dt>
            <dd>{Shown.TimeElement(contact["crmb_lastseen"] as DateTime?)}</dd><dt>Created</dt>
            <dd>{Shown.TimeElement(contact["createdon"] as DateTime?)}</dd></dl>
            """);
    }

    Html Scores(Guid contact)
    {
        IReadOnlyList<Row> scores = facts.Scores(contact);
        if (scores.Count == 0) return Html.Empty;
        Html rows = Html.Join(
            scores.Select(s => Html.Of(
                $"<tr><td>{s.Text("crmb_name")}</td><td class=\"number\">{Shown.Number(s["crmb_value"])}</td><td>{s.Text("crmb_grade")}</td><td>{Shown.TimeElement(s["crmb_asof"] as DateTime?)}</td></tr>")));
        return Html.Of($"<h2>Scores</h2><table><thead><tr><th scope=\"col\">Name</th><th scope=\"col\" class=\"number\">Value</th><th scope=\"col\">Grade</th><th scope=\"col\">As of</th></tr></thead><tbody>{rows}</tbody></table>");
    }

    Html Timeline(Row contact)
    {
        IEnumerable<(DateTime At, Html Item)> activities = facts.Activities(contact.Id).Select(a => (a.At, Activity(a)));
        string? address = contact.Text("emailaddress1");
        IEnumerable<(DateTime At, Html Item)> mails = address is null ? []
            : sandbox.Inbox.All().Where(m => m.To.Any(t => t.Email.Equals(address, StringComparison.OrdinalIgnoreCase))).Reverse()
                .Select(m => (m.At, MailItem(m)));
        List<Html> items = [.. activities.Concat(mails).OrderByDescending(i => i.At).Take(500).Select(i => i.Item)];
        return items.Count == 0 ? Html.Of($"<p class=\"soft\">Nothing yet.</p>") : Html.Of($"<ol class=\"timeline\">{Html.Join(items)}</ol>");
    }

    static Html Activity(TimelineEntry entry)
    {
        Html description = entry.Description is null ? Html.Empty : Html.Of($"<p>{entry.Description}</p>");
        Html definition = entry.Definition is null ? Html.Empty : Html.Of($" · {entry.Definition}");
        Html effect = entry.Effect is null ? Html.Empty : Html.Of($" · {entry.Effect}");
        Html due = entry.Due is null ? Html.Empty : Html.Of($" · due {Shown.TimeElement(entry.Due)}");
        Html owner = entry.Table == "task" ? Html.Of($" · for {entry.Owner}") : Html.Empty;
        return Html.Of($"<li><span class=\"kind {entry.Table}\">{entry.Kind}</span> <span class=\"soft\">{Shown.TimeElement(entry.At)}{definition}{effect}{due}{owner} · {entry.State}</span><p><strong>{entry.Subject}</strong></p>{description}</li>");
    }

    static Html MailItem(AcceptedMail mail) =>
        Html.Of($"<li><span class=\"kind\">Mail in the inbox</span> <span class=\"soft\">{Shown.TimeElement(mail.At)} · {string.Join(", ", mail.Events.Select(e => e.Type))}</span><p><a href=\"/inbox/{mail.Id}\">{mail.Subject}</a></p></li>");

    static Html Pages(string query, int page, int count)
    {
        int last = Math.Max(1, (count + PageSize - 1) / PageSize);
        if (last == 1) return Html.Empty;
        string q = Uri.EscapeDataString(query);
        Html previous = page > 1 ? Html.Of($"<a href=\"/contacts?q={q}&amp;page={page - 1}\">Previous</a> ") : Html.Empty;
        Html next = page < last ? Html.Of($" <a href=\"/contacts?q={q}&amp;page={page + 1}\">Next</a>") : Html.Empty;
        return Html.Of($"<nav aria-label=\"Pages\">{previous}<span>Page {page} of {last}</span>{next}</nav>");
    }
}
