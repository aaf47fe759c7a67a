using CrmBehavior.Sandbox.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Pages;

/// <summary>The sandbox's own pages.</summary>
internal sealed class PageRoutes(SandboxHost sandbox)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var overview = new OverviewPage(sandbox);
        var contacts = new ContactPages(sandbox);
        var inbox = new InboxPages(sandbox);
        var definitions = new DefinitionPages(sandbox);
        routes.MapGet("/", overview.ShowAsync);
        routes.MapGet("/contacts", contacts.ListAsync);
        routes.MapGet("/contacts/{id}", contacts.OneAsync);
        routes.MapGet("/inbox", inbox.ListAsync);
        routes.MapGet("/inbox/{id}", inbox.OneAsync);
        routes.MapGet("/inbox/{id}/html", inbox.HtmlAsync);
        routes.MapPost("/inbox/{id}/react", inbox.ReactAsync);
        routes.MapGet("/definitions", definitions.ListAsync);
        routes.MapGet("/definitions/{id}", definitions.OneAsync);
        routes.MapGet("/sandbox/style.css", () => Results.Text(Style.Css, "text/css; charset=utf-8"));
        routes.MapGet("/favicon.ico", () => Results.NoContent());
    }
}
