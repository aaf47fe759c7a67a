using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Mail;
using System.Security.Cryptography;
using CrmBehavior.Pipeline.Ingest;
using Microsoft.Extensions.Configuration;

namespace CrmBehavior.Service.Options;

/// <summary>Reads settings one by one and collects what is wrong, so that all of it is told at once.</summary>
internal sealed class SettingReader(IConfiguration configuration)
{
    const int MostCounted = 1_000_000;

    readonly List<string> problems = [];

    public void Wrong(string name, string what) => problems.Add($"{name} {what}");

    public void ThrowIfWrong()
    {
        if (problems.Count > 0) throw new SettingException(problems);
    }

    public string? Optional(string name) => string.IsNullOrWhiteSpace(configuration[name]) ? null : configuration[name];

    public string Text(string name, string what)
    {
        if (Optional(name) is { } text) return text;
        Wrong(name, $"is missing: {what}");
        return "";
    }

    public string Word(string name, params string[] words)
    {
        string text = Optional(name) ?? words[0];
        if (!words.Contains(text)) Wrong(name, $"is \"{text}\"; it is one of {string.Join(", ", words)}");
        return text;
    }

    public Uri Url(string name, string what)
    {
        if (OptionalUrl(name) is { } url) return url;
        if (Optional(name) == null) Wrong(name, $"is missing: {what}");
        return new Uri("http://missing.invalid");
    }

    public Uri? OptionalUrl(string name)
    {
        if (Optional(name) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https") return url;
        Wrong(name, $"is \"{text}\", which is no address; write it with http:// or https://");
        return null;
    }

    public TimeSpan Duration(string name, TimeSpan otherwise)
    {
        if (Optional(name) is not { } text) return otherwise;
        if (text is "0" or "0s") return TimeSpan.Zero;
        if (Engine.Time.Duration.TryParse(text, out long milliseconds, out string? problem)) return TimeSpan.FromMilliseconds(milliseconds);
        Wrong(name, "is no duration: " + problem);
        return otherwise;
    }

    public int Count(string name, int otherwise)
    {
        if (Optional(name) is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MostCounted) return count;
        Wrong(name, $"is \"{text}\"; write a whole number from 1 to {MostCounted}");
        return otherwise;
    }

    public IReadOnlyList<IPNetwork> Networks(string name)
    {
        var networks = new List<IPNetwork>();
        foreach (string part in List(name))
        {
            if (IPAddress.TryParse(part, out IPAddress? address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(part, out IPNetwork network)) networks.Add(network);
            else Wrong(name, $"has the part \"{part}\"; write addresses or networks, separated by commas, as in 10.0.0.4,10.1.0.0/16");
        }
        return networks;
    }

    public TimeOnly TimeOfDay(string name, TimeOnly otherwise)
    {
        if (Optional(name) is not { } text) return otherwise;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)) return time;
        Wrong(name, $"is \"{text}\", which is no time of day; write it as in 02:00, in UTC");
        return otherwise;
    }

    public string Address(string name)
    {
        string text = Text(name, "the sender, as in \"Contoso <news@contoso.com>\"");
        if (text.Length > 0 && (!MailAddress.TryCreate(text, out _) || text.Any(char.IsControl))) Wrong(name, $"is \"{text}\", which is no mail address; write it as in \"Contoso <news@contoso.com>\"");
        return text;
    }

    public string PublicKey(string name)
    {
        string text = Text(name, "the public key of the signed event webhook, in base64");
        if (text.Length == 0) return text;
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            Wrong(name, "is no public key in base64 (a P-256 SubjectPublicKeyInfo, 124 characters); copy it from the provider's page without line breaks");
        }
        return text;
    }

    public byte[]? Secret(string name)
    {
        if (Optional(name) is not { } text) return null;
        byte[] secret = new byte[text.Length];
        if (Convert.TryFromBase64String(text, secret, out int length) && length >= 16) return secret[..length];
        Wrong(name, "is no secret of at least 16 bytes in base64; make one with: openssl rand -base64 32");
        return null;
    }

    public IReadOnlyList<string> List(string name) => Optional(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public IReadOnlyDictionary<string, string> Pairs(string name)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in List(name))
        {
            int at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || at == pair.Length - 1) Wrong(name, $"has the part \"{pair}\"; write pairs as source=secret, separated by commas");
            else pairs[pair[..at]] = pair[(at + 1)..];
        }
        return pairs;
    }

    public IReadOnlyDictionary<string, WriteKey> WriteKeys(string name)
    {
        var keys = new Dictionary<string, WriteKey>(StringComparer.Ordinal);
        if (Optional(name) == null) Wrong(name, "is missing: the keys with which events are sent, as in \"k1=server:shop,k2=browser:website\"");
        foreach ((string key, string use) in Pairs(name))
        {
            string[] parts = use.Split(':', 2);
            if (parts.Length != 2 || parts[0] is not ("server" or "browser") || parts[1].Length == 0) Wrong(name, $"has the part \"{key}={use}\"; write key=server:source or key=browser:source");
            else keys[key] = new WriteKey(key, parts[0] == "server", parts[1]);
        }
        return keys;
    }

    public string? Folder(string name)
    {
        if (Optional(name) is not { } folder) return null;
        if (Directory.Exists(folder)) return folder;
        Wrong(name, $"is \"{folder}\", and there is no such folder");
        return null;
    }
}
