using System;

namespace CrmBehavior.Plugins.Registration;

/// <summary>One plugin class with the id of its row; the id is also its friendly name, which must be unique.</summary>
public sealed class PluginTypeEntry
{
    internal PluginTypeEntry(string id, Type type)
    {
        Id = new Guid(id);
        Type = type;
    }

    /// <summary>Id of the plugin type row, the same in every environment.</summary>
    public Guid Id { get; }

    /// <summary>The class.</summary>
    public Type Type { get; }

    /// <summary>Full name of the class, the name of the row.</summary>
    public string Name => Type.FullName!;
}
