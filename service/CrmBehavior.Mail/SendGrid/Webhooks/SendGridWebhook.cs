using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace CrmBehavior.Mail.SendGrid.Webhooks;

/// <summary>
/// SendGrid's Event Webhook: who may call it, and what it tells. Signature: ECDSA over P-256 with SHA-256, DER, of the timestamp's text
/// followed by the raw body. Repetition is no concern of the signature: SendGrid itself repeats for a day, so events are told apart by id.
/// </summary>
public sealed class SendGridWebhook
{
    /// <summary>Header that carries the signature, base64.</summary>
    public const string SignatureHeader = "X-Twilio-Email-Event-Webhook-Signature";

    /// <summary>Header that carries the timestamp, seconds since 1970 as text.</summary>
    public const string TimestampHeader = "X-Twilio-Email-Event-Webhook-Timestamp";

    readonly byte[][] keys;
    readonly TimeSpan? maxAge;
    readonly TimeProvider time;

    /// <summary>A webhook under some keys.</summary>
    /// <param name="publicKeys">
    /// Setting <c>SendGrid:WebhookPublicKey</c>, split at commas: base64 of SubjectPublicKeyInfo, with or without PEM lines. All are valid,
    /// so that keys can be changed under load.
    /// </param>
    /// <param name="maxAge">
    /// Oldest timestamp that is let in; null, the default, for any: SendGrid does not say whether it renews the timestamp when it repeats
    /// a call.
    /// </param>
    /// <param name="time">The real clock; null for the machine's.</param>
    /// <exception cref="ArgumentException">There is no key, or one is no such key.</exception>
    public SendGridWebhook(IReadOnlyCollection<string> publicKeys, TimeSpan? maxAge = null, TimeProvider? time = null)
    {
        if (publicKeys.Count == 0)
            throw new ArgumentException("SendGrid:WebhookPublicKey is missing; copy it from the signed event webhook's page.", nameof(publicKeys));
        keys = [.. publicKeys.Select(ReadKey)];
        this.maxAge = maxAge;
        this.time = time ?? TimeProvider.System;
    }

    /// <summary>Whether a call comes from SendGrid.</summary>
    /// <param name="signature">The header <see cref="SignatureHeader"/>, or null.</param>
    /// <param name="timestamp">The header <see cref="TimestampHeader"/>, or null.</param>
    /// <param name="body">The body as it came, byte for byte.</param>
    /// <returns>True if one of the keys signed it.</returns>
    public bool IsSigned(string? signature, string? timestamp, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(signature) || string.IsNullOrEmpty(timestamp) || timestamp.Length > 32) return false;
        byte[] der = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, der, out int length)) return false;
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp), .. body];
        foreach (byte[] key in keys)
        {
            using ECDsa verifier = ECDsa.Create();
            verifier.ImportSubjectPublicKeyInfo(key, out _);
            if (verifier.VerifyData(signed, der.AsSpan(0, length), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)) return IsRecent(timestamp);
        }
        return false;
    }

    /// <summary>Reads what a call tells, element by element.</summary>
    /// <param name="body">The body, signature verified.</param>
    /// <returns>The events, and what could not be read.</returns>
    public static MailReports Read(ReadOnlyMemory<byte> body) => MailReportReader.Read(body);

    bool IsRecent(string timestamp)
    {
        if (maxAge is not { } limit) return true;
        return long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds < 253_402_300_800
            && (time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= limit;
    }

    static byte[] ReadKey(string text)
    {
        string base64 = string.Concat(text.Split('\n').Where(l => !l.StartsWith("-----", StringComparison.Ordinal)).Select(l => l.Trim()));
        try
        {
            byte[] key = Convert.FromBase64String(base64);
            using ECDsa verifier = ECDsa.Create();
            verifier.ImportSubjectPublicKeyInfo(key, out _);
            return verifier.KeySize == 256 ? key : throw new ArgumentException("SendGrid:WebhookPublicKey is no P-256 key; copy it again.");
        }
        catch (Exception bad) when (bad is FormatException or CryptographicException)
        {
            throw new ArgumentException("SendGrid:WebhookPublicKey is no public key; copy the 124 characters from the signed event webhook's page.",
                nameof(text), bad);
        }
    }
}
