using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using CrmBehavior.TestServers;

namespace CrmBehavior.Acceptance.Tests.Telemetry;

/// <summary>Takes what is exported by OTLP over HTTP, as it comes.</summary>
internal sealed class Collector : IDisposable
{
    readonly HttpListener listener = new();
    readonly ConcurrentQueue<(string Path, byte[] Body)> taken = new();

    public Collector()
    {
        Url = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePort.Next()}");
        listener.Prefixes.Add(Url + "/");
        listener.Start();
        _ = TakeAsync();
    }

    public string Url { get; }

    /// <summary>Bodies that came to a path.</summary>
    public IEnumerable<byte[]> Bodies(string path) => taken.Where(t => t.Path == path).Select(t => t.Body);

    public void Dispose() => listener.Close();

    async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                taken.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
