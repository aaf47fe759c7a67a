using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Merge;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Backtest;

/// <summary>Tries a journey on the service's own event log, beside the definitions in force.</summary>
/// <param name="store">The event log.</param>
/// <param name="plans">The definitions in force.</param>
/// <param name="clock">The product's clock.</param>
public sealed class LogBacktest(IProfileStore store, PlanHolder plans, TimeProvider clock)
{
    const int Page = 200, MostDays = 3650;

    /// <summary>Runs the log.</summary>
    /// <param name="json">The journey's text; null to try the one in force.</param>
    /// <param name="journey">Name of a journey in force; not asked when there is a text.</param>
    /// <param name="days">Enrollments of so many last days are reported; what was before only tells what was known by then.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The report.</returns>
    /// <exception cref="BacktestException">The journey is not sound, or there is none.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<BacktestReport> RunAsync(string? json, string? journey, int days, CancellationToken cancellation)
    {
        if (days is < 1 or > MostDays) throw new BacktestException($"days: write a whole number from 1 to {MostDays}");
        (IReadOnlyList<Definition> definitions, string name) = Definitions(json, journey);
        long now = Instant.From(clock.GetUtcNow());
        return await Backtester.RunAsync(definitions, name, EventsAsync(cancellation), now - days * Duration.Day, now, cancellation);
    }

    (IReadOnlyList<Definition> Definitions, string Journey) Definitions(string? json, string? journey)
    {
        ActivePlan active = plans.Current;
        if (json == null) return (active.Definitions, journey ?? throw new BacktestException("say which journey: \"json\", its text, or \"journey\", the name of one in force"));
        DefinitionTrial trial = DefinitionTrial.Of(json, active);
        if (!trial.IsValid) throw new BacktestException(string.Join('\n', trial.Errors.Select(e => $"{(e.Pointer.Length == 0 ? "/" : e.Pointer)}: {e.Message}")));
        if (trial.Definition is not JourneyDefinition tried) throw new BacktestException($"a backtest is of a journey; this is a {trial.Definition!.Kind}");
        return ([.. trial.Others, tried], tried.Name);
    }

    /// <summary>All events, contact by contact. Deliveries of real mails are left out: in the trial every mail is delivered at once.</summary>
    async IAsyncEnumerable<byte[]> EventsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        Guid? last = null;
        while (true)
        {
            IReadOnlyList<Guid> page = await store.ReadContactsAsync(last, Page, cancellation);
            foreach (Guid contact in page)
            {
                // Who was merged into another is part of that one.
                if (await store.FindAsync(contact, cancellation) is { Master: not null }) continue;
                byte[] subject = Encoding.UTF8.GetBytes($"{{\"contactId\":\"{contact:D}\",");
                foreach (LoggedEvent logged in await PersonBatch.ReadLogAsync(store, contact, cancellation))
                {
                    if (logged.Name == Contracts.EventNames.EmailDelivered) continue;
                    // The log's rows say whose they are; the body then says it too.
                    int open = Array.IndexOf(logged.Body, (byte)'{');
                    if (open >= 0) yield return [.. subject, .. logged.Body.AsSpan(open + 1)];
                }
            }
            if (page.Count < Page) yield break;
            last = page[^1];
        }
    }
}
