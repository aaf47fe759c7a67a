using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>Keeps published versions as they are: they come with publishing and go only together with their definition.</summary>
public sealed class VersionChanged : PluginBase
{
    internal override void Run(PluginCall call)
    {
        if (call.IsCreate)
        {
            // By the definition that is being published or created live, whoever's plugin or flow does that.
            if (call.IsWithin(CrmNames.Publish, table: null) || call.IsWithin("Create", CrmNames.Definition)) return;
            throw new InvalidPluginExecutionException(
                "A version is written by publishing, with its reason and what changed: use Publish (crmb_Publish) on the definition.");
        }

        if (call.IsDelete && call.IsWithin("Delete", CrmNames.Definition)) return;
        throw new InvalidPluginExecutionException(
            "A published version is immutable: it can be neither changed nor deleted. To run something else, edit the definition and publish it again.");
    }
}
