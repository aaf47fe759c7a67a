using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Sandbox.Shop;

/// <summary>The newsletter and demo forms.</summary>
internal sealed class ShopForms(ShopLayout layout)
{
    static readonly string[] Fields = ["email", "firstName", "lastName", "company", "consent"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/shop/newsletter", c => FormAsync(c, "Newsletter", "newsletter", withCompany: false));
        routes.MapGet("/shop/demo", c => FormAsync(c, "Ask for a demo", "demo", withCompany: true));
        routes.MapPost("/shop/newsletter", c => ThankAsync(c, "newsletter", "You will hear from us."));
        routes.MapPost("/shop/demo", c => ThankAsync(c, "demo", "We will call you within a day."));
    }

    /// <summary>What a submitted form tells the tracker: its name and the fields that were filled.</summary>
    public static ShopEvent Submitted(string name, IFormCollection form)
    {
        var properties = new JsonObject { ["form"] = name };
        foreach (string field in Fields.Where(f => form[f].ToString().Length > 0)) properties[field] = form[field].ToString();
        return new ShopEvent("Form Submitted", properties);
    }

    Task FormAsync(HttpContext context, string title, string name, bool withCompany)
    {
        Html company = withCompany ? Html.Of($"<label>Company <input name=\"company\" autocomplete=\"organization\"></label>") : Html.Empty;
        return layout.WriteAsync(context, title, Html.Of($"""
            <form class="stack" method="post" action="{ShopLayout.To(context, "/shop/" + name)}">
            <label>First name <input name="firstName" autocomplete="given-name"></label>
            <label>Last name <input name="lastName" autocomplete="family-name"></label>
            <label>E-mail <input name="email" type="email" autocomplete="email" required></label>{company}
            <label><span><input type="checkbox" name="consent" value="yes"> Write to me about offers</span></label><button>Send</button></form>
            """));
    }

    async Task ThankAsync(HttpContext context, string name, string sentence)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        await layout.WriteAsync(context, "Thank you", Html.Of($"<p>{sentence}</p><p class=\"soft\">{form["email"].ToString()}</p>"), Submitted(name, form));
    }
}
