using System;
using System.Collections.Concurrent;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>
/// The registered plugin assemblies, loaded from their rows: the very bytes that Dataverse would run (.NET Framework), bound to the
/// stand-in of Microsoft.Xrm.Sdk. Instances are shared by all runs of a step, as on the platform.
/// </summary>
internal sealed class PluginAssemblies(RowStore store)
{
    readonly ConcurrentDictionary<(Guid Assembly, long Version), Assembly> assemblies = new();
    readonly ConcurrentDictionary<(Guid Type, string Configuration, long Version), IPlugin> plugins = new();

    /// <summary>The plugin of a type, made with the step's configuration.</summary>
    public IPlugin Find(Guid pluginTypeId, string? configuration)
    {
        Row type = store.Find("plugintype", pluginTypeId)
            ?? throw new DataverseException(400, ErrorCodes.PluginFailed, $"The plug-in type {pluginTypeId} does not exist.");
        Row assembly = store.Find("pluginassembly", type.Lookup("pluginassemblyid")?.Id ?? Guid.Empty)
            ?? throw new DataverseException(400, ErrorCodes.PluginFailed, $"The assembly of plug-in type '{type.Text("typename")}' does not exist.");
        return plugins.GetOrAdd((pluginTypeId, configuration ?? "", assembly.Version), key => Make(Load(assembly), type.Text("typename") ?? "", configuration));
    }

    Assembly Load(Row row) => assemblies.GetOrAdd((row.Id, row.Version), _ =>
    {
        var context = new AssemblyLoadContext(row.Text("name"), isCollectible: true);
        context.Resolving += static (_, name) => name.Name == typeof(IPlugin).Assembly.GetName().Name ? typeof(IPlugin).Assembly : null;
        return context.LoadFromStream(new MemoryStream(Convert.FromBase64String(row.Text("content") ?? "")));
    });

    static IPlugin Make(Assembly assembly, string typeName, string? configuration)
    {
        Type type = assembly.GetType(typeName)
            ?? throw new DataverseException(400, ErrorCodes.PluginFailed, $"Could not load type '{typeName}' from assembly '{assembly.FullName}'.");
        if (!typeof(IPlugin).IsAssignableFrom(type))
            throw new DataverseException(400, ErrorCodes.PluginFailed, $"The type '{typeName}' does not implement IPlugin.");
        object? plugin = type.GetConstructor([typeof(string), typeof(string)]) is { } both ? both.Invoke([configuration, null])
            : type.GetConstructor([typeof(string)]) is { } unsecure ? unsecure.Invoke([configuration])
            : Activator.CreateInstance(type);
        return (IPlugin)plugin!;
    }
}
