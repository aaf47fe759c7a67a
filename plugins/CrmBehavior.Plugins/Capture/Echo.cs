using System;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Settings;

namespace CrmBehavior.Plugins.Capture;

/// <summary>
/// Keeps the loop from feeding on itself: what the service's user writes is not told to the service. What others' plugins do upon that
/// write is deeper than 1, and is news.
/// </summary>
static class Echo
{
    /// <summary>Whether the service's user wrote this itself.</summary>
    internal static bool IsOwn(PluginCall call) => call.Context.Depth == 1 && IsService(call);

    /// <summary>Whether the service's user began what led to this.</summary>
    internal static bool IsService(PluginCall call)
    {
        string? user = EnvironmentVariable.Read(call.AsSystem(), CrmNames.ServiceUserVariable);
        if (string.IsNullOrWhiteSpace(user)) return false;
        if (Guid.TryParse(user, out Guid id)) return id == call.Context.InitiatingUserId;
        call.Trace(
            "Environment variable " + CrmNames.ServiceUserVariable + " holds \"" + user
            + "\", which is no id; write the systemuserid of the service's application user.");
        return false;
    }
}
