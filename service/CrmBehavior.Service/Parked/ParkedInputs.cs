using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Mail.SendGrid.Webhooks;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Service.Bus;
using CrmBehavior.Service.Http;

namespace CrmBehavior.Service.Parked;

/// <summary>Brings inputs that were set aside to the door at which they came in: what is good in them by now is taken in, once.</summary>
internal sealed class ParkedInputs(IServiceStore store, BusIntake bus, TrackingIntake tracking, MailReportIntake reports, ContactProcessor processor, TimeProvider clock)
{
    /// <summary>Tries one again, and forgets it when it was taken in.</summary>
    /// <returns>Null when it was, else why it stays.</returns>
    /// <exception cref="CrmException">The CRM does not answer at present.</exception>
    /// <exception cref="QueueFullException">There is no room at present.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer at present.</exception>
    public async Task<string?> RetryAsync(ParkedInput input, CancellationToken cancellation)
    {
        // These leave with what is done with them.
        if (input.Door is ParkedInput.Judging or ParkedInput.Merging) return await processor.JudgeAgainAsync(input, cancellation);
        string? problem = input.Door switch
        {
            BusIntake.Door => await bus.TakeAsync(input.Content, cancellation),
            TrackingIntake.Door => await tracking.TakeKeptAsync(input.Content, cancellation),
            MailReportIntake.Door => await ReportAsync(input.Content, cancellation),
            _ => $"this version knows no door \"{input.Door}\"",
        };
        // Ids of events are keys: a death between the two, or two people at once, count nothing twice.
        if (problem == null) await store.RemoveParkedInputAsync(input.Number, cancellation);
        return problem;
    }

    async Task<string?> ReportAsync(byte[] body, CancellationToken cancellation)
    {
        MailReports read = SendGridWebhook.Read(body);
        await reports.TakeAsync(read, Instant.From(clock.GetUtcNow()), cancellation);
        return read.Problems.Count == 0 ? null : string.Join("; ", read.Problems);
    }
}
