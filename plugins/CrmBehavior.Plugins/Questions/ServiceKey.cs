using System;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Questions;

/// <summary>The key that plugin and service share, from the secret environment variable <c>crmb_ServiceKey</c>; it is never traced.</summary>
static class ServiceKey
{
    const string Message = "RetrieveEnvironmentVariableSecretValue";
    const string NameParameter = "EnvironmentVariableName";
    const string ValueProperty = "EnvironmentVariableSecretValue";

    /// <exception cref="InvalidPluginExecutionException">It is not set, or the vault does not give it out.</exception>
    internal static string Read(PluginCall call)
    {
        string? key;
        try
        {
            OrganizationResponse response = call.AsSystem().Execute(new OrganizationRequest(Message) { [NameParameter] = CrmNames.ServiceKeyVariable });
            key = response.Results.TryGetValue(ValueProperty, out object? value) ? value as string : null;
        }
        catch (Exception refused)
        {
            call.Trace("The key was not given out: " + refused);
            throw Fault("cannot be read (" + refused.Message.TrimEnd('.') + ")", refused);
        }

        return string.IsNullOrWhiteSpace(key) ? throw Fault("is empty", null) : key!.Trim();
    }

    static InvalidPluginExecutionException Fault(string fault, Exception? cause) => new InvalidPluginExecutionException(
        "The secret environment variable " + CrmNames.ServiceKeyVariable + " " + fault
        + ". Ask your administrator to let it refer to a secret with the same key as the service's setting Service:CrmKey.",
        cause);
}
