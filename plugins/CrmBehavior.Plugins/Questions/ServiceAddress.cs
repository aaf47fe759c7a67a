using System;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Settings;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Questions;

/// <summary>The address of the service, from the environment variable <c>crmb_ServiceUrl</c>.</summary>
static class ServiceAddress
{
    /// <summary>The address, ending with a slash.</summary>
    /// <exception cref="InvalidPluginExecutionException">It is not set, no address, or not protected by TLS.</exception>
    internal static Uri Read(PluginCall call)
    {
        string? text = EnvironmentVariable.Read(call.AsSystem(), CrmNames.ServiceUrlVariable)?.Trim();
        if (string.IsNullOrEmpty(text)) throw Fault("is not set");
        if (!Uri.TryCreate(text!.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address)) throw Fault("holds \"" + text + "\", which is no address");
        if (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)) return address;
        throw Fault("holds \"" + text + "\", over which data would travel unprotected");
    }

    static InvalidPluginExecutionException Fault(string fault) => new InvalidPluginExecutionException(
        "The environment variable " + CrmNames.ServiceUrlVariable + " " + fault
        + ". Ask your administrator to write the address of the behaviour service there, such as https://crmbehavior.example.com.");
}
