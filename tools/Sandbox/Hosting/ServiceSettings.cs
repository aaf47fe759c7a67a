using System.Collections.Generic;
using System.IO;
using CrmBehavior.Sandbox.Bus;

namespace CrmBehavior.Sandbox.Hosting;

/// <summary>The settings that lead the service to this sandbox, as environment variables.</summary>
internal static class ServiceSettings
{
    /// <summary>Names and values; the address of the service itself is where it will be started.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> For(SandboxHost sandbox)
    {
        SandboxSettings settings = sandbox.Settings;
        return
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
            new("Mail__From", "CrmBehavior Sandbox <news@sandbox.example>"),
            new("Mail__PostalAddress", "CrmBehavior Sandbox, 1 Example Street, 10115 Berlin"),
            new("Service__PublicUrl", ServiceUrl(settings)),
            new("Store__Provider", settings.Store),
            new("Store__ConnectionString", settings.Connection ?? "Data Source=" + Path.Combine(Path.GetFullPath(sandbox.Folder), "service.db")),
            new("Development__Sandbox", sandbox.Url),
        ];
    }

    /// <summary>Where the service is, or will be.</summary>
    public static string ServiceUrl(SandboxSettings settings) =>
        "http://localhost:" + settings.ServicePort.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
