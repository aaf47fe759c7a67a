using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>Keeps published versions as they are; they go only together with their definition.</summary>
public sealed class VersionChanged : PluginBase
{
    internal override void Run(PluginCall call)
    {
        if (call.IsDelete && call.IsWithin("Delete", CrmNames.Definition)) return;
        throw new InvalidPluginExecutionException(
            "A published version is immutable: it can be neither changed nor deleted. To run something else, edit the definition and publish it again.");
    }
}
