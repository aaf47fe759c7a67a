using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Tests;

/// <summary>Calls custom APIs the short way.</summary>
static class ApiCalls
{
    /// <summary>Calls a custom API; parameters without value are left out, as a client does.</summary>
    internal static ParameterCollection Call(this PluginPlatform platform, string name, params (string Name, object? Value)[] parameters)
    {
        var given = new ParameterCollection();
        foreach ((string parameter, object? value) in parameters)
        {
            if (value != null) given[parameter] = value;
        }

        return platform.Call(name, given);
    }
}
