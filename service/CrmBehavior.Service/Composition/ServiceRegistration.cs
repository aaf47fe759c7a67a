using System;
using System.Net.Http;
using CrmBehavior.Dataverse;
using CrmBehavior.Mail;
using CrmBehavior.Mail.Footer;
using CrmBehavior.Mail.Links;
using CrmBehavior.Mail.SendGrid;
using CrmBehavior.Mail.SendGrid.Webhooks;
using CrmBehavior.Mail.Templates;
using CrmBehavior.Pipeline.Backtest;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Explain;
using CrmBehavior.Pipeline.Identify;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Pipeline.Process;
using CrmBehavior.Pipeline.Reconcile;
using CrmBehavior.Pipeline.Refresh;
using CrmBehavior.Service.Bus;
using CrmBehavior.Service.Clock;
using CrmBehavior.Service.Http;
using CrmBehavior.Service.Options;
using CrmBehavior.Service.Parked;
using CrmBehavior.Service.Startup;
using CrmBehavior.Service.Telemetry;
using CrmBehavior.Service.Upkeep;
using CrmBehavior.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service.Composition;

/// <summary>Puts the parts together.</summary>
internal static class ServiceRegistration
{
    public static void AddCrmBehavior(this IServiceCollection services, ServiceSettings settings, Foundation foundation)
    {
        services.AddSingleton(settings);
        services.AddSingleton(foundation.Clock);
        if (foundation.Clock is SandboxTime sandbox) services.AddSingleton(sandbox);
        services.AddSingleton(foundation.Profiles);
        services.AddSingleton(foundation.Outbox);
        services.AddSingleton(foundation.Service);
        services.AddSingleton(foundation.Links);
        services.AddOutsideSystems(settings);
        services.AddPipeline(settings);
        services.AddWorkers(settings);
        services.AddProblemDetails();
        services.AddOpenApi("v1");
        services.AddTelemetry(settings);
        services.Configure<KestrelServerOptions>(BoundRequests);
        services.Configure<ForwardedHeadersOptions>(o =>
        {
            o.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // Back through as many proxies as are known, to the first address that none of them has.
            o.ForwardLimit = null;
            foreach (System.Net.IPNetwork proxies in settings.Proxies) o.KnownIPNetworks.Add(proxies);
        });
    }

    /// <summary>No client can hold more of this process than these; beyond them Kestrel answers 414, 431 or 408, or hangs up.</summary>
    static void BoundRequests(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = 6 * 1024 * 1024;
        server.Limits.MaxRequestLineSize = 8 * 1024;
        server.Limits.MaxRequestHeaderCount = 50;
        server.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        server.Limits.MaxConcurrentConnections = 10_000;
    }

    static void AddOutsideSystems(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton(new DataverseGateway(new CrmOptions { Url = settings.CrmUrl.AbsoluteUri.TrimEnd('/'), Token = settings.CrmToken ?? "" }));
        services.AddSingleton<ICrmGateway>(s => s.GetRequiredService<DataverseGateway>());
        services.AddSingleton<IContactChanges>(s => s.GetRequiredService<DataverseGateway>());
        var mail = new MailOptions { Url = settings.SendGridUrl.AbsoluteUri.TrimEnd('/'), ApiKey = settings.SendGridKey, From = settings.MailFrom, PostalAddress = settings.MailAddress };
        services.AddSingleton<IMailGateway>(new SendGridGateway(mail));
        services.AddSingleton<IWebhookGateway>(new WebhookGateway(new WebhookOptions { Keys = settings.WebhookKeys, Sink = settings.WebhookSink }));
        services.AddSingleton<ITextRenderer>(new HandlebarsRenderer(new MailFooter(SenderName(settings), settings.MailAddress)));
        services.AddSingleton<IMailLinks>(s => new SignedLinks(s.GetRequiredService<LinkTokens>(), settings.PublicUrl));
        services.AddSingleton(s => new SendGridWebhook([settings.SendGridWebhookKey], time: s.GetRequiredService<TimeProvider>()));
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false };
        services.AddSingleton(new BusClient(new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan }, settings.BusUrl, settings.BusQueue, settings.BusKeyName, settings.BusKey));
    }

    static void AddPipeline(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton<PlanHolder>();
        services.AddSingleton<DefinitionFollower>();
        services.AddSingleton<FirstDefinitions>();
        services.AddSingleton(new IngestLimits());
        services.AddSingleton<CallLimits>();
        services.AddSingleton(new EffectOptions { ScoreDelay = settings.ScoreDelay });
        services.AddSingleton<EffectFactory>();
        services.AddSingleton<EffectNews>();
        services.AddSingleton<EventQueue>();
        services.AddSingleton<TrackingReader>();
        services.AddSingleton(s => new IdentityOptions
        {
            Secret = settings.IdentitySecret,
            ReadLink = text => s.GetRequiredService<LinkTokens>().TryRead(text, LinkUse.Visit, out LinkToken? link) ? link.Contact : null,
        });
        services.AddSingleton<IdentityResolver>();
        services.AddSingleton<TrackingIntake>();
        // Each worker has a processor of its own: it keeps the plan's working memory.
        services.AddTransient<ContactProcessor>();
        services.AddTransient<EventPump>();
        services.AddSingleton(new DispatchOptions { Lease = settings.DispatchLease, Silence = settings.MailSilence, Doubt = settings.MailDoubt });
        services.AddSingleton<CrmDispatcher>();
        services.AddSingleton(s =>
        {
            MailDispatcher dispatcher = ActivatorUtilities.CreateInstance<MailDispatcher>(s);
            dispatcher.Held = "it is not known yet which environment the CRM is";
            return dispatcher;
        });
        services.AddSingleton(new ScoreRefreshOptions { At = settings.ScoresRefreshedAt });
        services.AddSingleton<ScoreRefresh>();
        services.AddSingleton(s =>
        {
            WebhookDispatcher dispatcher = ActivatorUtilities.CreateInstance<WebhookDispatcher>(s);
            dispatcher.Held = "it is not known yet which environment the CRM is";
            return dispatcher;
        });
        services.AddSingleton<EnvironmentPin>();
        services.AddSingleton<Retention>();
        services.AddSingleton<Reconciliation>();
        services.AddSingleton<HourlyReconciliation>();
        services.AddSingleton(s => new MailSettlement(s.GetRequiredService<IOutbox>(), TimeProvider.System));
        services.AddSingleton<BusIntake>();
        services.AddSingleton<MailReportIntake>();
        services.AddTransient<ParkedInputs>();
        services.AddSingleton<LiveExplainer>();
        services.AddSingleton<LogBacktest>();
        services.AddSingleton<TestMail>();
    }

    static string SenderName(ServiceSettings settings) => Sender.TryRead(settings.MailFrom, out Sender? sender) ? sender.Name ?? sender.Address : settings.MailFrom;

    static void AddTelemetry(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton<WorkGauges>();
        if (settings.Telemetry is { } collector) services.AddHostedService(_ => new TelemetryExport(collector));
        services.AddLogging(l => l.AddSimpleConsole(c =>
        {
            c.SingleLine = true;
            c.TimestampFormat = "HH:mm:ss ";
        }));
    }
}
