using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Simulation.Tests.Outside;

/// <summary>A report of the provider about a mail.</summary>
public sealed record SimulatedReport(string Id, string Name, RenderedMail Mail, long At);

/// <summary>The mail provider: an inbox, and reports that come late, twice and out of order until they are answered with 200.</summary>
public sealed class MailProvider(Simulation simulation)
{
    /// <summary>Every mail that was accepted, with when, and when the call for it began.</summary>
    public List<(RenderedMail Mail, TimeSpan At, TimeSpan Called)> Inbox { get; } = [];

    /// <summary>Mails that were refused for good.</summary>
    public HashSet<Guid> Refused { get; } = [];

    /// <summary>Reports that were not answered yet.</summary>
    public int Open { get; private set; }

    public void Accept(RenderedMail mail, TimeSpan called)
    {
        Inbox.Add((mail, simulation.World.Clock.Elapsed, called));
        var reports = new List<(string Name, TimeSpan In)> { ("processed", simulation.World.Between(0.5, 5)), ("email_delivered", simulation.World.Between(1, 60)) };
        if (simulation.World.Happens(0.5)) reports.Add(("email_opened", simulation.World.Between(60, 20 * 3600)));
        if (simulation.World.Happens(0.2)) reports.Add(("email_unsubscribed", simulation.World.Between(120, 12 * 3600)));
        foreach ((string name, TimeSpan after) in reports)
        {
            Open++;
            var report = new SimulatedReport($"{mail.Id:N}-{name}-{Inbox.Count}", name, mail, 0);
            simulation.World.Begin(() => ReportAsync(report, after));
        }
    }

    /// <summary>While mails pile up, many who had one before have enough of them.</summary>
    public async Task WithdrawAsync()
    {
        if (simulation.Faults.MailAway is not { } away) return;
        await simulation.World.Delay(simulation.World.Between(away.From.TotalSeconds, away.To.TotalSeconds));
        foreach (RenderedMail mail in Inbox.Select(m => m.Mail).DistinctBy(m => m.Contact).ToArray())
        {
            if (simulation.World.Happens(0.5)) continue;
            Open++;
            simulation.World.Begin(() => ReportAsync(new SimulatedReport($"{mail.Id:N}-enough", "email_unsubscribed", mail, 0), TimeSpan.Zero));
        }
    }

    async Task ReportAsync(SimulatedReport report, TimeSpan after)
    {
        await simulation.World.Delay(after);
        report = report with { At = simulation.World.Clock.Now };
        bool isTwice = simulation.Faults.Duplicates();
        for (int attempt = 0; ; attempt++)
        {
            bool isTaken = !simulation.Faults.IsHookAway && await simulation.AskAsync(p => p.TakeReportsAsync([report]));
            if (isTaken && !isTwice) break;
            if (isTaken) isTwice = false;
            await simulation.World.Delay(TimeSpan.FromSeconds(Math.Min(600, 10 << Math.Min(attempt, 6))));
        }
        simulation.Observer.Reported(report);
        Open--;
    }

    public bool Has(Guid mail) => Inbox.Any(m => m.Mail.Id == mail);
}
