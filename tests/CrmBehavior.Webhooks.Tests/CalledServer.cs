using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Webhooks.Tests;

/// <summary>A real HTTPS server that stands at the end of every connection, whatever public address it was meant for.</summary>
internal sealed class CalledServer : IAsyncDisposable
{
    readonly WebApplication app;
    readonly X509Certificate2 certificate;

    CalledServer(WebApplication app, X509Certificate2 certificate) => (this.app, this.certificate) = (app, certificate);

    public ConcurrentQueue<(string Url, IHeaderDictionary Headers, byte[] Body)> Requests { get; } = new();

    /// <summary>What connections were opened to.</summary>
    public ConcurrentQueue<IPEndPoint> Connected { get; } = new();

    /// <summary>Names that were asked for.</summary>
    public ConcurrentQueue<string> Resolved { get; } = new();

    public static async Task<CalledServer> StartAsync(RequestDelegate answer)
    {
        using var key = RSA.Create(2048);
        using X509Certificate2 made = new CertificateRequest("CN=hooks.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        WebApplication app = builder.Build();
        var server = new CalledServer(app, certificate);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            server.Requests.Enqueue(($"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path}", new HeaderDictionary(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)), body.ToArray()));
            await answer(context);
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>A gateway whose names resolve as told, one answer after the other, the last again and again.</summary>
    public WebhookGateway Gateway(WebhookOptions options, TimeProvider time, params string[][] addresses)
    {
        int asked = 0, port = new Uri(app.Urls.First()).Port;
        var connection = new GuardedConnection(
            (name, _) =>
            {
                Resolved.Enqueue(name);
                return Task.FromResult<IPAddress[]>([.. addresses[Math.Min(asked++, addresses.Length - 1)].Select(IPAddress.Parse)]);
            },
            async (address, cancellation) =>
            {
                Connected.Enqueue(address);
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            });
        return new WebhookGateway(options, time, connection, (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString());
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
    }
}
