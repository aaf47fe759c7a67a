using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>
/// Shared access signatures of Service Bus: <c>SharedAccessSignature sr={S}&amp;sig={G}&amp;se={E}&amp;skn={N}</c> in any order, where the
/// signature is HMAC-SHA256 over <c>S + "\n" + E</c> with S as it stands in the token, and the key's characters as they are.
/// Source: Microsoft's "Service Bus access control with shared access signatures".
/// </summary>
internal static class SasToken
{
    const string Scheme = "SharedAccessSignature ";

    /// <summary>The signature (base64, not percent-encoded) for an encoded resource and an expiry, both exactly as in the token.</summary>
    public static string Sign(string key, string encodedResource, string expiry) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(encodedResource + "\n" + expiry)));

    /// <summary>Makes a token for a resource that ends at an instant.</summary>
    public static string Create(string keyName, string key, string resource, DateTimeOffset ends)
    {
        string encoded = Uri.EscapeDataString(resource), expiry = ends.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{Scheme}sr={encoded}&sig={Uri.EscapeDataString(Sign(key, encoded, expiry))}&se={expiry}&skn={keyName}";
    }

    /// <summary>Why a header does not open the resource; null when it does.</summary>
    public static string? Problem(string? header, string keyName, string key, string host, string path, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(header)) return "MissingToken: The authorization header was not found.";
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return "MalformedToken: The token is not a SharedAccessSignature.";
        Dictionary<string, string> parts = Parts(header[Scheme.Length..]);
        if (!parts.TryGetValue("sr", out string? resource) || !parts.TryGetValue("sig", out string? signature)
            || !parts.TryGetValue("se", out string? expiry) || !parts.TryGetValue("skn", out string? name))
            return "MalformedToken: The token must have sr, sig, se and skn.";
        // The portal writes fractional seconds.
        if (!decimal.TryParse(expiry, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds))
            return "MalformedToken: The expiry of the token is not a number.";
        if (!string.Equals(Uri.UnescapeDataString(name), keyName, StringComparison.Ordinal)) return "InvalidSignature: The token has an invalid signature.";
        byte[] wanted = Encoding.ASCII.GetBytes(Sign(key, resource, expiry)), given = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(signature));
        if (!CryptographicOperations.FixedTimeEquals(wanted, given)) return "InvalidSignature: The token has an invalid signature.";
        if (seconds < now.ToUnixTimeSeconds()) return "ExpiredToken: The token is expired.";
        return Covers(Uri.UnescapeDataString(resource), host, path) ? null
            : "InvalidAudience: The authorization header contains a token with a wrong audience.";
    }

    // Clients put port and query in the resource, and lower-case it; scheme, port, query and case say nothing.
    static bool Covers(string resource, string host, string path)
    {
        if (!Uri.TryCreate(resource, UriKind.Absolute, out Uri? uri) || !string.Equals(uri.Host, host, StringComparison.OrdinalIgnoreCase)) return false;
        string covered = uri.AbsolutePath.TrimEnd('/');
        return path.StartsWith(covered, StringComparison.OrdinalIgnoreCase) && (path.Length == covered.Length || path[covered.Length] == '/');
    }

    static Dictionary<string, string> Parts(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string part in text.Split('&'))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) parts[part[..equals].Trim()] = part[(equals + 1)..];
        }
        return parts;
    }
}
