using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Webhooks;

/// <summary>
/// Connects to public addresses only: resolves the name, checks every address it has, and connects to one of those that were checked. A name
/// that means something else a moment later changes nothing, for it is not asked again.
/// </summary>
/// <param name="resolve">Addresses of a name.</param>
/// <param name="connect">Opens a connection to one address.</param>
internal sealed class GuardedConnection(Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPEndPoint, CancellationToken, Task<Stream>> connect)
{
    /// <summary>Through the machine's own resolver and sockets.</summary>
    public static GuardedConnection OfThisMachine { get; } = new(Dns.GetHostAddressesAsync, ConnectAsync);

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="ForbiddenAddressException">The name leads to an address that must not be called.</exception>
    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        string host = context.DnsEndPoint.Host.Trim('[', ']');
        // An address in place of a name is not for the resolver, which refuses some of them in its own way.
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : await resolve(host, cancellation);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        // One bad address spoils the name: which of them would be taken is not for whoever runs that name's server to choose.
        foreach (IPAddress address in addresses)
        {
            if (PublicAddress.Problem(address) is { } what) throw new ForbiddenAddressException($"the address of {host} is {what}, not of the public internet");
        }
        for (int i = 0; ; i++)
        {
            try
            {
                return await connect(new IPEndPoint(addresses[i], context.DnsEndPoint.Port), cancellation);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                // The next may answer.
            }
        }
    }

    static async Task<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A name leads to an address that must not be called.</summary>
internal sealed class ForbiddenAddressException(string message) : Exception(message);
