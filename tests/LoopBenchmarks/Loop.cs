using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.TestServers;

namespace CrmBehavior.LoopBenchmarks;

/// <summary>A sandbox and some service processes, with what benchmarks do to them.</summary>
internal sealed class Loop : IAsyncDisposable
{
    readonly PostgresCluster? cluster;

    Loop(SandboxProcess sandbox, List<ServiceProcess> services, PostgresCluster? cluster)
    {
        Sandbox = sandbox;
        Services = services;
        this.cluster = cluster;
        Crm = new HttpClient { BaseAddress = new Uri(sandbox.Url + "/api/data/v9.2/"), Timeout = TimeSpan.FromMinutes(5) };
        Crm.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sandbox");
    }

    public SandboxProcess Sandbox { get; }

    public IReadOnlyList<ServiceProcess> Services { get; }

    public HttpClient Crm { get; }

    public static async Task<Loop> StartAsync(string store, string definitions, string clock, int processes = 1)
    {
        PostgresCluster? cluster = null;
        var settings = new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Warning", ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Warning" };
        if (store == "postgres")
        {
            cluster = await PostgresCluster.StartAsync();
            settings["Store__Provider"] = "postgres";
            settings["Store__ConnectionString"] = cluster.ConnectionString(await cluster.CreateDatabaseAsync());
        }
        SandboxProcess sandbox = await SandboxProcess.StartAsync("--clock", clock, "--definitions", definitions);
        var services = new List<ServiceProcess>();
        for (int i = 0; i < processes; i++)
        {
            services.Add(await ServiceProcess.StartAsync(sandbox, settings, i == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePort.Next()}")));
        }
        var loop = new Loop(sandbox, services, cluster);
        await sandbox.SettleAsync();
        return loop;
    }

    public static Guid Contact(int number) => Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:D12}"));

    /// <summary>Creates contacts 1 to <paramref name="count"/> and waits until the service knows them.</summary>
    public async Task CreateContactsAsync(int count)
    {
        foreach (int[] some in Enumerable.Range(1, count).Chunk(500))
        {
            JsonNode[] rows = [.. some.Select(c => new JsonObject
            {
                ["@odata.type"] = "Microsoft.Dynamics.CRM.contact",
                ["contactid"] = Contact(c).ToString(),
                ["firstname"] = "Customer",
                ["lastname"] = c.ToString(CultureInfo.InvariantCulture),
            })];
            using HttpResponseMessage answer = await Crm.PostAsync("contacts/Microsoft.Dynamics.CRM.CreateMultiple", Json(new JsonObject { ["Targets"] = new JsonArray(rows) }));
            answer.EnsureSuccessStatusCode();
        }
        await Sandbox.SettleAsync();
    }

    /// <summary>Posts a batch, again where the service asks for it.</summary>
    public async Task PostAsync(IEnumerable<JsonNode> calls, int service = 0)
    {
        string body = new JsonObject { ["writeKey"] = "sandbox", ["batch"] = new JsonArray([.. calls]) }.ToJsonString();
        while (true)
        {
            using HttpResponseMessage answer = await Services[service].Http.PostAsync("/v1/batch", new StringContent(body, Encoding.UTF8, "application/json"));
            if (answer.IsSuccessStatusCode) return;
            if ((int)answer.StatusCode != 429) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
            await Task.Delay(100);
        }
    }

    public static StringContent Json(JsonNode node) => new(node.ToJsonString(), Encoding.UTF8, "application/json");

    /// <summary>Requests to the CRM so far, as the sandbox counts them: each part of a batch is one.</summary>
    public async Task<long> CrmRequestsAsync() => (await RequestsAsync()).Values.Sum();

    /// <summary>The same by method and route.</summary>
    public async Task<Dictionary<string, long>> RequestsAsync()
    {
        var routes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (JsonNode? row in JsonNode.Parse(await Sandbox.Http.GetStringAsync("/sandbox/requests"))!.AsArray())
        {
            if ((string?)row!["system"] != "crm") continue;
            string route = (string)row["route"]!;
            routes[route] = routes.GetValueOrDefault(route) + (long)row["count"]!;
        }
        return routes;
    }

    public static double Percentile(IReadOnlyList<double> sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    public static string Definitions => Path.Combine(AppContext.BaseDirectory, "Definitions");

    public async ValueTask DisposeAsync()
    {
        Crm.Dispose();
        foreach (ServiceProcess service in Services) await service.DisposeAsync();
        await Sandbox.DisposeAsync();
        if (cluster != null) await cluster.DisposeAsync();
    }

    public static double Seconds(long since) => Stopwatch.GetElapsedTime(since).TotalSeconds;
}
