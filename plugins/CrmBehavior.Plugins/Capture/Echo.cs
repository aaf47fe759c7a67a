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
    internal static bool IsOwn(PluginCall call)
    {
        if (call.Context.Depth != 1) return false;
        string? user = EnvironmentVariable.Read(call.AsSystem(), CrmNames.ServiceUserVariable);
        if (string.IsNullOrWhiteSpace(user)) return false;
        if (Guid.TryParse(user, out Guid id)) return id == call.Context.InitiatingUserId;
        call.Trace(
            "Environment variable " + CrmNames.ServiceUserVariable + " holds \"" + user
            + "\", which is no id; write the systemuserid of the service's application user.");
        return false;
    }
}
