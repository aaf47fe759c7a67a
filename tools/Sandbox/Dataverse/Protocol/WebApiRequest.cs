using System;
using System.Collections.Generic;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>One request to the Web API, alone or from a batch.</summary>
internal sealed class WebApiRequest
{
    public required string Method { get; init; }

    /// <summary>What comes behind the service root, without the query; decoded.</summary>
    public required ResourcePath Path { get; init; }

    /// <summary>Query options, decoded.</summary>
    public required IReadOnlyDictionary<string, string> Query { get; init; }

    /// <summary>Headers by name, regardless of case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The address everything is relative to, with a slash at the end: <c>http://host/api/data/v9.2/</c>.</summary>
    public required string ServiceRoot { get; init; }

    /// <summary>Who calls, and in what transaction.</summary>
    public required CallContext Call { get; init; }

    public required Preferences Preferences { get; init; }

    /// <summary>In a change set: the addresses that earlier content ids stand for.</summary>
    public IReadOnlyDictionary<string, string>? ContentIds { get; init; }

    /// <summary>The same request in another call.</summary>
    public WebApiRequest With(CallContext call) => new()
    {
        Method = Method,
        Path = Path,
        Query = Query,
        Headers = Headers,
        Body = Body,
        ServiceRoot = ServiceRoot,
        Call = call,
        Preferences = Preferences,
        ContentIds = ContentIds,
    };

    public bool IsGet => Method is "GET" or "HEAD";

    public string? Header(string name) => Headers.TryGetValue(name, out string? value) ? value : null;

    /// <summary>The body as a JSON object.</summary>
    public JsonElement Json()
    {
        if (Body.IsEmpty) throw Failure.BadPayload("A JSON body is expected.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(Body);
            JsonElement root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object ? root : throw Failure.BadPayload("The body must be one JSON object.");
        }
        catch (JsonException e)
        {
            throw Failure.BadPayload("Error identified in Payload provided by the user; the body is not valid JSON: " + e.Message);
        }
    }

    /// <summary>The body as a JSON object, an empty one when there is no body.</summary>
    public JsonElement JsonOrEmpty() => Body.IsEmpty ? JsonDocument.Parse("{}").RootElement : Json();
}
