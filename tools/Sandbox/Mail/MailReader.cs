using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace CrmBehavior.Sandbox.Mail;

/// <summary>Makes the mails of an accepted request: one for each personalization, whose own values beat those of the request.</summary>
internal static class MailReader
{
    public static IReadOnlyList<AcceptedMail> Read(JsonObject request, DateTime now)
    {
        string messageId = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var personalizations = (JsonArray)request["personalizations"]!;
        return [.. personalizations.Select((node, index) => One(request, (JsonObject)node!, messageId, index, now))];
    }

    static AcceptedMail One(JsonObject request, JsonObject personal, string messageId, int index, DateTime now)
    {
        Dictionary<string, string> substitutions = Texts(personal["substitutions"]);
        string? Fill(string? text)
        {
            if (text is not null)
                foreach ((string mark, string value) in substitutions) text = text.Replace(mark, value, StringComparison.Ordinal);
            return text;
        }

        string? Content(string type) => Fill((request["content"] as JsonArray)?.OfType<JsonObject>()
            .Where(c => MailRules.TextOf(c["type"]) == type).Select(c => MailRules.TextOf(c["value"])).FirstOrDefault());

        JsonNode? sendAt = personal["send_at"] ?? request["send_at"];
        DateTime? later = sendAt is JsonValue value && value.TryGetValue(out long seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime : null;
        return new AcceptedMail
        {
            Id = index == 0 ? messageId : messageId + "-" + index.ToString(System.Globalization.CultureInfo.InvariantCulture),
            MessageId = messageId,
            Index = index,
            From = Address(personal["from"]) ?? Address(request["from"])!,
            To = Addresses(personal["to"]),
            Cc = Addresses(personal["cc"]),
            Bcc = Addresses(personal["bcc"]),
            ReplyTo = request["reply_to_list"] is JsonArray list ? Addresses(list) : Address(request["reply_to"]) is { } reply ? [reply] : [],
            Subject = Fill(MailRules.TextOf(personal["subject"]) ?? MailRules.TextOf(request["subject"])) ?? "",
            Text = Content("text/plain"),
            Html = Content("text/html"),
            Headers = Merge(Texts(request["headers"]), Texts(personal["headers"])),
            CustomArgs = Merge(Texts(request["custom_args"]), Texts(personal["custom_args"])),
            Categories = request["categories"] is JsonArray categories ? [.. categories.Select(MailRules.TextOf).OfType<string>()] : [],
            TemplateId = MailRules.TextOf(request["template_id"]),
            At = now,
            SendAt = later > now ? later : null,
        };
    }

    static MailAddress? Address(JsonNode? node) =>
        node is JsonObject address && MailRules.TextOf(address["email"]) is { } email ? new MailAddress(email, MailRules.TextOf(address["name"])) : null;

    static IReadOnlyList<MailAddress> Addresses(JsonNode? node) => node is JsonArray list ? [.. list.Select(Address).OfType<MailAddress>()] : [];

    static Dictionary<string, string> Texts(JsonNode? node)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node is JsonObject members)
            foreach ((string name, JsonNode? value) in members) texts[name] = MailRules.TextOf(value) ?? value?.ToJsonString() ?? "";
        return texts;
    }

    static Dictionary<string, string> Merge(Dictionary<string, string> global, Dictionary<string, string> personal)
    {
        foreach ((string name, string value) in personal) global[name] = value;
        return global;
    }
}
