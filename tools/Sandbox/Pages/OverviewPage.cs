using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Bus;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Hosting;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Pages;

/// <summary><c>/</c>: what runs here, and where to go.</summary>
internal sealed class OverviewPage(SandboxHost sandbox)
{
    public Task ShowAsync(HttpContext context)
    {
        RowStore store = sandbox.Organization.Store;
        (int contacts, int solutions) = store.Read(() => (store["contact"].Count, sandbox.Organization.Solutions.All.Count));
        (int active, int locked, int scheduled) = sandbox.Bus.Find(MessageBus.EventQueue)?.Counts ?? default;
        int dead = sandbox.Bus.Find(MessageBus.EventQueue, deadLetter: true)?.Counts.Active ?? 0;
        Html services = sandbox.Services.Urls.Count == 0 ? Html.Of($"none has registered yet")
            : Html.Join(sandbox.Services.Urls.Select(u => Html.Of($"<a href=\"{u}/health/ready\">{u}</a> ")));
        Html faults = sandbox.Faults.Active() is { Count: > 0 } on ? Html.Of($"{string.Join(", ", on.Select(f => f.Target + " " + f.Kind))}")
            : Html.Of($"none");
        Html installed = solutions == 0 ? Html.Of($"none") : Html.Join(sandbox.Organization.Solutions.All.Select(s => Html.Of($"{s.Label} {s.Version} ")));
        return Layout.WriteAsync(context, "Overview", Html.Of($"""
            <ul class="cards">
            <li class="card"><h2>Dynamics 365</h2><dl><dt>Contacts</dt><dd><a href="/contacts">{contacts}</a></dd><dt>Solutions</dt><dd>{installed}</dd>
            <dt>Jobs waiting</dt><dd>{sandbox.Organization.Jobs.Count}</dd></dl><p class="soft">{sandbox.Url}/api/data/v9.2</p></li>
            <li class="card"><h2>Service Bus</h2><dl><dt>Waiting</dt><dd>{active}</dd><dt>Locked</dt><dd>{locked}</dd><dt>Scheduled</dt><dd>{scheduled}</dd>
            <dt>Dead letters</dt><dd>{dead}</dd></dl><p class="soft">{sandbox.Url}/{MessageBus.EventQueue}/messages</p></li>
            <li class="card"><h2>SendGrid</h2><dl><dt>Mails</dt><dd><a href="/inbox">{sandbox.Inbox.All().Count}</a></dd><dt>Events to tell</dt>
            <dd>{sandbox.Webhook.Waiting}</dd></dl><p class="soft">{sandbox.Url}/v3/mail/send</p></li>
            <li class="card"><h2>This sandbox</h2><dl><dt>Clock</dt><dd>{Shown.TimeElement(sandbox.Clock.UtcNow)} UTC</dd><dt>Service</dt><dd>{services}</dd>
            <dt>Faults</dt><dd>{faults}</dd></dl><p><a href="/shop">The shop</a> · <a href="/sandbox/requests">Requests</a></p></li>
            </ul>
            """));
    }
}
