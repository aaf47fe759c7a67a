using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.TestServers;

/// <summary>
/// Leads TCP connections on to a server, and can cut one at a chosen word: after the word has gone through, and before any answer to it has.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int target;
    private readonly Task accepting;
    private byte[]? word;

    /// <summary>Starts one.</summary>
    /// <param name="target">The server's port on 127.0.0.1.</param>
    public CuttingProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Cuts the next connection on which the client sends a word: the word reaches the server, its answer is lost.</summary>
    /// <param name="text">The word, in ASCII.</param>
    public void CutAfter(string text) => Volatile.Write(ref word, Encoding.ASCII.GetBytes(text));

    /// <summary>Stops taking connections.</summary>
    /// <returns>When it has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                _ = LeadAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task LeadAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
                Task up = UpAsync(client, server), down = server.GetStream().CopyToAsync(client.GetStream(), stop.Token);
                await Task.WhenAny(up, down);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // Either side has gone; the other is closed with it.
            }
        }
    }

    private async Task UpAsync(TcpClient client, TcpClient server)
    {
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await client.GetStream().ReadAsync(buffer, stop.Token)) > 0)
        {
            byte[]? sought = Volatile.Read(ref word);
            if (sought is not null && buffer.AsSpan(0, read).IndexOf(sought) >= 0 && Interlocked.CompareExchange(ref word, null, sought) == sought)
            {
                // The client's side goes first, so that no answer gets through.
                client.Client.Close(0);
                await server.GetStream().WriteAsync(buffer.AsMemory(0, read), stop.Token);
                await server.GetStream().FlushAsync(stop.Token);
                // The server has it and will do it; our end stays open until it has answered.
                _ = await server.GetStream().ReadAsync(buffer, stop.Token);
                return;
            }
            await server.GetStream().WriteAsync(buffer.AsMemory(0, read), stop.Token);
        }
    }
}
