using System;
using System.Collections.Generic;

namespace CrmBehavior.Plugins.Registration;

/// <summary>One registered step as data: which plugin type the platform runs, on which message of which table, when and with what.</summary>
public sealed class PluginStep
{
    internal PluginStep(string id, string name, Type pluginType, string message, string table, PipelineStage stage, StepMode mode)
    {
        Id = new Guid(id);
        Name = name;
        PluginType = pluginType;
        Message = message;
        Table = table;
        Stage = stage;
        Mode = mode;
    }

    /// <summary>Id of the step row, the same in every environment.</summary>
    public Guid Id { get; }

    /// <summary>The step's name, as an administrator reads it in the list of steps.</summary>
    public string Name { get; }

    /// <summary>The class that runs; one of <see cref="StepCatalog.Types"/>.</summary>
    public Type PluginType { get; }

    /// <summary>Name of the message: <c>Create</c>, <c>Update</c> or <c>Delete</c>.</summary>
    public string Message { get; }

    /// <summary>Logical name of the table.</summary>
    public string Table { get; }

    /// <summary>The stage.</summary>
    public PipelineStage Stage { get; }

    /// <summary>Synchronous or not.</summary>
    public StepMode Mode { get; }

    /// <summary>Order among steps of one stage; all steps of this assembly say 1, since none depends on another.</summary>
    public int Rank { get; } = 1;

    /// <summary>Logical names of columns; an Update that writes none of them does not run the step. Empty for other messages.</summary>
    public IReadOnlyList<string> FilteringColumns { get; private set; } = Array.AsReadOnly(Array.Empty<string>());

    /// <summary>The snapshots that the step receives.</summary>
    public IReadOnlyList<StepImage> Images { get; private set; } = Array.AsReadOnly(Array.Empty<StepImage>());

    /// <summary>Unsecure configuration handed to the constructor; null everywhere today.</summary>
    public string? Configuration { get; }

    /// <summary>The row of the finished job is deleted; on for every asynchronous step, whose jobs are as many as the changes.</summary>
    public bool AsyncAutoDelete => Mode == StepMode.Asynchronous;

    /// <summary>The same step, run only for an Update that writes one of these columns.</summary>
    internal PluginStep On(params string[] columns)
    {
        FilteringColumns = Array.AsReadOnly(columns);
        return this;
    }

    /// <summary>The same step with images.</summary>
    internal PluginStep With(params StepImage[] images)
    {
        Images = Array.AsReadOnly(images);
        return this;
    }
}
