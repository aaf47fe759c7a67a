namespace Microsoft.Xrm.Sdk;

/// <summary>The context that a plugin receives.</summary>
public interface IPluginExecutionContext : IExecutionContext
{
    int Stage { get; }

    /// <summary>The context of the message in whose work this one arose; null for what a client asked for.</summary>
    IPluginExecutionContext ParentContext { get; }
}
