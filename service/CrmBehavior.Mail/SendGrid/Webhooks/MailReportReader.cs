using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace CrmBehavior.Mail.SendGrid.Webhooks;

/// <summary>Reads the array of events element by element, so that a bad one spoils no other.</summary>
static class MailReportReader
{
    public static MailReports Read(ReadOnlyMemory<byte> body)
    {
        var reports = new List<MailReport>();
        var problems = new List<string>();
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Array) return new MailReports([], ["The body is no array of events."]);
            int index = 0;
            foreach (JsonElement element in document.RootElement.EnumerateArray())
            {
                try
                {
                    reports.Add(ReadOne(element));
                }
                // A lone surrogate throws InvalidOperationException when it is read.
                catch (Exception bad) when (bad is FormatException or InvalidOperationException)
                {
                    problems.Add(string.Create(CultureInfo.InvariantCulture, $"/{index}: {bad.Message}"));
                }
                index++;
            }
        }
        catch (JsonException bad)
        {
            problems.Add("The body is no JSON: " + bad.Message);
        }
        return new MailReports(reports, problems);
    }

    const int LongestText = 8192;

    static MailReport ReadOne(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new FormatException("An event must be an object.");
        return new MailReport(
            Text(element, "event") ?? throw new FormatException("'event' is missing."),
            Text(element, "sg_event_id") is { Length: > 0 } id ? id : Fingerprint(element),
            Id(element, ReservedNames.DecisionId),
            Id(element, ReservedNames.ContactId),
            Text(element, "email") ?? throw new FormatException("'email' is missing."),
            At(element),
            Text(element, "reason") ?? Text(element, "response"),
            Text(element, "type"),
            Text(element, "url"),
            element.TryGetProperty("sg_machine_open", out JsonElement machine)
                && (machine.ValueKind == JsonValueKind.True || Text(element, "sg_machine_open") == "true"),
            Arguments(element));
    }

    static string? Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? Sound(value.GetString()!, name)
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null;

    /// <summary>Text that the stores can keep: one that they refuse would hold up its neighbours for as long as the provider tries again.</summary>
    static string Sound(string text, string name) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw new FormatException($"'{name}' holds a NUL character.") : text.Length > LongestText ? throw new FormatException($"'{name}' has more than {LongestText} characters.") : text;

    static Guid? Id(JsonElement element, string name) => Guid.TryParse(Text(element, name), out Guid id) ? id : null;

    static DateTimeOffset At(JsonElement element)
    {
        bool isTime = double.TryParse(Text(element, "timestamp"), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && seconds is > 0 and < 253_402_300_800;
        return isTime ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : throw new FormatException("'timestamp' is no time in seconds since 1970.");
    }

    static Dictionary<string, string> Arguments(JsonElement element)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
            if (property.Value.ValueKind == JsonValueKind.String && ReservedNames.Incoming(property.Name) is { } name)
                arguments[name] = Sound(property.Value.GetString()!, name);
        return arguments;
    }

    static string Fingerprint(JsonElement element) => "sha256-" + Convert.ToHexStringLower(SHA256.HashData(JsonMarshal.GetRawUtf8Value(element)));
}
