using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Definitions.Reading;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Definitions.Checks;

/// <summary>Warns of events that are probably misspelt: nearly a built-in name, or written as people say it. Custom names stay allowed.</summary>
internal static class EventNameCheck
{
    static readonly string[] BuiltIn =
    [
        "page_viewed", "screen_viewed", "product_viewed", "product_added", "cart_viewed", "checkout_started", "order_completed", "form_submitted", "file_downloaded", "video_completed",
        "feature_used", "search_performed", "email_delivered", "email_opened", "email_clicked", "email_bounced", "email_complained", "email_unsubscribed", "consent_changed",
        "contact_created", "contact_updated", "contact_deleted", "activity_created", "activity_completed",
    ];

    static readonly string[] Raised = ["signal", "score", "segment_entered", "segment_left", "journey_entered", "journey_exited", "journey_goal", "enroll_requested"];

    public static void Run(CheckContext context)
    {
        foreach (Definition definition in context.Definitions)
        {
            using JsonDocument document = JsonDocument.Parse(context.JsonOf(definition));
            foreach ((string name, string pointer) in Names(document.RootElement, ""))
            {
                if (Problem(name) is { } problem) context.Warn(definition, pointer, problem);
            }
        }
    }

    static string? Problem(string name)
    {
        if (BuiltIn.Contains(name)) return null;
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0) return Raised.Contains(name[..colon]) ? null : Nearest.To(name[..colon], Raised) is { } prefix ? $"nobody raises \"{name}\"; did you mean \"{prefix}{name[colon..]}\"?" : null;
        string snake = string.Join('_', name.Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
        if (snake != name) return $"names are matched exactly, and events that come by tracking are written small with underscores; did you mean \"{Nearest.To(snake, BuiltIn) ?? snake}\"?";
        return Nearest.To(name, BuiltIn) is { } meant ? $"\"{name}\" is no built-in event; did you mean \"{meant}\"? If it is an event of your own, let this be" : null;
    }

    static IEnumerable<(string Name, string Pointer)> Names(JsonElement element, string pointer) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany((e, i) => Names(e, $"{pointer}/{i}")),
        JsonValueKind.Object => element.EnumerateObject().Where(p => p.Name is not ("where" or "body" or "fallbacks" or "setField" or "timeline" or "notifySales")).SelectMany(p =>
            p.Name == "event" && p.Value.ValueKind == JsonValueKind.String ? [(p.Value.GetString()!, $"{pointer}/event")] : Names(p.Value, $"{pointer}/{p.Name.Replace("~", "~0").Replace("/", "~1")}")),
        _ => [],
    };
}
