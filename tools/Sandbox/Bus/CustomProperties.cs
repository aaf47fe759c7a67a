using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>
/// Application properties as HTTP headers: text in double quotes, numbers and truth values bare. Source: Microsoft's "Message headers
/// and properties". Names that cannot be header names (the claim addresses of the CRM) are left out of an answer.
/// </summary>
internal static class CustomProperties
{
    static readonly FrozenSet<string> Reserved = new[]
    {
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "BrokerProperties", "Cache-Control", "Connection",
        "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Date", "Expect", "Host", "Keep-Alive", "Origin", "Pragma", "Referer",
        "Request-Id", "TE", "traceparent", "tracestate", "baggage", "Transfer-Encoding", "Upgrade", "User-Agent", "Via",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The application properties among the headers of a request.</summary>
    public static IEnumerable<KeyValuePair<string, object>> FromHeaders(IHeaderDictionary headers)
    {
        foreach ((string name, StringValues value) in headers)
        {
            if (Reserved.Contains(name) || name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("sec-", StringComparison.OrdinalIgnoreCase)) continue;
            yield return new(name, FromHeader(value.ToString()));
        }
    }

    /// <summary>The members of a <c>UserProperties</c> object that are plain values.</summary>
    public static IEnumerable<KeyValuePair<string, object>> FromJson(JsonObject properties)
    {
        foreach ((string name, JsonNode? node) in properties)
        {
            if (node is not JsonValue value) continue;
            yield return new(name, value.GetValueKind() switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number when value.TryGetValue(out long whole) => whole,
                JsonValueKind.Number => value.GetValue<double>(),
                _ => value.ToString(),
            });
        }
    }

    /// <summary>A property as the text of a header.</summary>
    public static string ToHeader(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        long or double => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => "\"" + string.Concat(((string)value).Select(c => c is < ' ' or > '~' or '"' ? '?' : c)) + "\"",
    };

    /// <summary>Whether a property's name can stand as a header's.</summary>
    public static bool IsHeaderName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));

    static object FromHeader(string text)
    {
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"') return text[1..^1];
        if (text is "true" or "True") return true;
        if (text is "false" or "False") return false;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)) return whole;
        if (text.Length > 0 && !char.IsLetter(text[0]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)) return number;
        return text;
    }
}
