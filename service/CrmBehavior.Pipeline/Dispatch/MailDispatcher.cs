using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Ports;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Makes the links that a mail must carry, and the headers that mail programs look for.</summary>
public interface IMailLinks
{
    /// <summary>The links of a contact for a purpose: <c>unsubscribe</c>, <c>preferences</c>.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="purpose">What consent is asked for.</param>
    /// <returns>Addresses by name.</returns>
    IReadOnlyDictionary<string, string> Links(Guid contact, string purpose);

    /// <summary>The headers of a mail, as <c>List-Unsubscribe</c>.</summary>
    /// <param name="purpose">What consent is asked for.</param>
    /// <param name="links">What <see cref="Links"/> gave.</param>
    /// <returns>Headers by name.</returns>
    IReadOnlyDictionary<string, string> Headers(string purpose, IReadOnlyDictionary<string, string> links);
}

/// <summary>
/// Sends mails: an intent is recorded before the provider is called, so a crash in between leaves a mail that is known to be uncertain and
/// is settled from the provider's own events, never sent blindly again.
/// </summary>
public sealed class MailDispatcher(
    IOutbox outbox, IProfileStore profiles, IServiceStore store, ICrmGateway crm, IMailGateway gateway, ITextRenderer renderer, IMailLinks mailLinks, MailSettlement settlement, PlanHolder plans, TimeProvider clock, DispatchOptions times,
    ILogger<MailDispatcher> log)
{
    /// <summary>Why a mail is set aside whose fate is unknown: tried again it may come twice. It is stored, and known by its wording: it must not change.</summary>
    public const string InDoubt = "it is not known whether the mail provider accepted this mail, and no event of it has come";

    const int Most = 50, AtOnce = 8;

    /// <summary>How long after it was asked whether a mail may go it may still go: less than whoever withdraws consent would notice.</summary>
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>How often a provider that is closed to us is tried, with one mail.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    long closedAt;

    /// <summary>Why no mail is sent at present; null when sending is open.</summary>
    public string? Closed { get; private set; }

    /// <summary>Why no mail may go out, whatever the provider says; null when it may.</summary>
    public string? Held { get; set; }

    /// <summary>Sends the mails that are due.</summary>
    /// <param name="cancellation">Stops; what was leased comes back when the lease lapses.</param>
    /// <returns>How many mails were taken.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        if (Held != null) return 0;
        bool isProbe = Closed != null;
        if (isProbe && times.Time.GetElapsedTime(closedAt) < Pause) return 0;
        long asked = times.Time.GetTimestamp();
        IReadOnlyList<LeasedEffect> leased = await outbox.LeaseAsync([EffectKind.Mail], isProbe ? 1 : Most, times.Lease, flush: false, cancellation);
        if (leased.Count == 0) return 0;
        using var room = new SemaphoreSlim(AtOnce);
        Recipients recipients = await ReadAsync(leased, asked, cancellation);
        await Task.WhenAll(leased.Select(mail => SendInTurnAsync(mail, recipients, room, cancellation)));
        return leased.Count;
    }

    /// <summary>A batch of mails, leased at a timestamp: its contacts, with the columns that their templates show.</summary>
    sealed record Recipients(
        long LeasedAt, ActivePlan Plan, IReadOnlyDictionary<Guid, Guid> Masters, IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>> Contacts, CrmException? Failure)
    {
        /// <summary>The contact that gets a mail: the one into which it was merged, if it was.</summary>
        public Guid Of(Guid contact) => Masters.GetValueOrDefault(contact, contact);
    }

    /// <summary>Reads all contacts in one request: one for each mail would be most of what the CRM is asked.</summary>
    async Task<Recipients> ReadAsync(IReadOnlyList<LeasedEffect> leased, long asked, CancellationToken cancellation)
    {
        ActivePlan plan = plans.Current;
        LeasedEffect[] sending = [.. leased.Where(l => l.State != EffectState.Uncertain)];
        var nobody = new Dictionary<Guid, IReadOnlyDictionary<string, object?>>();
        if (sending.Length == 0) return new Recipients(asked, plan, new Dictionary<Guid, Guid>(), nobody, null);
        Guid[] contacts = [.. sending.Select(l => l.Effect.Contact).Distinct()];
        IReadOnlyDictionary<Guid, Guid> masters = await store.FindMastersAsync(contacts, cancellation);
        string[] columns = [.. renderer.ColumnsOf(sending.SelectMany(l => TextsOf(plan, l))).Concat(["emailaddress1", "fullname"]).Distinct()];
        try
        {
            return new Recipients(asked, plan, masters, await crm.ReadContactsAsync([.. contacts.Select(c => masters.GetValueOrDefault(c, c)).Distinct()], columns, cancellation), null);
        }
        catch (CrmException e)
        {
            return new Recipients(asked, plan, masters, nobody, e);
        }
    }

    static IEnumerable<string> TextsOf(ActivePlan plan, LeasedEffect mail)
    {
        try
        {
            string? name = EffectBody.Read<ActionBody>(mail.Effect.Body).Args.GetProperty("template").GetString();
            return name != null && plan.Templates.TryGetValue(name, out TemplateDefinition? template) ? [template.Subject, template.Html, template.Text ?? ""] : [];
        }
        catch (System.Text.Json.JsonException)
        {
            // It is set aside when its turn comes.
            return [];
        }
    }

    async Task SendInTurnAsync(LeasedEffect leased, Recipients recipients, SemaphoreSlim room, CancellationToken cancellation)
    {
        await room.WaitAsync(cancellation);
        try
        {
            await SendAsync(leased, recipients, cancellation);
        }
        finally
        {
            room.Release();
        }
    }

    async Task SendAsync(LeasedEffect leased, Recipients recipients, CancellationToken cancellation)
    {
        if (leased.State == EffectState.Uncertain)
        {
            // The provider's events settle it; until then the lease runs out again and again. When events of other mails flow and none of
            // this one has come, the provider does not have it. When none flow at all, a person decides: a mail is never sent on a guess.
            if (leased.InDoubt >= times.Silence && settlement.HasFlowedFor(times.Silence)) await outbox.RetryAsync([leased with { State = EffectState.Pending }], TimeSpan.Zero, "the mail provider tells of other mails and not of this one: it does not have it", cancellation);
            else if (leased.InDoubt >= times.Doubt) await ParkAsync(leased, null, InDoubt, cancellation);
            return;
        }
        ActionBody? body = null;
        try
        {
            body = EffectBody.Read<ActionBody>(leased.Effect.Body);
            (RenderedMail? mail, long asked) = await PrepareAsync(leased, body, recipients, cancellation);
            if (mail == null) return;
            if (!await outbox.MarkUncertainAsync(leased, cancellation)) return;
            if (times.Time.GetElapsedTime(asked) > Fresh)
            {
                // The process stood still, or the store did: what was true then may not be so any more.
                await outbox.RetryAsync([leased], Backoff.After(leased.Attempt, Backoff.SpreadOf(leased.Effect.Id)), "too long ago was it asked whether it may be sent", cancellation);
                return;
            }
            IReadOnlyList<Activity> spans = EffectTrace.Start("send mail", [leased]);
            // What has been handed over is not broken off, and what became of it is noted, also when the process is to end.
            MailResult result = await gateway.SendAsync(mail, CancellationToken.None);
            EffectTrace.Stop(spans);
            await NoteAsync(leased, body, mail, result, recipients.LeasedAt, CancellationToken.None);
        }
        catch (Exception e) when (e is TemplateException or System.Text.Json.JsonException or System.IO.InvalidDataException)
        {
            await ParkAsync(leased, body, e.Message, cancellation);
        }
        catch (CrmException e)
        {
            await outbox.RetryAsync([leased], e.RetryAfter ?? Backoff.After(leased.Attempt, Backoff.SpreadOf(leased.Effect.Id)), e.Message, cancellation);
        }
    }

    /// <summary>The mail as it goes out, and when it was asked whether it may; null when it must not go, which has been noted then.</summary>
    async Task<(RenderedMail? Mail, long Asked)> PrepareAsync(LeasedEffect leased, ActionBody body, Recipients recipients, CancellationToken cancellation)
    {
        ActivePlan plan = plans.Current;
        Guid recipient = recipients.Of(leased.Effect.Contact);
        Effect effect = leased.Effect with { Contact = recipient };
        if (recipient != leased.Effect.Contact && await HasEndedMergedAsync(leased.Effect.Contact, body, cancellation))
        {
            // The survivor has an enrollment of his own in this journey, which mails him.
            log.EffectDropped(EffectKind.Mail, leased.Effect.Contact, "merged");
            PipelineTelemetry.CameOut(EffectKind.Mail, "dropped", 0);
            await outbox.CompleteAsync([leased], [Entry(effect, body, $"Mail \"{body.Args.GetProperty("template").GetString()}\" not sent", "dropped: merged", "refused")], cancellation);
            return (null, 0);
        }
        if (recipients.Failure is { } failure) throw failure;
        if (plan != recipients.Plan)
        {
            // Its template may show other columns by now.
            await outbox.RetryAsync([leased], TimeSpan.Zero, "definitions were published meanwhile", cancellation);
            return (null, 0);
        }
        string name = body.Args.GetProperty("template").GetString()!;
        if (!plan.Templates.TryGetValue(name, out TemplateDefinition? template))
        {
            await ParkAsync(leased, body, $"the template \"{name}\" is not published any more", cancellation);
            return (null, 0);
        }
        if (!recipients.Contacts.TryGetValue(effect.Contact, out IReadOnlyDictionary<string, object?>? contact))
        {
            log.EffectDropped(EffectKind.Mail, effect.Contact, CrmJob.ContactDeleted);
            PipelineTelemetry.CameOut(EffectKind.Mail, "dropped", 0);
            await outbox.CompleteAsync([leased], [], cancellation);
            return (null, 0);
        }
        if (contact.GetValueOrDefault("emailaddress1") is not string { Length: > 0 } address)
        {
            await ParkAsync(leased, body, "the contact has no e-mail address", cancellation);
            return (null, 0);
        }
        IReadOnlyDictionary<string, string> links = mailLinks.Links(effect.Contact, template.Purpose);
        byte[] trigger = body.Trigger is { } t ? System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(t) : [];
        (string subject, string html, string text) = renderer.RenderMail(template, new TemplateValues(contact, trigger, body.Journey, links));
        // Asked last, for the CRM may have taken long: what was withdrawn meanwhile counts.
        long asked = times.Time.GetTimestamp();
        Profile? profile = await profiles.FindAsync(effect.Contact, cancellation);
        if (profile?.Master != null)
        {
            await outbox.RetryAsync([leased], TimeSpan.Zero, "the contact has been merged into another meanwhile", cancellation);
            return (null, 0);
        }
        if (Forbidden(plan, effect, profile, body, template) is { } forbidden)
        {
            await outbox.CompleteAsync([leased], [Entry(effect, body, $"Mail \"{name}\" not sent", forbidden, "refused")], cancellation);
            return (null, 0);
        }
        var args = new Dictionary<string, string> { ["crmb_journey"] = body.Journey, ["crmb_step"] = body.Step, ["crmb_template"] = name, ["crmb_purpose"] = template.Purpose, ["crmb_entry"] = body.Entry.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        if (template.Category is { } category) args["crmb_category"] = category;
        if (body.Key is { } key) args["crmb_key"] = key;
        return (new RenderedMail(effect.Id, effect.Contact, address, contact.GetValueOrDefault("fullname") as string, subject, html, text, mailLinks.Headers(template.Purpose, links), args), asked);
    }

    /// <summary>Whether the enrollment that asked for a mail ended because its contact was merged into another.</summary>
    async Task<bool> HasEndedMergedAsync(Guid contact, ActionBody body, CancellationToken cancellation)
    {
        foreach (StoredDecision decision in await profiles.ReadDecisionsAsync(contact, 200, cancellation))
        {
            if (decision.Effect != "exited" || decision.Definition != body.Journey) continue;
            using var line = System.Text.Json.JsonDocument.Parse(decision.Line);
            if (line.RootElement.GetProperty("outcome").GetString() == "merged" && line.RootElement.GetProperty("entry").GetInt32() == body.Entry) return true;
        }
        return false;
    }

    /// <summary>Asks again what may have changed since the decision: too old by the wall clock, consent withdrawn, address blocked.</summary>
    string? Forbidden(ActivePlan plan, Effect effect, Profile? profile, ActionBody body, TemplateDefinition template)
    {
        long now = Instant.From(clock.GetUtcNow());
        if (body.MaxAge is { } most && now - body.CauseAt > most) return $"its cause is older than {Duration.ToWords(most)}";
        if (profile is not { State.Length: > 0 }) return "the contact is not known any more";
        ContactState state = new StateCodec(plan.Plan).Read(effect.Contact.ToString("D"), profile.State);
        bool isTransactional = template.Purpose == TemplateDefinition.Transactional;
        if (Standing.MailForbidden(plan.Plan, state, isTransactional) is { } forbidden) return $"the contact is not to be mailed ({forbidden})";
        if (isTransactional) return null;
        bool? consent = Standing.Consent(state, "email", template.Purpose);
        return consent == false ? "consent was withdrawn" : consent == null && plan.RequiresOptIn ? "consent was not given" : null;
    }

    async Task NoteAsync(LeasedEffect leased, ActionBody body, RenderedMail mail, MailResult result, long leasedAt, CancellationToken cancellation)
    {
        if (result.Outcome is not (MailOutcome.Closed or MailOutcome.Uncertain)) Closed = null;
        switch (result.Outcome)
        {
            case MailOutcome.Accepted:
                PipelineTelemetry.CameOut(EffectKind.Mail, "done", Instant.From(clock.GetUtcNow()) - leased.Effect.At);
                Effect entry = Entry(leased.Effect, body, $"Mail: {mail.Subject}", body.Why, body.Action);
                // The answer took so long that somebody else may hold the mail, in doubt; it is settled all the same.
                if (times.Time.GetElapsedTime(leasedAt) >= times.Lease) await outbox.SettleAsync(leased.Effect.Id, _ => entry, cancellation);
                else await outbox.CompleteAsync([leased], [entry], cancellation);
                break;
            case MailOutcome.Refused:
                await ParkAsync(leased, body, $"the mail provider refused it: {result.Reason}", cancellation);
                break;
            case MailOutcome.Closed:
                Closed = result.Reason ?? "the mail provider takes no mail of ours";
                closedAt = times.Time.GetTimestamp();
                log.MailClosed(Closed);
                await outbox.RetryAsync([leased], Pause, Closed, cancellation);
                break;
            case MailOutcome.Retry:
                await outbox.RetryAsync([leased], result.After ?? Backoff.After(leased.Attempt, Backoff.SpreadOf(leased.Effect.Id)), result.Reason ?? "the mail provider asks for another attempt", cancellation);
                break;
        }
        // Uncertain: it is marked so already, and its lease lapses.
    }

    async Task ParkAsync(LeasedEffect leased, ActionBody? body, string reason, CancellationToken cancellation)
    {
        log.EffectParked(leased.Effect.Kind, leased.Effect.Contact, reason);
        PipelineTelemetry.CameOut(EffectKind.Mail, "parked", 0);
        // An entry of its own: when a person has it tried again and it goes out, the timeline says so as well.
        Effect[] entries = body == null ? [] : [Entry(leased.Effect, body, $"Mail \"{body.Args.GetProperty("template").GetString()}\" not sent", reason, "refused") with { Id = EffectIds.Of("touchpoint", leased.Effect.Id.ToString("D"), "parked") }];
        await outbox.ParkAsync(leased, reason, entries, cancellation);
    }

    internal static Effect Entry(Effect mail, ActionBody body, string subject, string description, string effect) =>
        new(EffectIds.Of("touchpoint", mail.Id.ToString("D")), mail.Contact, EffectKind.Touchpoint, "", mail.At, EffectBody.Write(new EntryBody(subject, description, body.Journey, effect, mail.At)));
}
