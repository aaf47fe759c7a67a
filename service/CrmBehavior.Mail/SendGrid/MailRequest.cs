using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.SendGrid;

/// <summary>Writes a mail as the body of <c>POST /v3/mail/send</c>. Click and open tracking are left as the account has them.</summary>
static class MailRequest
{
    static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What keeps a mail from being handed over at all, or null.</summary>
    public static string? Problem(RenderedMail mail)
    {
        if (mail.Html.Length == 0 && mail.Text.Length == 0) return "The mail has no body.";
        if (!Sender.TryRead(mail.To, out Sender? to) || to.Name is not null) return $"'{mail.To}' is no e-mail address.";
        if (!HeaderText.IsClean(mail.Subject)) return "The subject has a line break or a NUL in it.";
        if (mail.ToName is not null && !HeaderText.IsClean(mail.ToName)) return "The name of the recipient has a line break or a NUL in it.";
        foreach ((string name, string value) in mail.Headers.Concat(mail.Args))
            if (!HeaderText.IsClean(name) || !HeaderText.IsClean(value)) return $"'{name}' has a line break or a NUL in it.";
        return null;
    }

    public static byte[] Write(RenderedMail mail, Sender from)
    {
        var buffer = new ArrayBufferWriter<byte>(mail.Html.Length + mail.Text.Length + 1024);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteStartArray("personalizations");
            json.WriteStartObject();
            json.WriteStartArray("to");
            WritePerson(json, mail.To.Trim(), mail.ToName);
            json.WriteEndArray();
            WriteTexts(json, "custom_args", Arguments(mail));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WritePropertyName("from");
            WritePerson(json, from.Address, from.Name);
            json.WriteString("subject", mail.Subject);
            json.WriteStartArray("content");
            WriteContent(json, "text/plain", mail.Text);
            WriteContent(json, "text/html", mail.Html);
            json.WriteEndArray();
            if (mail.Headers.Count > 0) WriteTexts(json, "headers", mail.Headers);
            // Shows in the provider's own statistics; it takes ASCII only.
            if (mail.Args.TryGetValue("category", out string? category) && category.Length is > 0 and <= 255 && category.All(char.IsAscii))
            {
                json.WriteStartArray("categories");
                json.WriteStringValue(category);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static IEnumerable<KeyValuePair<string, string>> Arguments(RenderedMail mail)
    {
        yield return new(ReservedNames.DecisionId, mail.Id.ToString("D", CultureInfo.InvariantCulture));
        yield return new(ReservedNames.ContactId, mail.Contact.ToString("D", CultureInfo.InvariantCulture));
        foreach ((string name, string value) in mail.Args) yield return new(ReservedNames.Outgoing(name), value);
    }

    static void WriteContent(Utf8JsonWriter json, string type, string value)
    {
        if (value.Length == 0) return;
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("value", value);
        json.WriteEndObject();
    }

    static void WritePerson(Utf8JsonWriter json, string address, string? name)
    {
        json.WriteStartObject();
        json.WriteString("email", address);
        if (!string.IsNullOrWhiteSpace(name)) json.WriteString("name", name);
        json.WriteEndObject();
    }

    static void WriteTexts(Utf8JsonWriter json, string property, IEnumerable<KeyValuePair<string, string>> texts)
    {
        json.WriteStartObject(property);
        foreach ((string name, string value) in texts) json.WriteString(name, value);
        json.WriteEndObject();
    }
}
