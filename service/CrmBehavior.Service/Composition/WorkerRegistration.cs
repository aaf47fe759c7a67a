using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Pipeline.Refresh;
using CrmBehavior.Service.Bus;
using CrmBehavior.Service.Options;
using CrmBehavior.Service.Startup;
using CrmBehavior.Service.Telemetry;
using CrmBehavior.Service.Upkeep;
using CrmBehavior.Service.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service.Composition;

/// <summary>Everything that runs by itself, with how often it looks.</summary>
internal static class WorkerRegistration
{
    /// <summary>Messages of the bus under way at once; each is completed on its own, so more of them share a commit.</summary>
    const int BusReceivers = 16;

    /// <summary>Batches under way at once where the store takes more than one.</summary>
    const int PumpsOnPostgres = 4;

    /// <summary>Contacts of one transaction where time or a new plan moves them: a commit costs as much for a few.</summary>
    const int Page = 1000;

    static readonly TimeSpan Shortly = TimeSpan.FromMilliseconds(200), EverySecond = TimeSpan.FromSeconds(1), EveryTwoSeconds = TimeSpan.FromSeconds(2), EveryFiveSeconds = TimeSpan.FromSeconds(5),
        EveryMinute = TimeSpan.FromMinutes(1), EveryHour = TimeSpan.FromHours(1);

    public static void AddWorkers(this IServiceCollection services, ServiceSettings settings)
    {
        if (settings.Sandbox != null) services.AddHostedService<SandboxRegistration>();
        services.AddSingleton<WorkerHealth>();
        services.AddSingleton<WorkBell>();
        services.AddHostedService<PlanStart>();
        AddLoop(services, "Following the definitions", EveryTwoSeconds, s => Follow(s.GetRequiredService<FirstDefinitions>(), s.GetRequiredService<DefinitionFollower>()));
        services.AddSingleton<IHostedService>(s => new WorkerGroup(settings.IsPostgres ? PumpsOnPostgres : 1, () => Loop(s, "Taking events in", TimeSpan.Zero, Pump(s.GetRequiredService<EventPump>()))));
        services.AddSingleton<IHostedService>(s => new WorkerGroup(BusReceivers, () => Loop(s, "Listening to the bus", TimeSpan.Zero, Listen(s.GetRequiredService<BusIntake>()))));
        AddLoop(services, "Serving timers", Shortly, s => Timers(s.GetRequiredService<ContactProcessor>(), s.GetRequiredService<TimeProvider>()));
        AddLoop(services, "Bringing contacts up to the plan", EverySecond, s => BringUp(s.GetRequiredService<ContactProcessor>()));
        AddDispatch(services, "Writing to the CRM", s => Write(s.GetRequiredService<CrmDispatcher>(), s.GetRequiredService<WorkBell>()));
        AddDispatch(services, "Sending mail", s => Send(s.GetRequiredService<MailDispatcher>()));
        AddDispatch(services, "Calling webhooks", s => Call(s.GetRequiredService<WebhookDispatcher>()));
        AddLoop(services, "Knowing the environment", EveryMinute, s => Do(s.GetRequiredService<EnvironmentPin>().RunOnceAsync));
        AddLoop(services, "Dropping what is old", EveryHour, s => Do(s.GetRequiredService<Retention>().RunOnceAsync));
        AddLoop(services, "Finding changes that did not arrive", EverySecond, s => Do(s.GetRequiredService<HourlyReconciliation>().RunOnceAsync));
        AddLoop(services, "Showing faded scores anew", EverySecond, s => Do(s.GetRequiredService<ScoreRefresh>().RunOnceAsync));
        AddLoop(services, "Measuring", EveryFiveSeconds, s => Do(s.GetRequiredService<WorkGauges>().RunOnceAsync));
        AddLoop(services, "Taking in calls that waited for the CRM", EveryTwoSeconds, s => Retry(s.GetRequiredService<TrackingIntake>()));
    }

    /// <summary>A piece of work after which there is never more at once.</summary>
    static Func<CancellationToken, Task<bool>> Do(Func<CancellationToken, Task> work) => async stop =>
    {
        await work(stop);
        return false;
    };

    static Func<CancellationToken, Task<bool>> Follow(FirstDefinitions first, DefinitionFollower follower) => async stop =>
    {
        await first.RunOnceAsync(stop);
        await follower.RunOnceAsync(stop);
        return false;
    };

    static Func<CancellationToken, Task<bool>> Pump(EventPump pump) => async stop =>
    {
        await pump.RunOnceAsync(stop);
        return true;
    };

    static Func<CancellationToken, Task<bool>> Listen(BusIntake bus) => async stop =>
    {
        await bus.RunOnceAsync(stop);
        return true;
    };

    static Func<CancellationToken, Task<bool>> Timers(ContactProcessor processor, TimeProvider clock) => async stop =>
        await processor.RunTimersAsync(Instant.From(clock.GetUtcNow()), Page, stop) > 0;

    static Func<CancellationToken, Task<bool>> BringUp(ContactProcessor processor) => async stop => await processor.BringUpAsync(Page, stop) > 0;

    static Func<CancellationToken, Task<bool>> Write(CrmDispatcher dispatcher, WorkBell bell)
    {
        var pace = new RoundPace(TimeProvider.System);
        return async stop =>
        {
            if (!pace.IsOpen && !bell.IsFlushing) return false;
            int taken = await dispatcher.RunOnceAsync(bell.IsFlushing, stop);
            if (taken is > 0 and < CrmDispatcher.Most) pace.Spend(taken);
            return taken > 0;
        };
    }

    static Func<CancellationToken, Task<bool>> Send(MailDispatcher dispatcher) => async stop => await dispatcher.RunOnceAsync(stop) > 0;

    static Func<CancellationToken, Task<bool>> Call(WebhookDispatcher dispatcher) => async stop => await dispatcher.RunOnceAsync(stop) > 0;

    static Func<CancellationToken, Task<bool>> Retry(TrackingIntake intake) => async stop => await intake.RetryAsync(500, stop) > 0;

    static void AddLoop(IServiceCollection services, string name, TimeSpan pause, Func<IServiceProvider, Func<CancellationToken, Task<bool>>> work) =>
        services.AddSingleton<IHostedService>(s => Loop(s, name, pause, work(s)));

    /// <summary>Looks for effects of other processes now and then, and is woken for those of its own.</summary>
    static void AddDispatch(IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, Task<bool>>> work) => services.AddSingleton<IHostedService>(s =>
    {
        LoopWorker worker = Loop(s, name, Shortly, work(s));
        s.GetRequiredService<EffectNews>().Subscribe(worker.Wake);
        return worker;
    });

    static LoopWorker Loop(IServiceProvider services, string name, TimeSpan pause, Func<CancellationToken, Task<bool>> work)
    {
        var worker = new LoopWorker(name, work, pause, services.GetRequiredService<WorkerHealth>(), services.GetRequiredService<ILoggerFactory>().CreateLogger<LoopWorker>());
        services.GetRequiredService<WorkBell>().Add(worker.Wake);
        return worker;
    }
}
