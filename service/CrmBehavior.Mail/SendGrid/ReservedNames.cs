using System;
using System.Collections.Generic;

namespace CrmBehavior.Mail.SendGrid;

/// <summary>
/// Names that SendGrid itself uses at the top level of its events, where custom arguments come back too: an argument with such a name would
/// be overwritten, so it travels under a prefix. Source: Event Webhook Reference.
/// </summary>
static class ReservedNames
{
    const string Prefix = "crmb_";

    /// <summary>Custom argument that carries the id of the effect.</summary>
    public const string DecisionId = "decision_id";

    /// <summary>Custom argument that carries the id of the contact.</summary>
    public const string ContactId = "contact_id";

    static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "asm_group_id", "attempt", "bounce_classification", "category", "cert_err", "email", "event", "id", "ip", "marketing_campaign_id",
        "marketing_campaign_name", "marketing_campaign_split_id", "marketing_campaign_version", "newsletter", "pool", "post_type", "reason",
        "response", "send_at", "sg_content_type", "sg_event_id", "sg_machine_open", "sg_message_id", "sg_template_id", "sg_template_name",
        "singlesend_id", "singlesend_name", "smtp-id", "status", "template_id", "timestamp", "tls", "type", "unique_args", "url", "url_offset",
        "useragent", DecisionId, ContactId,
    };

    /// <summary>How an argument travels.</summary>
    public static string Outgoing(string name) => Names.Contains(name) ? Prefix + name : name;

    /// <summary>The argument's own name, or null when the field is SendGrid's.</summary>
    public static string? Incoming(string field)
    {
        if (Names.Contains(field)) return null;
        return field.StartsWith(Prefix, StringComparison.Ordinal) && Names.Contains(field[Prefix.Length..]) ? field[Prefix.Length..] : field;
    }
}
