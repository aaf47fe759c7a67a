using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace CrmBehavior.Webhooks;

/// <summary>
/// Which addresses are of the public internet. What is not by the registries of special-purpose addresses (IANA, RFC 6890 and what has come
/// since) is never called: it would be a machine of ours, or a platform's door to its secrets.
/// </summary>
internal static class PublicAddress
{
    static readonly (IPNetwork Network, string What)[] Closed =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this machine"),
        (IPNetwork.Parse("10.0.0.0/8"), "a private network"),
        (IPNetwork.Parse("100.64.0.0/10"), "a carrier's shared network"),
        (IPNetwork.Parse("127.0.0.0/8"), "this machine"),
        // Azure's door to the platform, which looks like a public address.
        (IPNetwork.Parse("168.63.129.16/32"), "the platform"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local"),
        (IPNetwork.Parse("172.16.0.0/12"), "a private network"),
        (IPNetwork.Parse("192.0.0.0/24"), "for protocols"),
        (IPNetwork.Parse("192.0.2.0/24"), "for documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "a relay to IPv6"),
        (IPNetwork.Parse("192.168.0.0/16"), "a private network"),
        (IPNetwork.Parse("198.18.0.0/15"), "for measurements"),
        (IPNetwork.Parse("198.51.100.0/24"), "for documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "for documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
        (IPNetwork.Parse("::ffff:0:0/96"), "an IPv4 address in disguise"),
        (IPNetwork.Parse("64:ff9b::/96"), "an IPv4 address in disguise"),
        (IPNetwork.Parse("64:ff9b:1::/48"), "an IPv4 address in disguise"),
        (IPNetwork.Parse("fc00::/7"), "a private network"),
        (IPNetwork.Parse("fe80::/10"), "link-local"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
        (IPNetwork.Parse("::/127"), "this machine"),
        (IPNetwork.Parse("2001::/23"), "for protocols and tunnels"),
        (IPNetwork.Parse("2001:db8::/32"), "for documentation"),
        (IPNetwork.Parse("2002::/16"), "an IPv4 address in disguise"),
        (IPNetwork.Parse("3fff::/20"), "for documentation"),
    ];

    /// <summary>All of IPv6 that is given out.</summary>
    static readonly IPNetwork GivenOut = IPNetwork.Parse("2000::/3");

    /// <summary>Why an address must not be called; null when it may.</summary>
    public static string? Problem(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        // Networks are compared within their family only, so that a mapped address is not taken for the one that it hides.
        (IPNetwork Network, string What) closed = Closed.FirstOrDefault(c => c.Network.BaseAddress.AddressFamily == address.AddressFamily && Covers(c.Network, address));
        if (closed.What != null) return closed.What;
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => null,
            AddressFamily.InterNetworkV6 => Covers(GivenOut, address) ? null : "reserved",
            _ => "of an unknown kind",
        };
    }

    /// <summary>By the bytes alone: the framework takes a mapped address for one of IPv4, and a scope for a part of the address.</summary>
    static bool Covers(IPNetwork network, IPAddress address)
    {
        byte[] own = network.BaseAddress.GetAddressBytes(), other = address.GetAddressBytes();
        for (int i = 0, left = network.PrefixLength; left > 0; i++, left -= 8)
        {
            int mask = left >= 8 ? 0xFF : 0xFF << (8 - left) & 0xFF;
            if ((own[i] & mask) != (other[i] & mask)) return false;
        }
        return true;
    }
}
