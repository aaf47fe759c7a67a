using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Mail.Links;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Service.Http;

/// <summary>
/// Unsubscribing and preferences, by signed links. A GET only shows, since scanners follow links; a POST ends mails at once, without
/// cookie, login or redirect (RFC 8058). Unknown and forged links look alike.
/// </summary>
internal static class PreferenceEndpoints
{
    const int Largest = 16 * 1024;

    public static void MapPreferences(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/unsubscribe/{token}", (string token, LinkTokens links) =>
            links.TryRead(token, LinkUse.Unsubscribe, out LinkToken? link) ? Page.Of("Unsubscribe", PreferencePages.Unsubscribe(link.Purpose)) : PreferencePages.Unknown()).ExcludeFromDescription();
        routes.MapPost("/unsubscribe/{token}", UnsubscribeAsync).ExcludeFromDescription().DisableAntiforgery();
        routes.MapGet("/preferences/{token}", ShowAsync).ExcludeFromDescription();
        routes.MapPost("/preferences/{token}", ChangeAsync).ExcludeFromDescription().DisableAntiforgery();
    }

    static async Task<IResult> UnsubscribeAsync(string token, LinkTokens links, EventQueue queue, TimeProvider clock, CancellationToken cancellation)
    {
        if (!links.TryRead(token, LinkUse.Unsubscribe, out LinkToken? link)) return PreferencePages.Unknown();
        // The link of a test mail is nobody's.
        if (link.Contact != Guid.Empty) await queue.AddAsync([Withdrawn(link.Contact, link.Purpose, clock)], cancellation);
        return Page.Of("Unsubscribed", PreferencePages.Unsubscribed(link.Purpose));
    }

    static async Task<IResult> ShowAsync(string token, LinkTokens links, IProfileStore profiles, PlanHolder plans, CancellationToken cancellation)
    {
        if (!links.TryRead(token, LinkUse.Preferences, out LinkToken? link)) return PreferencePages.Unknown();
        return Page.Of("Your preferences", PreferencePages.Preferences(await PurposesAsync(link, profiles, plans, cancellation), isSaved: false));
    }

    static async Task<IResult> ChangeAsync(HttpContext context, string token, LinkTokens links, EventQueue queue, IProfileStore profiles, PlanHolder plans, TimeProvider clock, CancellationToken cancellation)
    {
        if (!links.TryRead(token, LinkUse.Preferences, out LinkToken? link)) return PreferencePages.Unknown();
        if (context.Request.ContentLength > Largest || !context.Request.HasFormContentType) return Answers.Error(StatusCodes.Status400BadRequest, "send the form of the page");
        IFormCollection form = await context.Request.ReadFormAsync(cancellation);
        HashSet<string> wanted = [.. form["purpose"].OfType<string>()];
        IReadOnlyDictionary<string, bool> before = await PurposesAsync(link, profiles, plans, cancellation);
        var events = new List<AcceptedEvent>();
        foreach ((string purpose, bool isGranted) in before)
        {
            if (wanted.Contains(purpose) == isGranted || link.Contact == Guid.Empty) continue;
            events.Add(isGranted ? Withdrawn(link.Contact, purpose, clock) : Granted(link.Contact, purpose, clock));
        }
        await queue.AddAsync(events, cancellation);
        return Page.Of("Your preferences", PreferencePages.Preferences(before.ToDictionary(p => p.Key, p => wanted.Contains(p.Key)), isSaved: true));
    }

    /// <summary>The purposes of the mails that are published, with how the contact stands to each.</summary>
    static async Task<IReadOnlyDictionary<string, bool>> PurposesAsync(LinkToken link, IProfileStore profiles, PlanHolder plans, CancellationToken cancellation)
    {
        ActivePlan plan = plans.Current;
        Profile? profile = await profiles.FindAsync(link.Contact, cancellation);
        ContactState? state = profile is { State.Length: > 0 } ? new StateCodec(plan.Plan).Read(link.Contact.ToString("D"), profile.State) : null;
        return plan.Templates.Values.Select(t => t.Purpose).Append(link.Purpose).Where(p => p != TemplateDefinition.Transactional).Distinct().Order(StringComparer.Ordinal)
            .ToDictionary(p => p, p => (state == null ? null : Standing.Consent(state, "email", p)) ?? !plan.RequiresOptIn);
    }

    static AcceptedEvent Withdrawn(Guid contact, string purpose, TimeProvider clock) =>
        Of(contact, EventNames.EmailUnsubscribed, clock, json => json.WriteString("purpose", purpose));

    static AcceptedEvent Granted(Guid contact, string purpose, TimeProvider clock) => Of(contact, EventNames.ConsentChanged, clock, json =>
    {
        json.WriteString("channel", "email");
        json.WriteString("purpose", purpose);
        json.WriteBoolean("granted", true);
    });

    static AcceptedEvent Of(Guid contact, string name, TimeProvider clock, Action<System.Text.Json.Utf8JsonWriter> properties)
    {
        long now = Instant.From(clock.GetUtcNow());
        return OwnEvents.Of(contact, Guid.NewGuid().ToString("N"), name, now, now, "web", Lane.Wish, properties);
    }
}
