using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using CrmBehavior.Pipeline.Ingest;
using Microsoft.Extensions.Configuration;

namespace CrmBehavior.Service.Options;

/// <summary>
/// All settings of the service, read once at start from appsettings.json, environment (<c>Section__Name</c>) and command line
/// (<c>--Section:Name=value</c>). A missing or malformed one stops the start with a sentence that names it.
/// </summary>
internal sealed class ServiceSettings
{
    public required bool IsPostgres { get; init; }

    public required string StoreConnection { get; init; }

    /// <summary>The secret under which erased contacts are remembered; null where the store keeps its own.</summary>
    public required byte[]? ErasureKey { get; init; }

    public required Uri CrmUrl { get; init; }

    public required string? CrmToken { get; init; }

    public required TimeSpan ScoreDelay { get; init; }

    /// <summary>When score rows that have faded are rewritten every night, UTC.</summary>
    public required TimeOnly ScoresRefreshedAt { get; init; }

    public required Uri BusUrl { get; init; }

    public required string BusQueue { get; init; }

    public required string BusKeyName { get; init; }

    public required string BusKey { get; init; }

    public required Uri SendGridUrl { get; init; }

    public required string SendGridKey { get; init; }

    public required string SendGridWebhookKey { get; init; }

    public required string MailFrom { get; init; }

    public required string MailAddress { get; init; }

    public required Uri PublicUrl { get; init; }

    /// <summary>Proxies on other machines whose word about a caller's address is taken; those on this machine's loopback are known.</summary>
    public required IReadOnlyList<IPNetwork> Proxies { get; init; }

    public required IReadOnlyDictionary<string, WriteKey> WriteKeys { get; init; }

    /// <summary>Calls that a write key may send in a second; twice as many at once.</summary>
    public required int CallsPerSecondPerKey { get; init; }

    /// <summary>Requests to the doors of events that may come from an address in a second; four times as many at once.</summary>
    public required int CallsPerSecondPerAddress { get; init; }

    public required string? IdentitySecret { get; init; }

    public required IReadOnlyList<string> ApiKeys { get; init; }

    /// <summary>Keys with which the CRM signs what it asks; several while they are changed.</summary>
    public required IReadOnlyList<string> CrmKeys { get; init; }

    public required IReadOnlyDictionary<string, string> WebhookSecrets { get; init; }

    /// <summary>Keys with which outgoing webhooks are signed; without one none is called.</summary>
    public required IReadOnlyList<string> WebhookKeys { get; init; }

    /// <summary>Where a developer's outgoing webhooks go instead of their addresses; null in production.</summary>
    public required Uri? WebhookSink { get; init; }

    public required string? DefinitionsFolder { get; init; }

    public required Uri? Sandbox { get; init; }

    public required Uri? Telemetry { get; init; }

    /// <summary>How long effects stay with a process that has died.</summary>
    public required TimeSpan DispatchLease { get; init; }

    /// <summary>How long the mail provider may tell of other mails and not of one before that one counts as not accepted.</summary>
    public required TimeSpan MailSilence { get; init; }

    /// <summary>How long a mail stays in doubt when the mail provider tells of none at all; then it is set aside.</summary>
    public required TimeSpan MailDoubt { get; init; }

    /// <summary>How long events and decisions are kept.</summary>
    public required TimeSpan KeepEvents { get; init; }

    /// <summary>How long an event that comes again is known; longer than bus and mail provider try.</summary>
    public required TimeSpan KeepKeys { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="SettingException">One is missing or malformed; the message has a sentence for each.</exception>
    public static ServiceSettings Read(IConfiguration configuration, bool isProduction)
    {
        var reader = new SettingReader(configuration);
        Uri? sandbox = reader.OptionalUrl("Development:Sandbox");
        if (sandbox != null && isProduction) reader.Wrong("Development:Sandbox", "is refused in Production; remove it, or set ASPNETCORE_ENVIRONMENT to Development on a developer's machine");
        Uri? sink = reader.OptionalUrl("Development:Webhooks");
        if (sink != null && isProduction) reader.Wrong("Development:Webhooks", "is refused in Production; remove it, or set ASPNETCORE_ENVIRONMENT to Development on a developer's machine");
        else if (sink is { IsLoopback: false }) reader.Wrong("Development:Webhooks", $"is \"{sink}\"; only an address of this machine may take webhooks in place of those who are meant");
        string provider = reader.Word("Store:Provider", "sqlite", "postgres");
        var settings = new ServiceSettings
        {
            IsPostgres = provider == "postgres",
            StoreConnection = reader.Text("Store:ConnectionString", provider == "postgres" ? "the connection string of the database" : "as in \"Data Source=crmbehavior.db\""),
            ErasureKey = reader.Secret("Store:ErasureKey"),
            CrmUrl = reader.Url("Crm:Url", "the address of the environment, as in https://contoso.crm4.dynamics.com"),
            CrmToken = reader.Optional("Crm:Token"),
            ScoreDelay = reader.Duration("Crm:ScoreDelay", TimeSpan.FromSeconds(5)),
            ScoresRefreshedAt = reader.TimeOfDay("Crm:RefreshAt", new TimeOnly(2, 0)),
            BusUrl = reader.Url("Bus:Url", "the address of the Service Bus namespace, as in https://contoso.servicebus.windows.net"),
            BusQueue = reader.Text("Bus:Queue", "the name of the queue"),
            BusKeyName = reader.Text("Bus:KeyName", "the name of the access policy with the right to listen"),
            BusKey = reader.Text("Bus:Key", "the key of that access policy"),
            SendGridUrl = reader.Url("SendGrid:Url", "the address of the mail provider, as in https://api.sendgrid.com"),
            SendGridKey = reader.Text("SendGrid:ApiKey", "the key with the right to send mail"),
            SendGridWebhookKey = reader.PublicKey("SendGrid:WebhookPublicKey"),
            MailFrom = reader.Address("Mail:From"),
            MailAddress = reader.Text("Mail:PostalAddress", "the postal address that every mail must show"),
            PublicUrl = reader.Url("Service:PublicUrl", "the address under which browsers and mail programs reach this service"),
            Proxies = reader.Networks("Service:Proxies"),
            WriteKeys = reader.WriteKeys("Ingest:WriteKeys"),
            CallsPerSecondPerKey = reader.Count("Limits:CallsPerSecondPerKey", 5000),
            CallsPerSecondPerAddress = reader.Count("Limits:CallsPerSecondPerAddress", 500),
            IdentitySecret = reader.Optional("Ingest:IdentitySecret"),
            ApiKeys = reader.List("Service:ApiKeys"),
            CrmKeys = reader.List("Service:CrmKey"),
            WebhookSecrets = reader.Pairs("Ingest:WebhookSecrets"),
            WebhookKeys = reader.List("Webhook:Keys"),
            WebhookSink = sink,
            DefinitionsFolder = reader.Folder("Definitions:Folder"),
            Sandbox = sandbox,
            Telemetry = reader.OptionalUrl("Telemetry:OtlpEndpoint"),
            DispatchLease = reader.Duration("Dispatch:Lease", TimeSpan.FromSeconds(30)),
            MailSilence = reader.Duration("Dispatch:Silence", TimeSpan.FromMinutes(4)),
            MailDoubt = reader.Duration("Dispatch:Doubt", TimeSpan.FromMinutes(15)),
            KeepEvents = reader.Duration("Retention:Events", TimeSpan.FromDays(730)),
            KeepKeys = reader.Duration("Retention:Keys", TimeSpan.FromDays(30)),
        };
        reader.ThrowIfWrong();
        return settings;
    }
}

/// <summary>Settings are missing or malformed.</summary>
internal sealed class SettingException(IEnumerable<string> problems) : Exception(string.Join(Environment.NewLine, problems.Select(p => "The setting " + p + ".")));
