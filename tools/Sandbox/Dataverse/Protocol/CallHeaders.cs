using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Security;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Headers and options that change who acts and which plugins run: impersonation, bypassing custom logic, <c>tag</c>.</summary>
internal static class CallHeaders
{
    const string BypassPrivilege = "prvBypassCustomBusinessLogic";
    const int MaxBypassedSteps = 3;

    public static CallContext Apply(
        CallContext call, Organization organization, IReadOnlyDictionary<string, string> headers, IReadOnlyDictionary<string, string> query)
    {
        if (query.TryGetValue("tag", out string? tag)) call = call with { Tag = tag };
        if (headers.TryGetValue("CallerObjectId", out string? objectId)) call = Impersonate(call, organization, objectId, byObjectId: true);
        else if (headers.TryGetValue("MSCRMCallerID", out string? userId)) call = Impersonate(call, organization, userId, byObjectId: false);
        if (headers.TryGetValue("MSCRM.BypassCustomPluginExecution", out string? old) && old.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            Access.DemandNamed(call.Caller, "prvBypassCustomPlugins");
            call = call with { BypassSync = true };
        }
        if (headers.TryGetValue("MSCRM.BypassBusinessLogicExecution", out string? kinds))
        {
            Access.DemandNamed(call.Caller, BypassPrivilege);
            call = call with
            {
                BypassSync = call.BypassSync || kinds.Contains("CustomSync", StringComparison.OrdinalIgnoreCase),
                BypassAsync = kinds.Contains("CustomAsync", StringComparison.OrdinalIgnoreCase),
            };
        }
        return headers.TryGetValue("MSCRM.BypassBusinessLogicExecutionStepIds", out string? steps) ? BypassSteps(call, steps) : call;
    }

    static CallContext BypassSteps(CallContext call, string list)
    {
        Access.DemandNamed(call.Caller, BypassPrivilege);
        string[] texts = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (texts.Length > MaxBypassedSteps) throw Failure.InvalidArgument($"At most {MaxBypassedSteps} steps can be bypassed by a request.");
        return call with
        {
            BypassSteps = texts.Select(t => Guid.TryParse(t, out Guid id) ? id : throw Failure.InvalidArgument($"'{t}' is no id of a step."))
                .ToFrozenSet(),
        };
    }

    static CallContext Impersonate(CallContext call, Organization organization, string text, bool byObjectId)
    {
        Access.DemandNamed(call.Caller, PrivilegeNames.ActOnBehalf);
        if (!Guid.TryParse(text.Trim(), out Guid id)) throw Failure.InvalidArgument($"The user to act for must be a GUID, not '{text}'.");
        // Inside a change set the lock is held already; the user was there when the batch began.
        Guid user = (call.Transaction is null ? organization.Directory.FindUser(id, byObjectId) : organization.Directory.FindUserInTransaction(id, byObjectId))
            ?? throw Failure.NotMember(id);
        return call with { Caller = organization.Directory.CallerOf(user, call) };
    }
}
