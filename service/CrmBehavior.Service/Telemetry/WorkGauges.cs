using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Diagnostics;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Service.Telemetry;

/// <summary>How much waits, as gauges. The store is asked now and then, not whenever somebody reads them.</summary>
internal sealed class WorkGauges
{
    readonly IOutbox outbox;
    readonly IProfileStore profiles;
    readonly PlanHolder plans;
    readonly TimeProvider clock;
    long waiting, parked, due, outdated;
    double oldest;

    public WorkGauges(IOutbox outbox, IProfileStore profiles, EventQueue queue, PlanHolder plans, TimeProvider clock)
    {
        this.outbox = outbox;
        this.profiles = profiles;
        this.plans = plans;
        this.clock = clock;
        PipelineTelemetry.Meter.CreateObservableGauge("crmb.queue.depth", () => queue.Waiting, "{event}", "Events accepted that wait for their commit");
        PipelineTelemetry.Meter.CreateObservableGauge("crmb.outbox.waiting", () => Volatile.Read(ref waiting), "{effect}", "Effects to be carried out");
        PipelineTelemetry.Meter.CreateObservableGauge("crmb.outbox.parked", () => Volatile.Read(ref parked), "{effect}", "Effects set aside");
        PipelineTelemetry.Meter.CreateObservableGauge("crmb.outbox.age", () => Volatile.Read(ref oldest), "s", "Age of the oldest effect that waits");
        PipelineTelemetry.Meter.CreateObservableGauge("crmb.timers.due", () => Volatile.Read(ref due), "{contact}", "Contacts whose timers are due");
        PipelineTelemetry.Meter.CreateObservableGauge("crmb.profiles.outdated", () => Volatile.Read(ref outdated), "{contact}", "Contacts to be brought up to the plan");
    }

    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        (long effects, long aside, TimeSpan age) = await outbox.CountAsync(cancellation);
        (long timers, long behind) = await profiles.CountWorkAsync(Instant.From(clock.GetUtcNow()), plans.Current.Generation, cancellation);
        Volatile.Write(ref waiting, effects);
        Volatile.Write(ref parked, aside);
        Volatile.Write(ref oldest, age.TotalSeconds);
        Volatile.Write(ref due, timers);
        Volatile.Write(ref outdated, behind);
    }
}
