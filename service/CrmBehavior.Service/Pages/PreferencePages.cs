using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Service.Pages;

/// <summary>What people see who follow a link to unsubscribe or to their preferences.</summary>
internal static class PreferencePages
{
    public static string Unsubscribe(string purpose) =>
        $"<h1>Unsubscribe</h1><p>Do you want no more mails for the purpose “{Page.Text(purpose)}”?</p><form method=\"post\"><button>Yes, unsubscribe me</button></form>";

    public static string Unsubscribed(string purpose) =>
        $"<h1>You are unsubscribed</h1><p>You get no more mails for the purpose “{Page.Text(purpose)}”. This holds at once.</p>";

    public static string Preferences(IReadOnlyDictionary<string, bool> purposes, bool isSaved)
    {
        var html = new StringBuilder("<h1>Your preferences</h1>");
        if (isSaved) html.Append("<p class=\"note\" role=\"status\">Saved. This holds at once.</p>");
        html.Append("<form method=\"post\"><p>I want mails for these purposes:</p>");
        foreach ((string purpose, bool isGranted) in purposes)
        {
            html.Append(CultureInfo.InvariantCulture, $"<label><input type=\"checkbox\" name=\"purpose\" value=\"{Page.Text(purpose)}\"{(isGranted ? " checked" : "")}> {Page.Text(purpose)}</label>");
        }
        return html.Append("<p><button>Save</button></p></form>").ToString();
    }

    public static IResult Unknown() => Page.Of("Unknown link", "<h1>This link is not known</h1><p>It may have been cut off. Please copy the whole address from the mail.</p>", StatusCodes.Status404NotFound);
}
