using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Service.Upkeep;

/// <summary>
/// A store belongs to one environment. When another organisation answers than at the first start, the environment was copied or restored,
/// and its contacts are real people who must get no mail from it, and others must not be told of them: both are held until a person has looked.
/// </summary>
internal sealed class EnvironmentPin(DataverseGateway crm, IServiceStore store, MailDispatcher mail, WebhookDispatcher webhooks)
{
    const string Setting = "crm.organization";

    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        string organization = (await crm.ReadOrganizationAsync(cancellation)).ToString("D");
        string first = await store.EnsureSettingAsync(Setting, organization, cancellation);
        mail.Held = webhooks.Held = string.Equals(first, organization, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"the CRM is organisation {organization}, and this store belongs to {first}: a copied environment? Give the service a store of its own, or the right Crm:Url";
    }
}
