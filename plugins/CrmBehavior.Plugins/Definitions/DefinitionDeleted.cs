using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>Keeps a definition that was ever published: its versions say why mails went out.</summary>
public sealed class DefinitionDeleted : PluginBase
{
    internal override void Run(PluginCall call)
    {
        Entity row = call.Before ?? DefinitionRow.Read(call.AsSystem(), call.RowId);
        if (row.GetAttributeValue<int?>(DefinitionColumns.Version) is not (int version and > 0)) return;
        throw new InvalidPluginExecutionException(
            "\"" + row.GetAttributeValue<string>(DefinitionColumns.Name) + "\" was published (version " + version
            + "), and its history says why mails were sent. It cannot be deleted; retire it instead.");
    }
}
