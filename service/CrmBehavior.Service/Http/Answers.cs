using System.Collections.Generic;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrmBehavior.Service.Http;

/// <summary>An error as every endpoint answers it.</summary>
/// <param name="Code">A word for programs: <c>invalid</c>, <c>unauthorized</c>, <c>too_large</c>, <c>busy</c>, <c>not_found</c>, <c>conflict</c>.</param>
/// <param name="Message">A sentence for people, naming the field.</param>
public sealed record ErrorAnswer(string Code, string Message);

/// <summary>What was taken in, and is durable.</summary>
/// <param name="Success">Always true: what is good was kept.</param>
/// <param name="Errors">Of a batch: what was wrong, by the place of the call in it, empty when all was good. Left out for a single call.</param>
public sealed record Accepted(bool Success, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<BatchError>? Errors);

/// <summary>A call of a batch that was not taken.</summary>
/// <param name="Index">Its place from 0.</param>
/// <param name="Message">What is wrong, naming the field.</param>
public sealed record BatchError(int Index, string Message);

internal static class Answers
{
    public static JsonHttpResult<ErrorAnswer> Error(int status, string message) =>
        TypedResults.Json(new ErrorAnswer(CodeOf(status), message), statusCode: status);

    static string CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "unauthorized",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status404NotFound => "not_found",
        StatusCodes.Status409Conflict => "conflict",
        StatusCodes.Status413PayloadTooLarge => "too_large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported",
        StatusCodes.Status429TooManyRequests => "busy",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => "invalid",
    };
}
