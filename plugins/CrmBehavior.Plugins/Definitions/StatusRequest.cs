using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>The status that a caller asks for, by <c>statuscode</c>, <c>statecode</c> or both.</summary>
static class StatusRequest
{
    const int Active = 0;
    const int Inactive = 1;

    /// <summary>The status asked for; null when neither column was sent.</summary>
    /// <param name="target">What was sent.</param>
    /// <param name="from">The status that the row has.</param>
    /// <exception cref="InvalidPluginExecutionException">The two columns contradict each other, or a value is unknown.</exception>
    internal static int? Read(Entity target, int from)
    {
        int? state = target.GetAttributeValue<OptionSetValue>(DefinitionColumns.State)?.Value;
        int? status = target.GetAttributeValue<OptionSetValue>(DefinitionColumns.Status)?.Value;
        if (state is not (null or Active or Inactive))
            throw new InvalidPluginExecutionException("statecode is 0 (active) or 1 (retired).");
        if (status is not (null or DefinitionStatus.Draft or DefinitionStatus.Live or DefinitionStatus.Paused or DefinitionStatus.Retired))
            throw new InvalidPluginExecutionException("statuscode is 1 (draft), 410330001 (live), 410330002 (paused) or 2 (retired).");
        if (status == null)
        {
            if (state == Inactive) return DefinitionStatus.Retired;
            return state == Active && from == DefinitionStatus.Retired ? DefinitionStatus.Draft : null;
        }

        if (state != null && state != StateOf(status.Value))
        {
            throw new InvalidPluginExecutionException(
                "statecode and statuscode contradict each other: retired (statuscode 2) is statecode 1, all others are statecode 0.");
        }

        return status;
    }

    /// <summary>Writes both columns, since the platform refuses a status of another state.</summary>
    internal static void Write(Entity target, int status)
    {
        target[DefinitionColumns.State] = new OptionSetValue(StateOf(status));
        target[DefinitionColumns.Status] = new OptionSetValue(status);
    }

    static int StateOf(int status) => status == DefinitionStatus.Retired ? Inactive : Active;
}
