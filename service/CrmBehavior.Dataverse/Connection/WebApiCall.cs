using System;
using System.Collections.Generic;
using System.Net.Http;

namespace CrmBehavior.Dataverse.Connection;

/// <summary>A request to the Web API.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Address below the service root, encoded; or an absolute one that the CRM itself gave.</param>
/// <param name="Body">Body, or null.</param>
sealed record WebApiCall(HttpMethod Method, string Path, byte[]? Body = null)
{
    public const string Json = "application/json";

    public string ContentType { get; init; } = Json;

    /// <summary>Value of <c>Prefer</c>, or null.</summary>
    public string? Prefer { get; init; }

    /// <summary>Value of <c>If-Match</c>, or null.</summary>
    public string? IfMatch { get; init; }

    /// <summary>The user in whose name the CRM is asked, so that it is his rights that count; null for the application's own.</summary>
    public Guid? Caller { get; init; }

    public static WebApiCall Get(string path, string? prefer = null) => new(HttpMethod.Get, path) { Prefer = prefer };

    public static WebApiCall Post(string path, byte[] body) => new(HttpMethod.Post, path, body);

    /// <summary>A change of a row.</summary>
    /// <param name="path">Its address.</param>
    /// <param name="body">The columns.</param>
    /// <param name="mustExist">Whether the row must be there; without that a change of a row that is gone would make it anew.</param>
    public static WebApiCall Patch(string path, byte[] body, bool mustExist) => new(HttpMethod.Patch, path, body) { IfMatch = mustExist ? "*" : null };

    /// <summary>The headers that this call has beside those that all have.</summary>
    public IEnumerable<(string Name, string Value)> OwnHeaders()
    {
        if (Prefer is not null) yield return ("Prefer", Prefer);
        if (Caller is { } user) yield return ("MSCRMCallerID", user.ToString("D"));
        if (IfMatch is not null) yield return ("If-Match", IfMatch);
    }
}

/// <summary>An answer of the Web API.</summary>
/// <param name="Status">HTTP status; 0 when there was no answer.</param>
/// <param name="Body">Body, whole.</param>
/// <param name="ContentType">Its type, with parameters.</param>
/// <param name="Fault">Why it came to nothing, or null.</param>
sealed record WebApiAnswer(int Status, byte[] Body, string? ContentType, CrmFault? Fault);
