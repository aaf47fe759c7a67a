using System;
using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Mail;

/// <summary>An address with a name.</summary>
internal sealed record MailAddress(string Email, string? Name)
{
    /// <summary>As people read it.</summary>
    public override string ToString() => string.IsNullOrEmpty(Name) ? Email : $"{Name} <{Email}>";
}

/// <summary>One mail that was accepted: one personalization of one request.</summary>
internal sealed class AcceptedMail
{
    /// <summary>Id of this mail: that of the request, with <c>-n</c> behind it from the second personalization on.</summary>
    public required string Id { get; init; }

    /// <summary>The request's <c>X-Message-Id</c>.</summary>
    public required string MessageId { get; init; }

    /// <summary>Which personalization of the request, from 0.</summary>
    public required int Index { get; init; }

    public required MailAddress From { get; init; }

    public required IReadOnlyList<MailAddress> To { get; init; }

    public IReadOnlyList<MailAddress> Cc { get; init; } = [];

    public IReadOnlyList<MailAddress> Bcc { get; init; } = [];

    public IReadOnlyList<MailAddress> ReplyTo { get; init; } = [];

    public string Subject { get; init; } = "";

    public string? Text { get; init; }

    public string? Html { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> CustomArgs { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Categories { get; init; } = [];

    public string? TemplateId { get; init; }

    /// <summary>When it was accepted, sandbox time.</summary>
    public required DateTime At { get; init; }

    /// <summary>When it is to leave, if later than <see cref="At"/>.</summary>
    public DateTime? SendAt { get; init; }

    /// <summary>What became of it, in the order it was told.</summary>
    public List<MailHappening> Events { get; init; } = [];
}

/// <summary>Something that happened to a mail, in the webhook's word, and when.</summary>
internal sealed record MailHappening(string Type, DateTime At);
