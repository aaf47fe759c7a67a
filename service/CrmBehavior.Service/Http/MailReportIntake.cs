using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Engine.Time;
using CrmBehavior.Mail.SendGrid.Webhooks;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Identify;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Service.Http;

/// <summary>Makes events of what the mail provider reports, and settles mails whose sending was uncertain.</summary>
internal sealed class MailReportIntake(EventQueue queue, MailSettlement settlement, IdentityResolver identities)
{
    /// <summary>Name of this door among inputs that are set aside.</summary>
    public const string Door = "sendgrid";

    /// <summary>Takes reports in; one that was taken in before is known by its id.</summary>
    /// <exception cref="CrmException">The CRM could not say whose some reports are; all others have been taken in.</exception>
    /// <exception cref="QueueFullException">There is no room at present; mails are settled all the same.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer at present.</exception>
    public async Task TakeAsync(MailReports reports, long now, CancellationToken cancellation)
    {
        var events = new List<AcceptedEvent>();
        CrmException? unanswered = null;
        foreach (MailReport report in reports.Reports)
        {
            if (report.Args.ContainsKey(TestMail.Mark)) continue;
            if (report.DecisionId is { } mail) await settlement.SettleAsync(mail, cancellation);
            if (NameOf(report) is not { } name) continue;
            try
            {
                if (await ContactAsync(report, cancellation) is { } contact) events.Add(EventOf(report, name, contact, now));
            }
            catch (CrmException e)
            {
                // A report of another system on the same account must not hold up ours.
                unanswered = e;
            }
        }
        await queue.AddAsync(events, cancellation);
        if (unanswered is { IsTransient: true }) throw unanswered;
    }

    async Task<Guid?> ContactAsync(MailReport report, CancellationToken cancellation) =>
        report.ContactId ?? await identities.FindAsync(report.Email, cancellation);

    static string? NameOf(MailReport report) => report.Event switch
    {
        "delivered" => EventNames.EmailDelivered,
        "open" => EventNames.EmailOpened,
        "click" => EventNames.EmailClicked,
        "bounce" => EventNames.EmailBounced,
        "spamreport" => EventNames.EmailComplained,
        "unsubscribe" or "group_unsubscribe" => EventNames.EmailUnsubscribed,
        "dropped" => "email_dropped",
        _ => null,
    };

    static AcceptedEvent EventOf(MailReport report, string name, Guid contact, long now) =>
        OwnEvents.Of(contact, report.EventId, name, Instant.From(report.At), now, "mail", Lane.Reported, json =>
        {
            foreach ((string arg, string property) in new[] { ("crmb_journey", "journey"), ("crmb_step", "step"), ("crmb_template", "template"), ("crmb_category", "category"), ("crmb_key", "key") })
            {
                if (report.Args.TryGetValue(arg, out string? value)) json.WriteString(property, value);
            }
            if (report.Args.TryGetValue("crmb_entry", out string? entry) && int.TryParse(entry, out int number)) json.WriteNumber("entry", number);
            if (report.DecisionId is { } decision) json.WriteString("decisionId", decision);
            if (report.Url is { } url) json.WriteString("url", url);
            if (report.Reason is { } reason) json.WriteString("reason", reason.Length > 1000 ? reason[..1000] : reason);
            if (name == EventNames.EmailBounced) json.WriteBoolean("permanent", report.Type != "blocked");
            if (name == EventNames.EmailOpened && report.IsMachineOpen) json.WriteBoolean("machine", true);
            // Leaving a group is leaving the purpose of that mail; leaving globally is leaving all.
            if (report.Event == "group_unsubscribe" && report.Args.TryGetValue("crmb_purpose", out string? purpose)) json.WriteString("purpose", purpose);
        });
}
