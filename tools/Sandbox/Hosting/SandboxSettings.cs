using System;

namespace CrmBehavior.Sandbox.Hosting;

/// <summary>What the command line says.</summary>
internal sealed record SandboxSettings
{
    /// <summary>Port of the stand-ins; 0 is any free one.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>Port of the service that is started.</summary>
    public int ServicePort { get; init; } = 5000;

    /// <summary>Ends after the demonstration.</summary>
    public bool Exit { get; init; }

    /// <summary>Plays no demonstration.</summary>
    public bool NoDemo { get; init; }

    /// <summary>Starts no service; prints its settings instead.</summary>
    public bool NoService { get; init; }

    /// <summary>Where the clock starts; null is now.</summary>
    public DateTimeOffset? Clock { get; init; }

    /// <summary>Store of the service: <c>sqlite</c> or <c>postgres</c>.</summary>
    public string Store { get; init; } = "sqlite";

    /// <summary>Connection string of the service's store; null is a file beside the sandbox's.</summary>
    public string? Connection { get; init; }

    /// <summary>Definitions for the demonstration in place of its own.</summary>
    public string? Definitions { get; init; }

    /// <summary>Folder that keeps everything; null is a fresh temporary one.</summary>
    public string? Data { get; init; }

    /// <summary>The solution zip to import; null is the one built with the sandbox; empty imports none.</summary>
    public string? Solution { get; init; }

    /// <summary>Dynamics 365 Sales is installed: its tables are there, and the solution for them is imported too.</summary>
    public bool Sales { get; init; }

    /// <summary>Where mail events go; null is the service that registered first.</summary>
    public string? Webhook { get; init; }

    /// <summary>After this a plugin is cut off; null is the platform's two minutes.</summary>
    public TimeSpan? PluginTimeout { get; init; }
}
