using System.Text.Json;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>What a step of a journey asks for: body of mails, tasks, timeline entries, reviews and webhooks.</summary>
/// <param name="Journey">Name of the journey.</param>
/// <param name="Version">Its version.</param>
/// <param name="Entry">Number of the enrollment.</param>
/// <param name="Key">Its key, or null.</param>
/// <param name="Step">Id of the step.</param>
/// <param name="Action">The step kind.</param>
/// <param name="Args">Its value as written.</param>
/// <param name="Why">Why, in words.</param>
/// <param name="Trigger">Properties of the triggering event as JSON, or null.</param>
/// <param name="CauseAt">When the cause happened, milliseconds since 1970.</param>
/// <param name="MaxAge">How old the cause may be when it goes out, milliseconds; null for no limit.</param>
internal sealed record ActionBody(
    string Journey, int Version, int Entry, string? Key, string Step, string Action, JsonElement Args, string Why, JsonElement? Trigger, long CauseAt, long? MaxAge);

/// <summary>Something that a person answers.</summary>
/// <param name="Journey">Name of the journey.</param>
/// <param name="Step">Id of the step.</param>
/// <param name="Entry">Number of the enrollment.</param>
/// <param name="Subject">What is asked, Handlebars.</param>
/// <param name="Deadline">Until when, milliseconds since 1970.</param>
/// <param name="Default">What holds when nobody answers, or null where the policy says it.</param>
/// <param name="Why">Why it is asked, in words.</param>
/// <param name="Preview">The message that waits, as written, or null.</param>
/// <param name="Trigger">Properties of the triggering event as JSON, or null.</param>
internal sealed record ReviewBody(string Journey, string Step, int Entry, string Subject, long Deadline, string? Default, string Why, string? Preview, JsonElement? Trigger);

/// <summary>A tag is wanted, or not any more.</summary>
/// <param name="Tag">Name of the tag.</param>
/// <param name="Wanted">Whether it is wanted.</param>
/// <param name="Lasting">Whether a step says so, rather than a segment.</param>
internal sealed record TagBody(string Tag, bool Wanted, bool Lasting);

/// <summary>Where a score stands.</summary>
/// <param name="Score">Its name.</param>
/// <param name="Value">Its value at <paramref name="At"/>.</param>
/// <param name="At">Milliseconds since 1970.</param>
/// <param name="HalfLife">Milliseconds, 0 for no decay.</param>
/// <param name="Grade">Its grade, or null.</param>
internal sealed record ScoreBody(string Score, double Value, long At, long HalfLife, string? Grade);

/// <summary>A column of the contact.</summary>
/// <param name="Column">Its logical name.</param>
/// <param name="Value">Text, number, true, false or null.</param>
internal sealed record ColumnBody(string Column, JsonElement Value);

/// <summary>An entry on the timeline that is ready to be written.</summary>
/// <param name="Subject">What it says.</param>
/// <param name="Description">Why, in words.</param>
/// <param name="Definition">Name of the definition.</param>
/// <param name="Effect">What happened: the action's name, or <c>refused</c>.</param>
/// <param name="At">When it was decided, milliseconds since 1970.</param>
internal sealed record EntryBody(string Subject, string Description, string Definition, string Effect, long At);

/// <summary>Bodies of effects as bytes and back.</summary>
internal static class EffectBody
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static byte[] Write<T>(T body) => JsonSerializer.SerializeToUtf8Bytes(body, Options);

    /// <exception cref="JsonException">The bytes are no such body.</exception>
    public static T Read<T>(byte[] body) => JsonSerializer.Deserialize<T>(body, Options) ?? throw new JsonException("The body of the effect is empty.");

    public static JsonElement Element(object? value) => JsonSerializer.SerializeToElement(value, Options);
}
