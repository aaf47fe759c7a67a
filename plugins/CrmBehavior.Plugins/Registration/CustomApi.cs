using System;
using System.Collections.Generic;

namespace CrmBehavior.Plugins.Registration;

/// <summary>A custom API bound to a table, and the class that is its main operation.</summary>
public sealed class CustomApi
{
    internal CustomApi(
        string id, string uniqueName, string boundTable, Type pluginType, IReadOnlyList<CustomApiField> request, IReadOnlyList<CustomApiField> response)
    {
        Id = new Guid(id);
        UniqueName = uniqueName;
        BoundTable = boundTable;
        PluginType = pluginType;
        Request = request;
        Response = response;
    }

    /// <summary>Id of the API's row, the same in every environment.</summary>
    public Guid Id { get; }

    /// <summary>Name of the message.</summary>
    public string UniqueName { get; }

    /// <summary>Logical name of the table to whose rows it is bound; the row arrives as the parameter <c>Target</c>.</summary>
    public string BoundTable { get; }

    /// <summary>The class that does the work.</summary>
    public Type PluginType { get; }

    /// <summary>Request parameters besides <c>Target</c>.</summary>
    public IReadOnlyList<CustomApiField> Request { get; }

    /// <summary>Response properties.</summary>
    public IReadOnlyList<CustomApiField> Response { get; }
}
