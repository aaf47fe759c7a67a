using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>What a webhook is told: the step's <c>body</c> with its texts filled, or without one who and why.</summary>
internal static class WebhookText
{
    public static byte[] Of(Effect effect, ActionBody action, ITextRenderer renderer, IReadOnlyDictionary<string, object?> contact)
    {
        byte[] trigger = action.Trigger is { } t ? JsonSerializer.SerializeToUtf8Bytes(t) : [];
        if (action.Args.TryGetProperty("body", out JsonElement body))
        {
            var values = new TemplateValues(contact, trigger, action.Journey, new Dictionary<string, string>());
            return JsonSerializer.SerializeToUtf8Bytes(Filled(body, renderer, values));
        }
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["id"] = effect.Id.ToString("D"),
            ["contactId"] = effect.Contact.ToString("D"),
            ["journey"] = action.Journey,
            ["step"] = action.Step,
            ["entry"] = action.Entry,
            ["at"] = Instant.ToText(effect.At),
            ["why"] = action.Why,
            ["event"] = trigger.Length == 0 ? null : JsonNode.Parse(trigger),
        });
    }

    static JsonNode? Filled(JsonElement value, ITextRenderer renderer, TemplateValues values)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String: return renderer.Render(value.GetString()!, values);
            case JsonValueKind.Array:
                var items = new JsonArray();
                foreach (JsonElement item in value.EnumerateArray()) items.Add(Filled(item, renderer, values));
                return items;
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (JsonProperty member in value.EnumerateObject()) members[member.Name] = Filled(member.Value, renderer, values);
                return members;
            default: return JsonNode.Parse(value.GetRawText());
        }
    }
}
