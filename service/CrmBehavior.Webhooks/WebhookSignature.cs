using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace CrmBehavior.Webhooks;

/// <summary>
/// Signs a call in Stripe's form: <c>t=seconds,v1=hex</c>, HMAC-SHA256 with the key of the time, a dot and the raw body; one v1 for each key,
/// so that whoever is called may change over from one to the other.
/// </summary>
internal static class WebhookSignature
{
    public const string Header = "X-Crmb-Signature";

    public static string Of(IReadOnlyList<string> keys, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        string time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(time + "."), .. body];
        return $"t={time}," + string.Join(',', keys.Select(k => "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(k), signed))));
    }
}
