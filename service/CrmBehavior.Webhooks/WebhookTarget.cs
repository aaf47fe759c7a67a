using System;

namespace CrmBehavior.Webhooks;

/// <summary>What an address of a webhook must look like, before its name is asked for.</summary>
internal static class WebhookTarget
{
    /// <summary>Reads an address.</summary>
    /// <returns>The address, or why it must not be called.</returns>
    public static (Uri? Url, string? Problem) Read(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url)) return (null, "the address cannot be read");
        if (url.Scheme != Uri.UriSchemeHttps) return (null, "webhooks are called by https only");
        if (url.Port is not (443 or 8443)) return (null, $"webhooks are called on port 443 or 8443, not on {url.Port}");
        return url.UserInfo.Length > 0 ? (null, "the address of a webhook carries no user and no password; the signature says who calls") : (url, null);
    }
}
