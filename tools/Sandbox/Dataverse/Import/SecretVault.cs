using System;
using System.Security.Cryptography;
using CrmBehavior.Sandbox.Storage;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>
/// Stands for the key vault that variables of type Secret refer to: their rows hold an address in it, never the secret. It has one
/// secret, the key with which custom APIs sign what they ask of the service, made at the first start.
/// </summary>
internal sealed class SecretVault(Journal journal)
{
    /// <summary>The variable that names the key.</summary>
    public const string ServiceKeyVariable = "crmb_ServiceKey";

    /// <summary>The address of the key in the vault.</summary>
    public const string ServiceKeyReference =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/sandbox/providers/Microsoft.KeyVault/vaults/sandbox/secrets/crmb-ServiceKey";

    /// <summary>The key: 32 random bytes as base64 text.</summary>
    public string ServiceKey { get; } =
        journal.SettingOrNew("crm_service_key", static () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The secret behind a variable's value; null when the vault has none there. A value that is no address is the secret itself.</summary>
    public string? Find(string? value) => value switch
    {
        null => null,
        ServiceKeyReference => ServiceKey,
        _ when value.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) => null,
        _ => value,
    };
}
