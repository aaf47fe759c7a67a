using System;

namespace CrmBehavior.Plugins.Registration;

/// <summary>A request parameter or response property of a custom API.</summary>
public sealed class CustomApiField
{
    internal CustomApiField(string id, string name, CustomApiFieldType type, bool optional)
    {
        Id = new Guid(id);
        Name = name;
        Type = type;
        Optional = optional;
    }

    /// <summary>Id of the field's row, the same in every environment.</summary>
    public Guid Id { get; }

    /// <summary>Name in requests and answers.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public CustomApiFieldType Type { get; }

    /// <summary>A request may leave it out.</summary>
    public bool Optional { get; }
}
