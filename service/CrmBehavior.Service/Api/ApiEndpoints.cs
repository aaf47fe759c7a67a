using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using CrmBehavior.Service.Http;
using CrmBehavior.Service.Options;
using CrmBehavior.Service.Parked;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Service.Api;

/// <summary>What tools and the CRM ask of the service. Every call needs a bearer key of the setting <c>Service:ApiKeys</c>.</summary>
internal static class ApiEndpoints
{
    public static void MapApi(this IEndpointRouteBuilder routes, ServiceSettings settings)
    {
        byte[][] keys = [.. settings.ApiKeys.Select(k => SHA256.HashData(Encoding.UTF8.GetBytes(k)))];
        RouteGroupBuilder api = routes.MapGroup("/api").WithTags("Definitions");
        api.AddEndpointFilter(async (context, next) => IsKnown(context.HttpContext.Request, keys)
            ? await next(context)
            : Answers.Error(StatusCodes.Status401Unauthorized, "the key is missing or unknown; send one of the setting Service:ApiKeys as \"Authorization: Bearer …\""));
        api.MapGet("/definitions", DefinitionRoutes.List);
        api.MapPost("/definitions", DefinitionRoutes.ApplyAsync);
        api.MapPost("/explain", Questions.ExplainAsync);
        api.MapPost("/validate", Questions.Validate);
        api.MapPost("/backtest", Questions.BacktestAsync);
        api.MapGet("/statistics", Questions.StatisticsAsync);
        api.MapParked();
    }

    /// <summary>Compares hashes, so that neither length nor content of a key shows in the time.</summary>
    static bool IsKnown(HttpRequest request, byte[][] keys)
    {
        string header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return false;
        byte[] given = SHA256.HashData(Encoding.UTF8.GetBytes(header[7..].Trim()));
        bool isKnown = false;
        foreach (byte[] key in keys) isKnown |= CryptographicOperations.FixedTimeEquals(key, given);
        return isKnown;
    }
}
