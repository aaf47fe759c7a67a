using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.Templates.Values;

/// <summary>
/// Makes scopes, lists, texts, numbers and truth values of what a text may show. Nothing else ever reaches the renderer, so that no
/// property of any object can be read by a text.
/// </summary>
sealed class ValueTree(RenderSession session)
{
    Scope? root;

    public Scope Root(TemplateValues values)
    {
        var members = new Dictionary<string, object>(StringComparer.Ordinal);
        root = new Scope(session, "", members, null);
        members["contact"] = Named("contact", values.Contact.Select(c => (c.Key, c.Value)));
        members["journey"] = Named("journey", [("name", values.Journey)]);
        members["links"] = Named("links", values.Links.Select(l => (l.Key, (object?)l.Value)));
        if (values.Event.Length > 0) members["event"] = Event(values.Event);
        return root;
    }

    object Event(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Of("event", document.RootElement) ?? new Missing(session, "event");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new TemplateException("The properties of the event cannot be read as JSON: " + broken.Message, broken);
        }
    }

    Scope Named(string path, IEnumerable<(string Name, object? Value)> values)
    {
        var members = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach ((string name, object? value) in values)
            if (Of(path + "." + name, value) is { } known) members[name] = known;
        return new Scope(session, path, members, root);
    }

    ScopeList Listed(string path, IEnumerable<object?> values) =>
        new(session, path, [.. values.Select((v, i) => Of(Item(path, i), v) ?? new Missing(session, Item(path, i)))]);

    static string Item(string path, int index) => path + "." + index.ToString(CultureInfo.InvariantCulture);

    object? Of(string path, object? value) => value switch
    {
        null => null,
        // An empty text with a fallback counts as missing; without one it is what the author gets.
        string { Length: 0 } when session.HasFallback(path) => null,
        string or bool or long or decimal => value,
        int or short or byte or sbyte or ushort or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        double number => double.IsFinite(number) ? number : null,
        float number => float.IsFinite(number) ? (double)number : null,
        ulong number => (decimal)number,
        DateTime time => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Guid id => id.ToString("D"),
        JsonElement element => Of(path, element),
        IReadOnlyDictionary<string, object?> named => Named(path, named.Select(n => (n.Key, n.Value))),
        IEnumerable list => Listed(path, list.Cast<object?>()),
        _ => throw new TemplateException($"{path} is a {value.GetType().Name}, which a text cannot show; give a text, a number or a list of these."),
    };

    object? Of(string path, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Named(path, element.EnumerateObject().Select(p => (p.Name, (object?)p.Value)).DistinctBy(p => p.Name)),
        JsonValueKind.Array => Listed(path, element.EnumerateArray().Select(e => (object?)e)),
        JsonValueKind.String => Of(path, (object?)element.GetString()),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when element.TryGetInt64(out long whole) => whole,
        JsonValueKind.Number when element.TryGetDecimal(out decimal exact) => exact,
        JsonValueKind.Number => Of(path, (object?)element.GetDouble()),
        _ => null,
    };
}
