using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CrmBehavior.Sandbox.Mail;

/// <summary>
/// What SendGrid refuses in <c>POST /v3/mail/send</c>, with its own words; several faults come in one answer. Sources: bodies captured
/// in public issues and test suites, else SendGrid's "Mail errors" page.
/// </summary>
internal static partial class MailRules
{
    const string NoFrom = "The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter.  e.g. {\"email\" : \"example@example.com\"}  or {\"email\" : \"example@example.com\", \"name\" : \"Example Recipient\"}.";
    const string NoContent =
        "Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block. We typically suggest both text/plain and text/html blocks are included, but only one block is required.";
    const string NoSubject =
        "The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.";
    const string ContentOrder =
        "Following RFC 1341, section 7.2, if either text/html or text/plain are to be sent in your email: text/plain needs to be first, followed by text/html, followed by any other content.";
    const string ReservedHeader = "Header can not be one of the reserved keys.";
    static readonly string[] ReservedHeaders =
        ["x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"];

    /// <summary>All that is wrong with a request, at the time <paramref name="now"/>; empty when it is accepted.</summary>
    public static List<MailError> Check(JsonObject mail, DateTimeOffset now)
    {
        var errors = new List<MailError>();
        JsonArray? personalizations = mail["personalizations"] as JsonArray;
        bool template = CheckTemplate(mail, errors);
        CheckPersonalizations(personalizations, errors);
        CheckFrom(mail["from"], errors);
        if (!template) CheckSubject(mail, personalizations, errors);
        CheckContent(mail["content"], template, errors);
        CheckSchedule(mail, "send_at", now, errors);
        if (personalizations is not null)
            for (int i = 0; i < personalizations.Count; i++)
                if (personalizations[i] is JsonObject p) CheckSchedule(p, "personalizations." + Index(i) + ".send_at", now, errors, "send_at");
        CheckArguments(mail, personalizations, errors);
        CheckHeaders(mail, errors);
        CheckCategories(mail["categories"], errors);
        if (mail["reply_to"] is not null && mail["reply_to_list"] is not null)
            errors.Add(new("The reply_to_list can not be used with the reply_to.", "reply_to_list"));
        return errors;
    }

    static bool CheckTemplate(JsonObject mail, List<MailError> errors)
    {
        if (TextOf(mail["template_id"]) is not { Length: > 0 } id) return false;
        string bare = id.StartsWith("d-", StringComparison.Ordinal) ? id[2..] : id;
        if (Guid.TryParse(bare, out _)) return true;
        errors.Add(new($"The template_id must be a valid GUID, you provided '{id}'.", "template_id", MailError.HelpFor("message.template_id")));
        return false;
    }

    static void CheckPersonalizations(JsonArray? personalizations, List<MailError> errors)
    {
        if (personalizations is null || personalizations.Count == 0)
        {
            errors.Add(new("The personalizations field is required and must have at least one personalization.", "personalizations",
                MailError.HelpFor("-Personalizations-Errors")));
            return;
        }
        if (personalizations.Count > 1000)
            errors.Add(new($"The personalization block is limited to 1000 personalizations per API request. You have provided {Index(personalizations.Count)} personalizations. Please consider splitting this into multiple requests and resending your request.", "personalizations", MailError.HelpFor("-Personalizations-Errors")));
        int recipients = 0;
        for (int i = 0; i < personalizations.Count; i++)
        {
            string place = "personalizations." + Index(i);
            JsonObject personalization = personalizations[i] as JsonObject ?? [];
            if (personalization["to"] is not JsonArray { Count: > 0 })
                errors.Add(new("The to array is required for all personalization objects, and must have at least one email object with a valid email address.",
                    place + ".to", MailError.HelpFor("message.personalizations.to")));
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (string kind in (string[])["to", "cc", "bcc"])
                recipients += CheckRecipients(personalization[kind] as JsonArray, place, kind, seen, errors);
            if (personalization["subject"] is { } subject && TextOf(subject) is not { Length: > 0 })
                errors.Add(new("The subject must be a string at least one character in length.", place + ".subject", MailError.HelpFor("message.subject")));
        }
        if (recipients > 1000)
            errors.Add(new("There is a limit of 1000 total recipients (to + cc + bcc) per request.", "personalizations",
                MailError.HelpFor("message.recipient-errors")));
    }

    static int CheckRecipients(JsonArray? recipients, string place, string kind, HashSet<string> seen, List<MailError> errors)
    {
        if (recipients is null) return 0;
        for (int i = 0; i < recipients.Count; i++)
        {
            string? email = recipients[i] is JsonObject recipient ? TextOf(recipient["email"]) : null;
            if (email is null || !IsAddress(email))
                errors.Add(new("Does not contain a valid address.", $"{place}.{kind}.{Index(i)}.email", MailError.HelpFor("message.personalizations." + kind)));
            else if (!seen.Add(email))
                errors.Add(new($"Each email address in the personalization block should be unique between to, cc, and bcc. We found the first duplicate instance of [{email}] in the {place}.{kind} field.", place, MailError.HelpFor("message.recipient-errors")));
        }
        return recipients.Count;
    }

    static void CheckFrom(JsonNode? from, List<MailError> errors)
    {
        string? email = from is JsonObject sender ? TextOf(sender["email"]) : null;
        if (string.IsNullOrEmpty(email)) errors.Add(new(NoFrom, "from.email", MailError.HelpFor("message.from")));
        else if (!IsAddress(email)) errors.Add(new("The from email does not contain a valid address.", "from.email", MailError.HelpFor("message.from")));
    }

    static void CheckSubject(JsonObject mail, JsonArray? personalizations, List<MailError> errors)
    {
        if (TextOf(mail["subject"]) is { Length: > 0 }) return;
        bool everyOne = personalizations is { Count: > 0 } && personalizations.All(p => p is JsonObject o && TextOf(o["subject"]) is { Length: > 0 });
        if (!everyOne) errors.Add(new(NoSubject, "subject", MailError.HelpFor("message.subject")));
    }

    static void CheckContent(JsonNode? content, bool template, List<MailError> errors)
    {
        if (content is not JsonArray { Count: > 0 } blocks)
        {
            if (!template) errors.Add(new(NoContent, "content", MailError.HelpFor("message.content")));
            return;
        }
        int latest = 0;
        bool ordered = true;
        for (int i = 0; i < blocks.Count; i++)
        {
            JsonObject block = blocks[i] as JsonObject ?? [];
            if (TextOf(block["value"]) is not { Length: > 0 })
                errors.Add(new("The content value must be a string at least one character in length.", $"content.{Index(i)}.value",
                    MailError.HelpFor("message.content.value")));
            int rank = TextOf(block["type"]) switch { "text/plain" => 1, "text/html" => 2, _ => 3 };
            ordered &= rank >= latest;
            latest = rank;
        }
        if (!ordered) errors.Add(new(ContentOrder, "content", MailError.HelpFor("message.content")));
    }

    static void CheckSchedule(JsonObject holder, string place, DateTimeOffset now, List<MailError> errors, string name = "send_at")
    {
        if (holder[name] is not { } node) return;
        if (node is not JsonValue value || !value.TryGetValue(out long seconds))
            errors.Add(new("The send_at parameter is expected to be a Unix timestamp.", place, MailError.HelpFor("message.send_at")));
        else if (seconds > now.ToUnixTimeSeconds() + 72 * 3600)
            errors.Add(new("Scheduling more than 72 hours in advance is forbidden.", place, MailError.HelpFor("message.send_at")));
    }

    static void CheckArguments(JsonObject mail, JsonArray? personalizations, List<MailError> errors)
    {
        foreach (JsonNode? node in new[] { (JsonNode?)mail }.Concat(personalizations?.AsEnumerable() ?? []))
        {
            if (node is not JsonObject holder || holder["custom_args"] is not JsonObject arguments) continue;
            if (arguments.Any(a => a.Value is not JsonValue value || !value.TryGetValue(out string? _)))
                errors.Add(new("The custom_args values must be strings.", "custom_args", MailError.HelpFor("message.custom_args")));
        }
        JsonObject? global = mail["custom_args"] as JsonObject;
        for (int i = 0; i < Math.Max(1, personalizations?.Count ?? 0); i++)
        {
            var merged = new JsonObject();
            foreach (JsonObject? arguments in new[] { global, (personalizations?.ElementAtOrDefault(i) as JsonObject)?["custom_args"] as JsonObject })
                if (arguments is not null)
                    foreach ((string name, JsonNode? value) in arguments) merged[name] = value?.DeepClone();
            if (Encoding.UTF8.GetByteCount(merged.ToJsonString()) > 10_000)
            {
                errors.Add(new("The combined size of both global and personalization custom arguments may not exceed 10,000 bytes per personalization.",
                    "custom_args", MailError.HelpFor("message.custom_args")));
                return;
            }
        }
    }

    static void CheckHeaders(JsonObject mail, List<MailError> errors)
    {
        IEnumerable<(JsonNode? Node, string Place)> holders = [(mail["headers"], "headers")];
        if (mail["personalizations"] is JsonArray personalizations)
            holders = holders.Concat(personalizations.Select((p, i) => ((p as JsonObject)?["headers"], "personalizations." + Index(i) + ".headers")));
        foreach ((JsonNode? node, string place) in holders)
            if (node is JsonObject headers && headers.Any(h => ReservedHeaders.Contains(h.Key.ToLowerInvariant())))
                errors.Add(new(ReservedHeader, place, MailError.HelpFor("message.headers")));
    }

    static void CheckCategories(JsonNode? categories, List<MailError> errors)
    {
        if (categories is not JsonArray list) return;
        if (list.Count > 10)
            errors.Add(new($"There is a limit of 10 categories for each email that is sent. You provided {Index(list.Count)} categories.", "categories",
                MailError.HelpFor("message.categories")));
        if (list.Any(c => TextOf(c) is not { Length: > 0 and <= 255 } text || !text.All(char.IsAscii)))
            errors.Add(new("The categories must be strings of at most 255 ASCII characters.", "categories", MailError.HelpFor("message.categories")));
        if (list.Select(TextOf).Distinct(StringComparer.Ordinal).Count() != list.Count)
            errors.Add(new("The categories must be unique.", "categories", MailError.HelpFor("message.categories")));
    }

    /// <summary>A text, or null for anything else.</summary>
    public static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    static bool IsAddress(string text) => text.Length <= 320 && Address().IsMatch(text);

    static string Index(int i) => i.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^[^\\s@<>,;\"]+@[A-Za-z0-9\u0080-\uffff-]+(\\.[A-Za-z0-9\u0080-\uffff-]+)+$")]
    private static partial Regex Address();
}
