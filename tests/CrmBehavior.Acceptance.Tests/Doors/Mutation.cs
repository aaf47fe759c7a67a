using System;
using System.Collections.Generic;
using System.Text;

namespace CrmBehavior.Acceptance.Tests.Doors;

/// <summary>Spoils sound input, the same way for the same seed: what senders with faults, broken proxies and attackers send.</summary>
internal sealed class Mutation(int seed)
{
    static readonly string[] Tokens =
    [
        "1e999", "-0", "NaN", "null", "{}", "[]", "\"\\u0000\"", "\"\\ud800\"", "\"\u202e\"", "99999999999999999999999999", "true", "\"1901-01-01T00:00:00Z\"", "\"9999-12-31T23:59:60+14:00\"",
        "{\"a\":1,\"a\":2}", "\"<img src=x onerror=alert(1)>\"", "\"{{constructor}}\"", "\"'; DROP TABLE profile; --\"", "\\", "\"", ",", ":", "}", "]",
        string.Concat(System.Linq.Enumerable.Repeat("[", 70)), "\"" + new string('x', 9000) + "\"",
    ];

    readonly Random random = new(seed);

    /// <summary>One of some inputs, spoiled in one to three places.</summary>
    public byte[] Of(IReadOnlyList<string> sound)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(sound[random.Next(sound.Count)]));
        for (int times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)])); break;
                default: Replace(bytes, Tokens[random.Next(Tokens.Length)]); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Puts a token where a value stood.</summary>
    void Replace(List<byte> bytes, string token)
    {
        int colon = bytes.IndexOf((byte)':', random.Next(bytes.Count));
        if (colon < 0) return;
        int end = bytes.FindIndex(colon + 1, b => b is (byte)',' or (byte)'}');
        if (end < 0) return;
        bytes.RemoveRange(colon + 1, end - colon - 1);
        bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(token));
    }
}
