using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Tests.Support;

/// <summary>A web server that keeps what it is sent, in place of the service.</summary>
internal sealed class Catcher : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<Caught> caught = new();
    readonly SemaphoreSlim arrived = new(0);

    Catcher(WebApplication app) => this.app = app;

    /// <summary>What requests are answered with; by path.</summary>
    public Func<string, (int Status, string Body)> Answer { get; set; } = _ => (200, "");

    public string Url => app.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public IReadOnlyList<Caught> All => [.. caught];

    public static async Task<Catcher> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var catcher = new Catcher(app);
        app.Run(catcher.TakeAsync);
        await app.StartAsync();
        return catcher;
    }

    /// <summary>Waits until this many requests have come.</summary>
    public async Task<IReadOnlyList<Caught>> WaitAsync(int count)
    {
        for (int i = 0; i < count; i++)
            if (!await arrived.WaitAsync(TimeSpan.FromSeconds(30))) throw new TimeoutException($"Only {caught.Count} of {count} requests came.");
        return All;
    }

    async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string path = context.Request.Path.Value ?? "";
        (int status, string answer) = Answer(path);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer);
        caught.Enqueue(new Caught(
            context.Request.Method, path, body.ToArray(),
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        arrived.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        arrived.Dispose();
    }
}

/// <summary>A request that came.</summary>
internal sealed record Caught(string Method, string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers);
