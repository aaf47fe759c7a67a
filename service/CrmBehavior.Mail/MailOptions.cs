using System;
using System.Collections.Generic;

namespace CrmBehavior.Mail;

/// <summary>Settings of the mail provider and of every mail.</summary>
public sealed record MailOptions
{
    /// <summary>Setting <c>SendGrid:Url</c>.</summary>
    /// <value>The default is <c>https://api.sendgrid.com</c>.</value>
    public string Url { get; init; } = "https://api.sendgrid.com";

    /// <summary>Setting <c>SendGrid:ApiKey</c>: a key with the right to send.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Setting <c>Mail:From</c>: <c>address</c> or <c>Name &lt;address&gt;</c>.</summary>
    public string From { get; init; } = "";

    /// <summary>Setting <c>Mail:PostalAddress</c>: of the sender, shown in every mail.</summary>
    public string PostalAddress { get; init; } = "";

    /// <summary>Setting <c>SendGrid:Timeout</c>: how long an answer is waited for; then it is unknown whether the mail was accepted.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong with the settings.</summary>
    /// <returns>A sentence each, which names the setting; empty when all is well.</returns>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (!Uri.TryCreate(Url, UriKind.Absolute, out Uri? url) || url.Scheme is not ("https" or "http"))
            problems.Add($"SendGrid:Url is '{Url}'; write an address like https://api.sendgrid.com.");
        if (string.IsNullOrWhiteSpace(ApiKey)) problems.Add("SendGrid:ApiKey is missing; create a key with the right Mail Send at SendGrid and write it here.");
        else if (!IsHeaderSafe(ApiKey)) problems.Add("SendGrid:ApiKey has a character that no key has; copy it again.");
        if (string.IsNullOrWhiteSpace(From)) problems.Add("Mail:From is missing; write Name <address>.");
        else if (!Sender.TryRead(From, out _)) problems.Add($"Mail:From is '{From}'; write an address, or Name <address>.");
        if (string.IsNullOrWhiteSpace(PostalAddress)) problems.Add("Mail:PostalAddress is missing; every mail must show the sender's postal address.");
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(10))
            problems.Add($"SendGrid:Timeout is {Timeout}; write more than nothing and at most 10 minutes.");
        return problems;
    }

    static bool IsHeaderSafe(string key)
    {
        foreach (char c in key)
            if (c is <= ' ' or > '~') return false;
        return true;
    }
}
