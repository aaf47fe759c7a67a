using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Service.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace CrmBehavior.Service.Http;

/// <summary>
/// How much one sender may bring in: calls by their write key, requests by the address they come from. Over a limit nothing is taken and the
/// answer is 429, so that others are served as before.
/// </summary>
internal sealed class CallLimits(ServiceSettings settings) : IDisposable
{
    const int BurstOfKey = 2, BurstOfAddress = 4;

    /// <summary>Bytes of an address of IPv6 that name a network; within it a sender chooses as he likes.</summary>
    const int NetworkBytes = 8;

    readonly PartitionedRateLimiter<string> byKey = Limiter<string>(settings.CallsPerSecondPerKey, BurstOfKey);
    readonly PartitionedRateLimiter<IPAddress> byAddress = Limiter<IPAddress>(settings.CallsPerSecondPerAddress, BurstOfAddress);

    /// <summary>Counts calls of a key.</summary>
    /// <param name="context">The request, whose answer says when to come again.</param>
    /// <param name="key">The key; null for all that are unknown or missing, which share one limit, so that made-up keys fill no memory.</param>
    /// <param name="calls">How many; a batch that is larger than the burst needs all of it.</param>
    /// <returns>Null when they may come in, else the answer.</returns>
    public IResult? RefuseKey(HttpContext context, WriteKey? key, int calls = 1)
    {
        int burst = settings.CallsPerSecondPerKey * BurstOfKey;
        using RateLimitLease lease = byKey.AttemptAcquire(key?.Key ?? "", Math.Clamp(calls, 1, burst));
        string whose = key == null ? "calls without a known write key are more than" : "the write key sends more than";
        return Refuse(context, lease, $"{whose} {settings.CallsPerSecondPerKey} calls a second (the setting Limits:CallsPerSecondPerKey)");
    }

    /// <summary>Counts a request of an address; addresses of this machine are not counted: a proxy, or the sandbox.</summary>
    /// <param name="context">The request.</param>
    /// <returns>Null when it may come in, else the answer.</returns>
    public IResult? RefuseAddress(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address)) return null;
        using RateLimitLease lease = byAddress.AttemptAcquire(SenderOf(address));
        return Refuse(context, lease, $"the address sends more than {settings.CallsPerSecondPerAddress} requests a second (the setting Limits:CallsPerSecondPerAddress)");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        byKey.Dispose();
        byAddress.Dispose();
    }

    static PartitionedRateLimiter<T> Limiter<T>(int perSecond, int burst) where T : notnull => PartitionedRateLimiter.Create<T, T>(sender =>
        RateLimitPartition.GetTokenBucketLimiter(sender, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    static IPAddress SenderOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        byte[] bytes = address.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return new IPAddress(bytes);
    }

    static JsonHttpResult<ErrorAnswer>? Refuse(HttpContext context, RateLimitLease lease, string problem)
    {
        if (lease.IsAcquired) return null;
        double seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)) : 1;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Answers.Error(StatusCodes.Status429TooManyRequests, $"{problem}; nothing was taken, send again after the seconds in Retry-After");
    }
}

/// <summary>Puts the limit by address before endpoints.</summary>
internal static class AddressLimit
{
    /// <summary>Counts requests by address before anything of them is read.</summary>
    public static TBuilder LimitByAddress<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(async (call, next) =>
            call.HttpContext.RequestServices.GetRequiredService<CallLimits>().RefuseAddress(call.HttpContext) ?? await next(call));
}
