using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Dataverse.Tests.Servers;

/// <summary>
/// A real HTTP server that stands for the CRM: what the test does not stage is answered as an environment with our solution would,
/// over rows kept in memory.
/// </summary>
sealed class CrmServer : IAsyncDisposable
{
    const string Root = "/api/data/v9.2/";
    readonly WebApplication app;
    readonly CrmRows rows = new();

    CrmServer(WebApplication app) => this.app = app;

    /// <summary>All requests in the order they came; those inside a batch after the batch.</summary>
    public ConcurrentQueue<CrmRequest> Requests { get; } = new();

    /// <summary>Requests over the wire.</summary>
    public int Calls => Requests.Count(r => r.Headers.ContainsKey("Host"));

    /// <summary>Answers before the rows do; null leaves it to them.</summary>
    public Func<CrmRequest, HttpContext, Task<CrmReply?>> Stage { get; set; } = (_, _) => Task.FromResult<CrmReply?>(null);

    /// <summary>The rows.</summary>
    public CrmRows Rows => rows;

    /// <summary>Whether a batch goes on after a failure, as it is asked to.</summary>
    public bool HonoursContinueOnError { get; set; } = true;

    public string Url => app.Urls.First();

    public DataverseGateway Gateway(TimeSpan? patience = null, TimeSpan? timeout = null, TimeProvider? time = null) =>
        new(new CrmOptions { Url = Url, Token = "token", Patience = patience ?? TimeSpan.FromSeconds(20), Timeout = timeout ?? TimeSpan.FromSeconds(60) }, time);

    public void Answer(Func<CrmRequest, CrmReply?> answer) => Stage = (request, _) => Task.FromResult(answer(request));

    public IReadOnlyList<CrmRequest> Of(string message) => [.. Requests.Where(r => r.IsMessage(message))];

    public static async Task<CrmServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1);
            o.Limits.MaxRequestLineSize = 32 * 1024;
        });
        WebApplication app = builder.Build();
        var server = new CrmServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var request = new CrmRequest(
            context.Request.Method, context.Request.Path.Value![Root.Length..], context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal),
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
        Requests.Enqueue(request);
        CrmReply? reply = await Stage(request, context);
        if (context.RequestAborted.IsCancellationRequested) return;
        if (reply is null && request.Path == "$batch")
        {
            await BatchAsync(request, context);
            return;
        }
        await WriteAsync(context, reply ?? rows.Answer(request));
    }

    async Task BatchAsync(CrmRequest batch, HttpContext context)
    {
        var replies = new List<CrmReply>();
        foreach (CrmRequest part in BatchText.Read(batch.Headers["Content-Type"], batch.Body, Root))
        {
            Requests.Enqueue(part);
            replies.Add(await Stage(part, context) ?? rows.Answer(part));
            if (replies[^1].Status >= 400 && !(HonoursContinueOnError && batch.Headers["Prefer"] == "odata.continue-on-error")) break;
        }
        int status = replies[^1].Status >= 400 && !HonoursContinueOnError ? replies[^1].Status : 200;
        await WriteAsync(context, new CrmReply(status, BatchText.Write("batchresponse_1", replies), ("Content-Type", "multipart/mixed; boundary=batchresponse_1")));
    }

    static async Task WriteAsync(HttpContext context, CrmReply reply)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json; odata.metadata=minimal";
        foreach ((string name, string value) in reply.Headers) context.Response.Headers[name] = value;
        if (reply.Status != 204) await context.Response.WriteAsync(reply.Body);
    }
}
