using System;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>Checks a definition row before it is written, and fills its name and kind from its JSON.</summary>
public sealed class DefinitionSaved : PluginBase
{
    internal override void Run(PluginCall call)
    {
        if (call.IsCreate) NewDefinition.Check(call);
        else if (call.IsUpdate) ChangedDefinition.Check(call);
        else throw new InvalidOperationException("The step is registered on " + call.Context.MessageName + "; register it on Create and Update.");
    }
}
