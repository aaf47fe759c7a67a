using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Definitions;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Options;
using CrmBehavior.Service.Telemetry;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service.Startup;

/// <summary>
/// Puts the definitions of a folder into the CRM, once in the life of a store and only when the CRM has none: from then on the CRM's are
/// the ones that count.
/// </summary>
internal sealed class FirstDefinitions(ServiceSettings settings, ICrmGateway crm, IServiceStore store, ILogger<FirstDefinitions> log)
{
    const string Done = "definitions.first";

    volatile bool isDone;

    /// <summary>Whether nothing of it is left to do.</summary>
    public bool IsDone => isDone;

    /// <summary>Publishes them if that is still to do.</summary>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        if (isDone || settings.DefinitionsFolder is not { } folder || await store.FindSettingAsync(Done, cancellation) != null)
        {
            isDone = true;
            return;
        }
        if ((await crm.ReadDefinitionsAsync(cancellation)).Count == 0)
        {
            DefinitionSet set = DefinitionSet.ReadFiles(folder);
            if (set.HasErrors)
            {
                foreach (Diagnostic error in set.Errors) log.DefinitionsRefused(error.ToString());
                isDone = true;
                return;
            }
            IReadOnlyList<string> published = await crm.PublishAsync([.. set.InOrderOfUse().Select(d => (d.Kind, d.Name, set.Sources[d].Json))], "Taken from the folder of definitions at first start", cancellation);
            log.DefinitionsPublished(published.Count);
        }
        await store.EnsureSettingAsync(Done, "done", cancellation);
        isDone = true;
    }
}
