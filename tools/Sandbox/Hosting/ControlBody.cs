using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Hosting;

/// <summary>JSON bodies of the <c>/sandbox/…</c> routes, and how these refuse: 400 with <c>{"error":"place: what to write"}</c>.</summary>
internal static class ControlBody
{
    /// <summary>The body as an object; an empty body is an empty object; null when it is anything else.</summary>
    public static async Task<JsonObject?> ReadAsync(HttpRequest request)
    {
        using var reader = new System.IO.StreamReader(request.Body);
        string text = await reader.ReadToEndAsync();
        if (string.IsNullOrWhiteSpace(text)) return [];
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text member, or null.</summary>
    public static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A number member, or null.</summary>
    public static double? Number(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out double number) ? number : null;

    /// <summary>400 with the sentence.</summary>
    public static IResult Refuse(string problem) => Results.Json(new { error = problem }, statusCode: StatusCodes.Status400BadRequest);

    /// <summary>404 with the sentence.</summary>
    public static IResult Missing(string problem) => Results.Json(new { error = problem }, statusCode: StatusCodes.Status404NotFound);

    /// <summary>400: the body is no JSON object.</summary>
    public static IResult NotAnObject() => Refuse("/: the body must be one JSON object.");
}
