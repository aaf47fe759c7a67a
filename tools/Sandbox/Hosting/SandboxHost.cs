using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Bus;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Dataverse;
using CrmBehavior.Sandbox.Faults;
using CrmBehavior.Sandbox.Mail;
using CrmBehavior.Sandbox.Pages;
using CrmBehavior.Sandbox.Requests;
using CrmBehavior.Sandbox.Settle;
using CrmBehavior.Sandbox.Shop;
using CrmBehavior.Sandbox.Storage;
using CrmBehavior.Sandbox.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Sandbox.Hosting;

/// <summary>A running sandbox: the stand-ins, their pages and controls, on one port.</summary>
internal sealed class SandboxHost : IAsyncDisposable
{
    readonly WebApplication app;
    readonly string? temporaryFolder;
    readonly FileStream inUse;

    SandboxHost(SandboxSettings settings, string folder, bool isTemporary)
    {
        Settings = settings;
        Folder = folder;
        temporaryFolder = isTemporary ? folder : null;
        inUse = Lock(folder);
        Journal = new Journal(Path.Combine(folder, "sandbox.db"));
        Clock = new SandboxClock(Journal, settings.Clock);
        Services = new ServiceRegistry(Journal, Clock);
        Faults = new FaultBoard(Clock);
        Clock.Moved += () => Faults.Active();
        Bus = new MessageBus(Journal, Clock, Faults);
        Organization = new Organization(Journal, Clock, Bus, Faults, settings.PluginTimeout, ServiceSettings.ServiceUrl(settings), settings.Sales);
        Inbox = new Inbox(Journal);
        Webhook = new EventWebhook(Journal, Inbox, Clock, () => settings.Webhook ?? (Services.Urls is [var first, ..] ? first + "/webhooks/sendgrid" : null));
        app = Build();
    }

    public SandboxSettings Settings { get; }

    /// <summary>Where everything is kept.</summary>
    public string Folder { get; }

    /// <summary>The address, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    public Journal Journal { get; }

    public SandboxClock Clock { get; }

    public ServiceRegistry Services { get; }

    public FaultBoard Faults { get; }

    public MessageBus Bus { get; }

    public Organization Organization { get; }

    public Inbox Inbox { get; }

    public EventWebhook Webhook { get; }

    public RequestCounter Requests { get; } = new();

    /// <summary>The API key of the mail stand-in.</summary>
    public string MailApiKey { get; private set; } = "";

    /// <summary>Starts: loads what is kept, imports the solution, listens.</summary>
    public static async Task<SandboxHost> StartAsync(SandboxSettings settings)
    {
        // Writes wait for each other on threads of the pool; with too few, readers would wait too.
        ThreadPool.GetMinThreads(out int workers, out int completion);
        ThreadPool.SetMinThreads(Math.Max(workers, 64), completion);
        string folder = settings.Data ?? Directory.CreateTempSubdirectory("crmbehavior-sandbox-").FullName;
        Directory.CreateDirectory(folder);
        var host = new SandboxHost(settings, folder, settings.Data is null);
        try
        {
            host.ImportSolution();
            host.Organization.Importer.RefreshSettings();
            host.Organization.Jobs.Start();
            await host.app.StartAsync();
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
        host.Url = host.app.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal).TrimEnd('/');
        return host;
    }

    /// <summary>Completes when the process is asked to end.</summary>
    public Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    WebApplication Build()
    {
        WebApplicationBuilder builder =
            WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(SandboxHost).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 200L * 1024 * 1024;
            kestrel.Limits.MaxRequestLineSize = 128 * 1024;
            kestrel.Limits.MaxRequestBufferSize = 1024 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 256 * 1024;
            kestrel.ListenLocalhost(Settings.Port == 0 ? FreePort() : Settings.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRouting();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            // A start that fails is told in one sentence by the command.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        WebApplication application = builder.Build();
        var bus = new BusRoutes(Bus, Clock);
        var mail = new MailRoutes(Journal, Inbox, Clock);
        MailApiKey = mail.ApiKey;
        var crm = new DataverseRoutes(Organization, Clock, application.Services.GetRequiredService<ILoggerFactory>().CreateLogger<DataverseRoutes>());
        application.UseOutsideRequests([DataverseRoutes.System, mail.System, bus.System], new FaultGate(Faults), Requests);
        application.UseRouting();
        crm.Map(application);
        mail.Map(application);
        bus.Map(application);
        new AtomRoutes(Bus, bus, Clock).Map(application);
        application.MapClock(Clock, Services);
        application.MapFaults(Faults, Clock);
        Requests.Map(application);
        new WebhookRoutes(Clock).Map(application);
        new Settlement(this).Map(application);
        new PageRoutes(this).Map(application);
        new ShopRoutes(this).Map(application);
        application.UseEndpoints(static _ => { });
        return application;
    }

    void ImportSolution()
    {
        string? file = Settings.Solution ?? BuiltSolution.Find();
        if (string.IsNullOrEmpty(file)) return;
        ImportSolution(file);
        if (Settings.Sales && Settings.Solution is null && BuiltSolution.Find(BuiltSolution.SalesFileName) is { } sales) ImportSolution(sales);
    }

    void ImportSolution(string file)
    {
        byte[] zip = File.ReadAllBytes(file);
        // The same bytes again would only rewrite rows that an administrator may have changed.
        if (Journal.Read("SELECT 1 FROM crm_solution WHERE zip = $0", r => r.GetInt32(0), zip).Count > 0) return;
        Organization.Importer.Import(zip, Guid.NewGuid(), activatesSteps: true, new Dictionary<string, string>());
    }

    // Two processes on one file would each keep rows in memory that the other does not know.
    static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "sandbox.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"The folder {folder} is in use by another sandbox; stop that one, or name another folder with --data.", e);
        }
    }

    // Kestrel binds both loopbacks on one port only when the port is named.
    static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Webhook.Dispose();
        Organization.Dispose();
        Bus.Dispose();
        Services.Dispose();
        Journal.Dispose();
        await inUse.DisposeAsync();
        if (temporaryFolder is not null && Directory.Exists(temporaryFolder)) Directory.Delete(temporaryFolder, recursive: true);
    }
}
