using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CrmBehavior.Sandbox.Mail;

/// <summary>
/// Makes the JSON of webhook events with the fields SendGrid gives each kind; custom arguments are flattened to the top and lose
/// against reserved names. Source: SendGrid's "Event Webhook Reference" and payloads in public test suites.
/// </summary>
internal static partial class MailEvents
{
    /// <summary>The kinds that can be asked for.</summary>
    public static readonly IReadOnlyList<string> Kinds =
        ["open", "click", "bounce", "blocked", "dropped", "deferred", "delivered", "processed", "spamreport", "unsubscribe", "group_unsubscribe",
            "group_resubscribe"];

    /// <summary>What the provider tells by itself of a mail that it took.</summary>
    public static IReadOnlyList<OutgoingEvent> OnAcceptance(AcceptedMail mail)
    {
        DateTime leaves = mail.SendAt ?? mail.At;
        mail.Events.Add(new MailHappening("processed", leaves));
        mail.Events.Add(new MailHappening("delivered", leaves));
        return [Make(mail, "processed", leaves, [], 0), Make(mail, "delivered", leaves, [], 1)];
    }

    /// <summary>One event; <paramref name="asked"/> may name <c>url</c>, <c>reason</c>, <c>useragent</c>, <c>ip</c>, <c>machine</c>,
    /// <c>asm_group_id</c>.</summary>
    public static OutgoingEvent Make(AcceptedMail mail, string kind, DateTime at, JsonObject asked, int position)
    {
        string word = kind == "blocked" ? "bounce" : kind;
        var json = new JsonObject();
        foreach ((string name, string value) in mail.CustomArgs) json[name] = value;
        json["email"] = mail.To[0].Email;
        json["timestamp"] = new DateTimeOffset(at, TimeSpan.Zero).ToUnixTimeSeconds();
        json["event"] = word;
        json["sg_event_id"] = EventId(mail, word, position);
        json["sg_message_id"] = $"{mail.MessageId}.recvd-sandbox-1-{mail.Index.ToString(CultureInfo.InvariantCulture)}.0";
        if (mail.Categories.Count > 0) json["category"] = new JsonArray([.. mail.Categories.Select(c => JsonValue.Create(c))]);
        Describe(json, mail, kind, asked);
        return new OutgoingEvent(word, at, json.ToJsonString());
    }

    static void Describe(JsonObject json, AcceptedMail mail, string kind, JsonObject asked)
    {
        string? Asked(string name) => MailRules.TextOf(asked[name]);
        void Server()
        {
            json["smtp-id"] = $"<{mail.MessageId}@ismtpd0001p1sandbox.sendgrid.net>";
            if (kind == "processed") return;
            json["ip"] = Asked("ip") ?? "192.0.2.1";
            json["tls"] = 1;
        }

        void Reader()
        {
            json["useragent"] = Asked("useragent") ?? "Mozilla/5.0 (sandbox)";
            json["ip"] = Asked("ip") ?? "192.0.2.2";
        }

        switch (kind)
        {
            case "processed":
                Server();
                json["send_at"] = mail.SendAt is { } later ? new DateTimeOffset(later, TimeSpan.Zero).ToUnixTimeSeconds() : 0;
                break;
            case "delivered":
                Server();
                json["response"] = Asked("response") ?? "250 2.0.0 OK";
                break;
            case "deferred":
                Server();
                json["response"] = Asked("response") ?? "450 4.2.1 try again later";
                json["attempt"] = "1";
                break;
            case "bounce" or "blocked":
                Server();
                json["reason"] = Asked("reason")
                    ?? (kind == "bounce" ? "550 5.1.1 The email account that you tried to reach does not exist."
                        : "554 5.7.1 Service unavailable; client host blocked");
                json["status"] = Asked("status") ?? (kind == "bounce" ? "5.1.1" : "5.7.1");
                json["type"] = kind;
                json["bounce_classification"] = kind == "bounce" ? "Invalid Address" : "Reputation";
                break;
            case "dropped":
                Server();
                json["reason"] = Asked("reason") ?? "Bounced Address";
                json["status"] = Asked("status") ?? "5.0.0";
                break;
            case "open":
                Reader();
                json["sg_machine_open"] = asked["machine"] is JsonValue machine && machine.TryGetValue(out bool yes) && yes;
                json["sg_content_type"] = "html";
                break;
            case "click":
                Reader();
                json["url"] = Asked("url") ?? FirstLink(mail) ?? "http://localhost/";
                json["url_offset"] = new JsonObject { ["index"] = 0, ["type"] = "html" };
                break;
            case "group_unsubscribe" or "group_resubscribe":
                Reader();
                json["url"] = Asked("url") ?? "http://localhost/";
                json["asm_group_id"] = asked["asm_group_id"] is JsonValue group && group.TryGetValue(out int id) ? id : 1;
                break;
        }
    }

    static string EventId(AcceptedMail mail, string kind, int position)
    {
        string plain = $"{kind}-{position.ToString(CultureInfo.InvariantCulture)}-sandbox-{mail.MessageId}-{mail.Index.ToString(CultureInfo.InvariantCulture)}";
        return Convert.ToBase64String(Encoding.ASCII.GetBytes(plain)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    // The first link that is not the way out: clicking means what the mail wanted to be clicked.
    static string? FirstLink(AcceptedMail mail)
    {
        var links = Link().Matches(mail.Html ?? "").Select(m => System.Net.WebUtility.HtmlDecode(m.Groups[1].Value)).ToList();
        return links.FirstOrDefault(
            l => !l.Contains("unsubscribe", StringComparison.OrdinalIgnoreCase) && !l.Contains("preferences", StringComparison.OrdinalIgnoreCase))
                ?? links.FirstOrDefault();
    }

    [GeneratedRegex("<a\\b[^>]*\\bhref\\s*=\\s*\"(https?://[^\"]+)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Link();
}
