using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>Which status may follow which. Only publishing makes a definition live; pausing and resuming keep the version.</summary>
static class StatusRules
{
    /// <summary>A new row is a draft or live.</summary>
    internal static void CheckNew(int status)
    {
        if (status is DefinitionStatus.Draft or DefinitionStatus.Live) return;
        throw new InvalidPluginExecutionException(
            "A definition is created as a draft (statuscode 1) or live (410330001), not " + Word(status) + ".");
    }

    /// <summary>A change, or none.</summary>
    internal static void CheckChange(int from, int to, bool publishing)
    {
        if (Refusal(from, to, publishing) is string refusal) throw new InvalidPluginExecutionException(refusal);
    }

    static string? Refusal(int from, int to, bool publishing) => to switch
    {
        _ when from == to => null,
        DefinitionStatus.Retired => null,
        DefinitionStatus.Live => ToLive(from, publishing),
        DefinitionStatus.Paused => ToPaused(from),
        _ when from == DefinitionStatus.Retired => null,
        _ => "A definition that is " + Word(from) + " does not become a draft again: its text can be edited as it is, and runs only when it is published. "
            + "Pause or retire it to stop it.",
    };

    static string? ToLive(int from, bool publishing) => from switch
    {
        DefinitionStatus.Paused => null,
        DefinitionStatus.Draft when publishing => null,
        DefinitionStatus.Draft => "A draft does not go live by a change of status: use Publish (crmb_Publish), which asks for a reason and keeps the version.",
        _ => "A retired definition does not go live by a change of status: reactivate it, which makes it a draft, then use Publish (crmb_Publish).",
    };

    static string? ToPaused(int from) => from switch
    {
        DefinitionStatus.Live => null,
        DefinitionStatus.Draft => "A draft is not running, so it cannot be paused.",
        _ => "A retired definition cannot be paused: reactivate it, which makes it a draft.",
    };

    static string Word(int status) => status switch
    {
        DefinitionStatus.Live => "live",
        DefinitionStatus.Paused => "paused",
        DefinitionStatus.Retired => "retired",
        _ => "a draft",
    };
}
