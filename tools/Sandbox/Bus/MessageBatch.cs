using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>
/// The body of a batch send: <c>[{"Body":…,"BrokerProperties":{…},"UserProperties":{…}},…]</c>. Source: Microsoft's "Send Message Batch".
/// </summary>
internal static class MessageBatch
{
    /// <summary>Reads all messages, or answers a sentence that names the first wrong one.</summary>
    public static string? Read(byte[] body, out IReadOnlyList<BusMessage> messages)
    {
        var read = new List<BusMessage>();
        messages = read;
        JsonArray? items;
        try
        {
            items = JsonNode.Parse(body) as JsonArray;
        }
        catch (JsonException e)
        {
            return "The batch is not JSON: " + e.Message;
        }
        if (items is null) return "The batch is not a JSON array.";
        for (int i = 0; i < items.Count; i++)
        {
            string place = "Message " + i.ToString(CultureInfo.InvariantCulture);
            if (items[i] is not JsonObject item) return place + " is not an object.";
            if (item["Body"] is not JsonValue text || !text.TryGetValue(out string? content)) return place + " has no Body.";
            if (BrokerProperties.Read(item["BrokerProperties"] as JsonObject, null, out string? problem) is not { } message) return $"{place}: {problem}";
            message.Body = Encoding.UTF8.GetBytes(content);
            if (item["UserProperties"] is JsonObject user)
                foreach ((string name, object value) in CustomProperties.FromJson(user)) message.Properties[name] = value;
            read.Add(message);
        }
        return null;
    }
}
