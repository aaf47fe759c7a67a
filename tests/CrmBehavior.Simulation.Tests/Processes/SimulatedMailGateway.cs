using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Running;

namespace CrmBehavior.Simulation.Tests.Processes;

/// <summary>The mail provider as one process reaches it.</summary>
public sealed class SimulatedMailGateway(Simulation simulation, ServiceProcess process) : IMailGateway
{
    readonly Wire wire = new(simulation, process);

    public Task<MailResult> SendAsync(RenderedMail mail, CancellationToken cancellation)
    {
        TimeSpan called = simulation.World.Clock.Elapsed;
        int mishap = simulation.Faults.OfMail();
        return wire.CallAsync(
            $"mail {mail.Id} {mishap}", simulation.Faults.MailWay(),
            () =>
            {
                switch (mishap)
                {
                    case 1: return Task.FromResult(new MailResult(MailOutcome.Retry, "too many", simulation.World.Happens(0.3) ? simulation.World.Between(600, 4 * 3600) : simulation.World.Between(1, 120)));
                    case 2:
                        simulation.Mail.Refused.Add(mail.Id);
                        return Task.FromResult(new MailResult(MailOutcome.Refused, "no such address"));
                    case 3: return Task.FromResult(new MailResult(MailOutcome.Uncertain, "no answer"));
                    case 4:
                        simulation.Mail.Accept(mail, called);
                        return Task.FromResult(new MailResult(MailOutcome.Uncertain, "no answer"));
                    default:
                        simulation.Mail.Accept(mail, called);
                        return Task.FromResult(new MailResult(MailOutcome.Accepted));
                }
            },
            Mishap.None, () => new InvalidOperationException("no fault of this kind"));
    }
}
