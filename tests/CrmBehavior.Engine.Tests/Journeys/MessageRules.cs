using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using CrmBehavior.Engine.Decisions;

namespace CrmBehavior.Engine.Tests.Journeys;

/// <summary>What the policy lets a mail do, from its authored form and the mails that went out.</summary>
internal sealed class MessageRules(IEnumerable<JsonObject> definitions)
{
    readonly JsonObject policy = definitions.FirstOrDefault(d => (string)d["kind"]! == "policy") ?? [];
    readonly Dictionary<string, JsonObject> templates = definitions.Where(d => (string)d["kind"]! == "template").ToDictionary(t => (string)t["name"]!);
    readonly List<(long At, string Category)> sent = [];

    /// <summary>Judges a line on a mail; returns until when it is put off, or null when it went out or was dropped.</summary>
    public long? Judge(Decision line, string template, long now, ref long? firstTried)
    {
        firstTried ??= now;
        JsonObject source = templates[template];
        bool isFree = (string?)source["purpose"] == "transactional";
        string category = (string)source["category"]!;
        (string? rule, long until, bool defers) = isFree ? (null, 0, false) : Blocks(category, now);
        if (rule == null)
        {
            Ask(line.Effect == "action", "nothing stands against the mail");
            if (!isFree) sent.Add((now, category));
            return null;
        }
        bool isPutOff = defers && until - firstTried <= (Text.Duration(policy["deferAtMost"]) ?? 72 * 3_600_000L);
        Ask(line.Effect == (isPutOff ? "deferred" : "suppressed") && line.Outcome == rule, $"{(isPutOff ? "deferred" : "suppressed")} by {rule}");
        if (!isPutOff) return null;
        Ask(line.Until == until, $"deferred until {until}");
        return until;
    }

    (string? Rule, long Until, bool Defers) Blocks(string category, long now)
    {
        if (policy["quietHours"] is JsonArray && IsQuiet(now))
        {
            long end = now / 60_000 * 60_000;
            while (IsQuiet(end)) end += 60_000;
            return ("quietHours", end, true);
        }
        foreach (JsonNode? cap in policy["caps"] as JsonArray ?? [])
        {
            if ((string?)cap!["category"] is { } only && only != category) continue;
            long per = Text.Duration(cap["per"])!.Value;
            int most = (int)cap["max"]!;
            long[] counted = [.. sent.Where(s => s.At > now - per && ((string?)cap["category"] is not { } c || c == s.Category)).Select(s => s.At)];
            if (counted.Length >= most) return ("cap", counted[counted.Length - most] + per, (string?)cap["then"] == "defer");
        }
        return (null, 0, false);
    }

    static bool IsQuiet(long instant) => Text.Local(instant, "Europe/Berlin").Hour is >= 21 or < 8;

    static void Ask(bool holds, string what)
    {
        if (!holds) throw new ModelException(what);
    }
}
