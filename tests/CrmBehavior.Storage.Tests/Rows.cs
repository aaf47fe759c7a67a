using System;
using System.Text;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Storage.Tests;

/// <summary>Rows with plausible values where a test does not care.</summary>
public static class Rows
{
    /// <summary>2026-03-15 12:00 UTC in milliseconds.</summary>
    public const long Noon = 1773576000000;

    public const long Day = 24L * 60 * 60 * 1000;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static Profile Profile(Guid contact, string state = "state", int generation = 1, long sequence = 0) =>
        new(contact, Bytes(state), generation, sequence, IsErased: false);

    public static LoggedEvent Event(Guid contact, long sequence, string? id = null, long received = Noon, string name = "page_viewed") =>
        new(contact, sequence, id ?? $"id-{sequence}", name, received - 5, received, received + 1, Bytes($$"""{"n":{{sequence}}}"""));

    public static KeptEvent Kept(string visitor, string id, long received = Noon) => new(visitor, id, "page_viewed", received - 5, received, Bytes($$"""{"id":"{{id}}"}"""));

    public static StoredDecision Decision(Guid contact, long ordinal, long at = Noon) =>
        new(contact, ordinal, Guid.NewGuid(), at, "hot-leads", "segment", "entered", Bytes("""{"because":{}}"""));

    public static Effect Effect(Guid contact, string kind = EffectKind.Task, string key = "", Guid? id = null, string body = "{}", TimeSpan delay = default) =>
        new(id ?? Guid.NewGuid(), contact, kind, key, Noon, Bytes(body), delay);
}
