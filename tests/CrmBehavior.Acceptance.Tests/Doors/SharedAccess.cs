using System;
using System.Security.Cryptography;
using System.Text;

namespace CrmBehavior.Acceptance.Tests.Doors;

/// <summary>A shared access signature as Service Bus documents it: HMAC-SHA256 of the encoded address and the expiry.</summary>
internal static class SharedAccess
{
    public static string Token(string address, string keyName, string key)
    {
        string resource = Uri.EscapeDataString(address.TrimEnd('/'));
        long expiry = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        string signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{resource}\n{expiry}")));
        return $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(signature)}&se={expiry}&skn={keyName}";
    }
}
