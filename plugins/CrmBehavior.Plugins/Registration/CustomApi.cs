using System;
using System.Collections.Generic;

namespace CrmBehavior.Plugins.Registration;

/// <summary>A custom API, and the class that is its main operation.</summary>
public sealed class CustomApi
{
    internal CustomApi(
        string id, string uniqueName, string? boundTable, string? privilege, Type pluginType, CustomApiField[] request, CustomApiField[] response)
    {
        Id = new Guid(id);
        UniqueName = uniqueName;
        BoundTable = boundTable;
        Privilege = privilege;
        PluginType = pluginType;
        Request = Array.AsReadOnly(request);
        Response = Array.AsReadOnly(response);
    }

    /// <summary>Id of the API's row, the same in every environment.</summary>
    public Guid Id { get; }

    /// <summary>Name of the message.</summary>
    public string UniqueName { get; }

    /// <summary>Logical name of the table to whose rows it is bound, the row arriving as the parameter <c>Target</c>; null when it is unbound.</summary>
    public string? BoundTable { get; }

    /// <summary>Name of the privilege without which the platform refuses a caller; null where the plugin's own writes are judged.</summary>
    public string? Privilege { get; }

    /// <summary>The class that does the work.</summary>
    public Type PluginType { get; }

    /// <summary>Request parameters besides <c>Target</c>.</summary>
    public IReadOnlyList<CustomApiField> Request { get; }

    /// <summary>Response properties.</summary>
    public IReadOnlyList<CustomApiField> Response { get; }
}
