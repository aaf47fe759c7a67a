using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmBehavior.Service.Parked;

/// <summary>What to do with something that is set aside.</summary>
/// <param name="Reason">To drop: why. To retry many: the reason for which they were set aside, exactly; left out for all.</param>
/// <param name="SendAgain">Whether mails go out again of which nobody knows whether the provider has them, so that they may come twice.</param>
/// <param name="Before">To retry many: go on from here, as an answer before said in <c>next</c>.</param>
public sealed record ParkedOrder(string? Reason, bool? SendAgain, string? Before);

/// <summary>What came of trying many again.</summary>
/// <param name="Retried">How many are on their way.</param>
/// <param name="Kept">How many stay set aside.</param>
/// <param name="Next">Where to go on, when there are more than one call takes; null when all have been looked at.</param>
public sealed record ParkedRetried(int Retried, int Kept, string? Next);

/// <summary>
/// What was set aside with a reason, for people to see and to have tried again or dropped: inputs that could not be taken in, and effects
/// that could not be carried out.
/// </summary>
internal static class ParkedRoutes
{
    /// <summary>How many a page shows, unless told otherwise, and at most.</summary>
    public const int Page = 50, LargestPage = 200;

    /// <summary>How many are looked at in one call that tries many again.</summary>
    public const int MostAtOnce = 2000;

    public static void MapParked(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder inputs = api.MapGroup("/parked/inputs").WithTags("Parked"), effects = api.MapGroup("/parked/effects").WithTags("Parked");
        inputs.MapGet("", ParkedInputRoutes.ListAsync);
        inputs.MapPost("/retry", ParkedInputRoutes.RetryAllAsync);
        inputs.MapPost("/{number:long}/retry", ParkedInputRoutes.RetryAsync);
        inputs.MapPost("/{number:long}/drop", ParkedInputRoutes.DropAsync);
        effects.MapGet("", ParkedEffectRoutes.ListAsync);
        effects.MapPost("/retry", ParkedEffectRoutes.RetryAllAsync);
        effects.MapPost("/{id:guid}/retry", ParkedEffectRoutes.RetryAsync);
        effects.MapPost("/{id:guid}/drop", ParkedEffectRoutes.DropAsync);
    }

    /// <summary>Why a number of rows is not usable, or null.</summary>
    public static string? ProblemOf(int? most) => most is < 1 or > LargestPage ? $"most: write a whole number from 1 to {LargestPage}" : null;
}
