using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Service.Api;

/// <summary>
/// The signature of a call by the CRM: <c>X-Crmb-Signature: v1=</c> and the lower-case hex of HMAC-SHA256 over time, user, path and body,
/// joined by line feeds, under a key that both sides know. Several keys are good while they are changed.
/// </summary>
internal sealed class CallSignature(IReadOnlyList<string> keys)
{
    const long MostSeconds = 300;

    readonly byte[][] secrets = [.. keys.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whether a call is signed, and lately.</summary>
    /// <param name="request">The call.</param>
    /// <param name="body">Its body, as it came.</param>
    /// <param name="now">The wall clock: that of the CRM is not moved by a sandbox.</param>
    /// <param name="user">The user in whose name the CRM asks.</param>
    /// <param name="fault">Why not, else null.</param>
    public bool IsGood(HttpRequest request, byte[] body, DateTimeOffset now, out Guid user, [NotNullWhen(false)] out string? fault)
    {
        string time = request.Headers["X-Crmb-Time"].ToString(), who = request.Headers["X-Crmb-User"].ToString(), given = request.Headers["X-Crmb-Signature"].ToString();
        user = Guid.Empty;
        fault = null;
        if (secrets.Length == 0) fault = "this service takes no calls of the CRM: set Service:CrmKey to the value of the environment variable crmb_ServiceKey";
        else if (time.Length == 0 || who.Length == 0 || given.Length == 0) fault = "the call is not signed: X-Crmb-Time, X-Crmb-User and X-Crmb-Signature are needed";
        else if (!IsSigned(given, Signed(time, who, request.Path, body))) fault = "the signature is wrong: compare Service:CrmKey with the environment variable crmb_ServiceKey";
        else if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > MostSeconds) fault = "the call is older than 5 minutes, or the clocks differ";
        else if (!Guid.TryParseExact(who, "D", out user)) fault = "X-Crmb-User must be the id of a user";
        return fault == null;
    }

    static byte[] Signed(string time, string user, string path, byte[] body) => [.. Encoding.UTF8.GetBytes($"{time}\n{user}\n{path}\n"), .. body];

    bool IsSigned(string given, byte[] content)
    {
        if (!given.StartsWith("v1=", StringComparison.Ordinal)) return false;
        byte[] signature = Encoding.ASCII.GetBytes(given[3..]);
        bool good = false;
        foreach (byte[] secret in secrets) good |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(secret, content))), signature);
        return good;
    }
}
