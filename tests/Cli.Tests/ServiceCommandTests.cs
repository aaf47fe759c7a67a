using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Cli.Tests;

/// <summary>crmb apply, diff and backtest against a service: what goes over the wire, and what becomes of its answers.</summary>
public sealed class ServiceCommandTests
{
    [Fact]
    public async Task Apply_posts_all_definitions_with_key_and_reason_and_tells_what_was_published()
    {
        using var service = new OneAnswer(200, """{"published":["signal buying-intent: version 2"],"warnings":["a: /: warning: b"]}""");
        Task<Crmb.Result> running = Crmb.RunAsync("apply", Crmb.Definitions, "--service", service.Address, "--key", "k1", "--reason", "Longer window");
        (string line, string key, string body) = await service.TakeAsync();
        Crmb.Result run = await running;
        run.ExitCode.ShouldBe(0, run.Errors);
        (line, key).ShouldBe(("POST /api/definitions", "Bearer k1"));
        JsonNode sent = JsonNode.Parse(body)!;
        ((string?)sent["reason"]).ShouldBe("Longer window");
        sent["definitions"]!.AsArray().Count.ShouldBe(6);
        ((string?)sent["definitions"]![0]!["json"]!["kind"]).ShouldNotBeNull();
        run.Lines.ShouldBe(["signal buying-intent: version 2"]);
        run.Errors.ShouldContain("a: /: warning: b");
    }

    [Fact]
    public async Task Apply_that_is_refused_tells_every_error_and_ends_with_1()
    {
        using var service = new OneAnswer(400, """{"code":"invalid","message":"nothing was published","errors":["a.json: /when: wrong"]}""");
        Task<Crmb.Result> running = Crmb.RunAsync("apply", Crmb.Definitions, "--service", service.Address);
        (_, string key, _) = await service.TakeAsync();
        Crmb.Result run = await running;
        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("a.json: /when: wrong");
        key.ShouldBe("Bearer sandbox");
    }

    [Fact]
    public async Task Service_that_is_away_is_told_with_its_address()
    {
        Crmb.Result run = await Crmb.RunAsync("apply", Crmb.Definitions, "--service", "http://127.0.0.1:1");
        run.ExitCode.ShouldBe(2);
        run.Errors.ShouldContain("the service at http://127.0.0.1:1 cannot be reached");
        (await Crmb.RunAsync("apply", Crmb.Definitions, "--service", "localhost")).Errors.ShouldContain("--service: \"localhost\" is no address");
    }

    [Fact]
    public async Task Backtest_asks_the_service_with_the_journeys_text()
    {
        using var service = new OneAnswer(200, """{"text":"The journey …","report":{"enrolled":7}}""");
        Task<Crmb.Result> running = Crmb.RunAsync("backtest", "--definitions", Crmb.Definitions, "--journey", "win-back", "--service", service.Address, "--days", "14", "--json");
        (string line, _, string body) = await service.TakeAsync();
        Crmb.Result run = await running;
        line.ShouldBe("POST /api/backtest");
        ((int)JsonNode.Parse(body)!["days"]!).ShouldBe(14);
        ((string)JsonNode.Parse(body)!["json"]!).ShouldContain("\"win-back\"");
        ((int)JsonNode.Parse(run.Output)!["enrolled"]!).ShouldBe(7);
    }

    [Fact]
    public async Task Diff_compares_with_what_is_live()
    {
        using var service = new OneAnswer(200, """{"definitions":[{"kind":"segment","name":"old","definition":{"kind":"segment","name":"old","tag":"O","when":{"trait":"plan","eq":"gold"}}}]}""");
        Task<Crmb.Result> running = Crmb.RunAsync("diff", service.Address, Crmb.Definitions);
        (string line, _, _) = await service.TakeAsync();
        Crmb.Result run = await running;
        line.ShouldBe("GET /api/definitions");
        run.Lines.ShouldContain("Gone: the segment \"old\"");
        run.Lines.ShouldContain("New: the journey \"win-back\"");
    }

    [Fact]
    public async Task Pack_names_what_is_missing()
    {
        Crmb.Result sources = await Crmb.RunAsync("pack", "--out", "x.zip", "--solution", Crmb.Shop, "--plugin", "y.dll", "--version", "1.0.0");
        Crmb.Result plugin = await Crmb.RunAsync("pack", "--out", "x.zip", "--plugin", "nowhere.dll");
        (sources.ExitCode, plugin.ExitCode).ShouldBe((2, 2));
        sources.Errors.ShouldContain("has no Other/Solution.xml");
        plugin.Errors.ShouldContain("nowhere.dll is not there; build the plugin with");
    }

    /// <summary>A server that takes one request and gives one answer.</summary>
    sealed class OneAnswer : IDisposable
    {
        readonly HttpListener listener = new();
        readonly int status;
        readonly string body;

        public OneAnswer(int status, string body)
        {
            (this.status, this.body) = (status, body);
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            }
            listener.Prefixes.Add(Address + "/");
            listener.Start();
        }

        public string Address { get; }

        public async Task<(string Line, string Key, string Body)> TakeAsync()
        {
            HttpListenerContext context = await listener.GetContextAsync().WaitAsync(TimeSpan.FromMinutes(1));
            using var reader = new System.IO.StreamReader(context.Request.InputStream);
            string sent = await reader.ReadToEndAsync();
            context.Response.StatusCode = status;
            context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
            return ($"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath}", context.Request.Headers["Authorization"] ?? "", sent);
        }

        public void Dispose() => listener.Close();
    }
}
