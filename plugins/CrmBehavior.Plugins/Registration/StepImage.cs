using System;
using System.Collections.Generic;

namespace CrmBehavior.Plugins.Registration;

/// <summary>A snapshot of the row that the platform hands to a step.</summary>
public sealed class StepImage
{
    /// <summary>The alias of every image of <see cref="ImageKind.Before"/>.</summary>
    public const string BeforeAlias = "before";

    /// <summary>The alias of every image of <see cref="ImageKind.After"/>.</summary>
    public const string AfterAlias = "after";

    StepImage(string id, ImageKind kind, string messageProperty, IReadOnlyList<string> columns)
    {
        Id = new Guid(id);
        Kind = kind;
        MessageProperty = messageProperty;
        Columns = columns;
    }

    /// <summary>Id of the image row, the same in every environment.</summary>
    public Guid Id { get; }

    /// <summary>Before or after the message.</summary>
    public ImageKind Kind { get; }

    /// <summary>Name, alias and key of the image in the context.</summary>
    public string Alias => Kind == ImageKind.Before ? BeforeAlias : AfterAlias;

    /// <summary>The parameter that names the row: <c>Id</c> for Create, <c>Target</c> for Update and Delete.</summary>
    public string MessageProperty { get; }

    /// <summary>Logical names of the columns that the image holds.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The row as it was before an Update or Delete.</summary>
    internal static StepImage Before(string id, params string[] columns) => new StepImage(id, ImageKind.Before, "Target", Array.AsReadOnly(columns));

    /// <summary>The row as a Create left it.</summary>
    internal static StepImage AfterCreate(string id, params string[] columns) => new StepImage(id, ImageKind.After, "Id", Array.AsReadOnly(columns));

    /// <summary>The row as an Update left it.</summary>
    internal static StepImage AfterUpdate(string id, params string[] columns) => new StepImage(id, ImageKind.After, "Target", Array.AsReadOnly(columns));
}
