using System;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Platform;

/// <summary>An asynchronous step that waits for the commit.</summary>
sealed class Job
{
    internal Job(Type pluginType, RemoteExecutionContext context)
    {
        PluginType = pluginType;
        Context = context;
    }

    internal Type PluginType { get; }

    internal RemoteExecutionContext Context { get; }
}
