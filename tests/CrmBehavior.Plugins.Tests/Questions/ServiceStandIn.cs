using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace CrmBehavior.Plugins.Tests.Questions;

/// <summary>A server on this machine that notes what is asked, and answers what the test says.</summary>
sealed class ServiceStandIn : IDisposable
{
    readonly HttpListener listener = new();
    internal ServiceStandIn()
    {
        Address = $"http://localhost:{FreePort()}";
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        _ = Task.Run(Serve);
    }

    internal string Address { get; }

    internal int Status { get; set; } = 200;

    internal string Answer { get; set; } = "{}";

    /// <summary>Where it sends the caller to, instead of an answer.</summary>
    internal string? Redirect { get; set; }

    internal List<Question> Asked { get; } = [];

    // Whoever waits for a request at this moment may never hear that none comes any more, so nobody waits for him.
    public void Dispose() => listener.Close();

    /// <summary>A port on which nobody listens at this moment.</summary>
    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    async Task Serve()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or InvalidOperationException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Asked.Add(new Question(context.Request.HttpMethod, context.Request.RawUrl!, new(context.Request.Headers), body.ToArray()));
            context.Response.StatusCode = Redirect == null ? Status : 307;
            if (Redirect != null) context.Response.RedirectLocation = Redirect;
            byte[] answer = System.Text.Encoding.UTF8.GetBytes(Answer);
            context.Response.ContentLength64 = answer.Length;
            await context.Response.OutputStream.WriteAsync(answer);
            context.Response.Close();
        }
    }

    internal sealed record Question(string Method, string Path, System.Collections.Specialized.NameValueCollection Headers, byte[] Body)
    {
        internal string Json => System.Text.Encoding.UTF8.GetString(Body);
    }
}
