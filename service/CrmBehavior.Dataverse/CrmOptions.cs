using System;
using System.Collections.Generic;

namespace CrmBehavior.Dataverse;

/// <summary>Settings of the CRM.</summary>
public sealed record CrmOptions
{
    /// <summary>Setting <c>Crm:Url</c>: address of the environment, as <c>https://contoso.crm4.dynamics.com</c>.</summary>
    public string Url { get; init; } = "";

    /// <summary>Setting <c>Crm:Token</c>: a fixed bearer token; empty to sign in with the identity that Azure.Identity finds.</summary>
    public string Token { get; init; } = "";

    /// <summary>Setting <c>Crm:Timeout</c>: how long an answer is waited for. The platform itself gives up after two minutes.</summary>
    /// <value>The default is 120 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Setting <c>Crm:Patience</c>: how long a call waits in place when the CRM throttles; what would take longer is given back to be tried
    /// again later.
    /// </summary>
    /// <value>The default is 20 seconds.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What is wrong with the settings.</summary>
    /// <returns>A sentence each, which names the setting; empty when all is well.</returns>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(Url)) problems.Add("Crm:Url is missing; write the address of the environment, like https://contoso.crm4.dynamics.com.");
        else if (!Uri.TryCreate(Url, UriKind.Absolute, out Uri? url) || url.Scheme is not ("https" or "http") || url.Query.Length > 0)
            problems.Add($"Crm:Url is '{Url}'; write the address of the environment, like https://contoso.crm4.dynamics.com.");
        foreach (char c in Token)
        {
            if (c is > ' ' and <= '~') continue;
            problems.Add("Crm:Token has a character that no token has; copy it again, or leave it out to sign in with the machine's identity.");
            break;
        }
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(10))
            problems.Add($"Crm:Timeout is {Timeout}; write more than nothing and at most 10 minutes.");
        if (Patience < TimeSpan.Zero || Patience > TimeSpan.FromMinutes(10)) problems.Add($"Crm:Patience is {Patience}; write a time up to 10 minutes.");
        return problems;
    }
}
