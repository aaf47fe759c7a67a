using System;
using System.Collections.Generic;
using System.IO;
using CrmBehavior.Sandbox.Bus;
using CrmBehavior.Sandbox.Webhooks;

namespace CrmBehavior.Sandbox.Hosting;

/// <summary>The settings that lead the service to this sandbox, as environment variables.</summary>
internal static class ServiceSettings
{
    /// <summary>Names and values; the address of the service itself is where it will be started.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> For(SandboxHost sandbox)
    {
        SandboxSettings settings = sandbox.Settings;
        List<KeyValuePair<string, string>> lines =
        [
            new("Crm__Url", sandbox.Url),
            new("Crm__Token", "sandbox:service"),
            new("Bus__Url", sandbox.Url),
            new("Bus__Queue", MessageBus.EventQueue),
            new("Bus__KeyName", sandbox.Bus.KeyName),
            new("Bus__Key", sandbox.Bus.Key),
            new("SendGrid__Url", sandbox.Url),
            new("SendGrid__ApiKey", sandbox.MailApiKey),
            new("SendGrid__WebhookPublicKey", sandbox.Webhook.PublicKey),
            new("Ingest__WriteKeys", "sandbox=server:sandbox,sandbox-web=browser:shop"),
            // Whoever tries what the service can take has one key for it.
            new("Limits__CallsPerSecondPerKey", "1000000"),
            new("Mail__From", "CrmBehavior Sandbox <news@sandbox.example>"),
            new("Mail__PostalAddress", "CrmBehavior Sandbox, 1 Example Street, 10115 Berlin"),
            new("Service__PublicUrl", ServiceUrl(settings)),
            new("Store__Provider", settings.Store),
            new("Store__ConnectionString", settings.Connection ?? "Data Source=" + Path.Combine(Path.GetFullPath(sandbox.Folder), "service.db")),
            new("Service__ApiKeys", "sandbox"),
            new("Service__CrmKey", sandbox.Organization.Vault.ServiceKey),
            new("Webhook__Keys", "sandbox"),
            new("Development__Webhooks", sandbox.Url + WebhookRoutes.Path),
            new("Development__Sandbox", sandbox.Url),
        ];
        if (DefinitionsFolder(settings) is { } folder) lines.Add(new("Definitions__Folder", folder));
        return lines;
    }

    /// <summary>What the service publishes at its first start: what the command line says, else the demonstration's where it is played.</summary>
    static string? DefinitionsFolder(SandboxSettings settings) => settings.Definitions != null ? Path.GetFullPath(settings.Definitions)
        : settings.NoDemo || settings.NoService ? null : Path.Combine(AppContext.BaseDirectory, "Definitions");

    /// <summary>Where the service is, or will be.</summary>
    public static string ServiceUrl(SandboxSettings settings) =>
        "http://localhost:" + settings.ServicePort.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
