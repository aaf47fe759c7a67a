using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Acceptance.Tests.Crm;
using CrmBehavior.TestServers;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Faults;

/// <summary>
/// Real processes are killed under load while CRM, mail and bus misbehave; afterwards CRM and inbox are as if nothing had happened.
/// More rounds: <c>CRMB_KILLS=100 dotnet test --filter KillTests</c>.
/// </summary>
public sealed class KillTests
{
    /// <summary>On the way of an event and of an effect, in order.</summary>
    internal static readonly string[] Points =
    [
        .. from call in new[]
            {
                "bus.receive", "IProfileStore.OpenAsync", "IProfileBatch.FindSeenAsync", "IProfileBatch.CommitAsync", "bus.complete", "IProfileStore.OpenDueAsync",
                "IOutbox.LeaseAsync", "ICrmGateway.WriteAsync", "IOutbox.CompleteAsync", "IOutbox.MarkUncertainAsync", "IMailGateway.SendAsync",
            }
            from moment in new[] { "before", "after" }
            select $"{call}:{moment}",
    ];

    static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("CRMB_KILLS") ?? "6", CultureInfo.InvariantCulture);

    [Fact]
    public Task One_process_on_SQLite_is_killed_again_and_again() => RunAsync(null, 1);

    [SkippableFact]
    public async Task Two_processes_on_PostgreSQL_are_killed_or_frozen_and_so_is_the_server()
    {
        Skip.If(PostgresPrograms.Missing != null, PostgresPrograms.Missing);
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await RunAsync(cluster, 2);
    }

    internal static async Task RunAsync(PostgresCluster? cluster, int processes, string[]? points = null)
    {
        var settings = new Dictionary<string, string> { ["Dispatch__Lease"] = "3s", ["Dispatch__Doubt"] = "15s", ["Crm__ScoreDelay"] = "1s" };
        if (cluster != null)
        {
            settings["Store__Provider"] = "postgres";
            settings["Store__ConnectionString"] = cluster.ConnectionString(await cluster.CreateDatabaseAsync());
        }
        await using SandboxProcess sandbox = await SandboxProcess.StartAsync(
            "--clock", "2026-03-02T09:00:00Z", "--definitions", Path.Combine(BuiltProgram.Root, "tools", "Sandbox", "Demo", "Definitions"));
        var services = new List<ServiceProcess>();
        try
        {
            string? assembly = points is null ? null : BuiltProgram.Find("tests/CrashingService", "CrashingService");
            for (int i = 0; i < processes; i++) services.Add(await ServiceProcess.StartAsync(sandbox, settings, i == 0 ? null : $"http://localhost:{FreePort.Next()}", assembly));
            await sandbox.SettleAsync();
            var story = new Story(sandbox, services, cluster);
            await (points is null ? story.RunAsync() : story.RunAsync(points));
        }
        finally
        {
            foreach (ServiceProcess service in services) await service.DisposeAsync();
        }
    }

    /// <summary>What people do meanwhile, and what must have come of it.</summary>
    sealed class Story(SandboxProcess sandbox, List<ServiceProcess> services, PostgresCluster? cluster)
    {
        const int PeoplePerRound = 10;

        readonly Random random = new(7);
        readonly List<Guid> people = [];

        public async Task RunAsync()
        {
            using var crm = new CrmClient(sandbox.Url);
            for (int round = 0; round < Kills; round++)
            {
                Guid[] newcomers = await CreateAsync(crm, round);
                people.AddRange(newcomers);
                await FaultAsync("crm", "status", 0.2);
                await FaultAsync("crm", "accept-then-fail", 0.1);
                await FaultAsync("mail", "accept-then-fail", 0.3);
                await FaultAsync("bus", "redeliver", 0.1);
                Task visiting = Task.WhenAll(newcomers.Select(VisitAsync));
                await Task.Delay(random.Next(300));
                await KillOneAsync(round);
                await visiting;
                using HttpResponseMessage calm = await sandbox.Http.DeleteAsync("/sandbox/faults");
                await sandbox.AdvanceAsync("5h");
                await Task.Delay(random.Next(200));
            }
            // Calls that could not be told whose they are while the CRM was away are taken in late, and their waits begin then.
            await SettleAsync();
            await sandbox.AdvanceAsync("5h");
            await SettleAsync();
            await CheckAsync(crm);
        }

        /// <summary>Round by round all processes are armed to die at a point, and started again when they have: whoever gets there first dies.</summary>
        public async Task RunAsync(string[] points)
        {
            using var crm = new CrmClient(sandbox.Url);
            var missed = new List<string>();
            int rounds = Math.Max(points.Length, Kills);
            for (int round = 0; round < rounds; round++)
            {
                string point = points[round % points.Length];
                using var patience = new CancellationTokenSource();
                var armed = new Dictionary<string, string> { ["CRMB_CRASH"] = $"{point}:{random.Next(1, 3)}" };
                foreach (ServiceProcess service in services)
                {
                    await service.KillAsync();
                    await service.StartAgainAsync(armed, isExpectedReady: false);
                }
                Task<bool>[] deaths = [.. services.Select(service => DiesAsync(service, patience.Token))];
                Guid[] newcomers = await CreateAsync(crm, round);
                people.AddRange(newcomers);
                await FaultAsync("mail", "accept-then-fail", 0.3);
                await FaultAsync("bus", "redeliver", 0.1);
                await Task.WhenAll(newcomers.Select(VisitAsync));
                using HttpResponseMessage calm = await sandbox.Http.DeleteAsync("/sandbox/faults");
                await sandbox.AdvanceAsync("5h");
                patience.CancelAfter(TimeSpan.FromSeconds(15));
                await Task.WhenAny(deaths);
                await patience.CancelAsync();
                if (!(await Task.WhenAll(deaths)).Contains(true)) missed.Add(point);
            }
            foreach (ServiceProcess service in services)
            {
                await service.KillAsync();
                await service.StartAgainAsync(new Dictionary<string, string> { ["CRMB_CRASH"] = "" });
            }
            missed.Distinct().ShouldBeEmpty("points at which nobody died");
            await SettleAsync();
            await sandbox.AdvanceAsync("5h");
            await SettleAsync();
            await CheckAsync(crm);
        }

        /// <summary>Waits for a death and starts the dead again, unarmed.</summary>
        static async Task<bool> DiesAsync(ServiceProcess victim, CancellationToken patience)
        {
            while (!victim.Program.HasEnded)
            {
                if (patience.IsCancellationRequested) return false;
                await Task.Delay(20, CancellationToken.None);
            }
            await victim.StartAgainAsync(new Dictionary<string, string> { ["CRMB_CRASH"] = "" });
            return true;
        }

        async Task<Guid[]> CreateAsync(CrmClient crm, int round)
        {
            Guid[] ids = [.. Enumerable.Range(0, PeoplePerRound).Select(_ => Guid.NewGuid())];
            await crm.CreateAsync("contacts", "contact", ids.Select(id => new JsonObject
            {
                ["contactid"] = id.ToString(),
                ["firstname"] = "Person",
                ["lastname"] = string.Create(CultureInfo.InvariantCulture, $"of round {round}"),
                ["emailaddress1"] = $"{id:N}@example.com",
                ["jobtitle"] = "Head of Something",
            }));
            return ids;
        }

        /// <summary>Consent, three looks at the prices, a cart; each told until somebody says it is durable.</summary>
        async Task VisitAsync(Guid person)
        {
            JsonObject call(string id, string type, JsonObject more)
            {
                more["type"] = type;
                more["userId"] = person.ToString();
                more["messageId"] = $"{person:N}-{id}";
                return more;
            }

            await TellAsync(call("consent", "track", new JsonObject { ["event"] = "consent_changed", ["properties"] = new JsonObject { ["granted"] = true } }));
            for (int i = 0; i < 3; i++) await TellAsync(call($"page{i}", "page", new JsonObject { ["properties"] = new JsonObject { ["path"] = "/pricing" } }));
            await TellAsync(call("cart", "track", new JsonObject { ["event"] = "Product Added", ["properties"] = new JsonObject { ["name"] = "Tent" } }));
        }

        async Task TellAsync(JsonObject call)
        {
            string body = new JsonObject { ["writeKey"] = "sandbox", ["batch"] = new JsonArray(call) }.ToJsonString();
            for (int attempt = 0; attempt < 400; attempt++)
            {
                try
                {
                    using HttpResponseMessage answer = await services[attempt % services.Count].Http.PostAsync("/v1/batch", new StringContent(body, Encoding.UTF8, "application/json"));
                    if (answer.IsSuccessStatusCode) return;
                }
                catch (HttpRequestException)
                {
                    // It is dead just now.
                }
                await Task.Delay(50);
            }
            throw new InvalidOperationException("Nobody took the call.");
        }

        async Task KillOneAsync(int round)
        {
            ServiceProcess victim = services[round % services.Count];
            if (cluster != null && round % 3 == 2)
            {
                await cluster.StopAsync("immediate");
                await cluster.StartAgainAsync();
            }
            if (cluster != null && round % 3 == 1)
            {
                // Frozen for longer than its leases last: what it holds is taken over, and when it goes on it must not do it again.
                await victim.Program.SignalAsync("STOP");
                await Task.Delay(TimeSpan.FromSeconds(4));
                await victim.Program.SignalAsync("CONT");
                return;
            }
            await victim.KillAsync();
            await victim.StartAgainAsync();
        }

        async Task FaultAsync(string target, string kind, double rate)
        {
            using HttpResponseMessage set = await sandbox.Http.PostAsJsonAsync("/sandbox/faults", new { target, kind, rate, seconds = 30 });
            set.EnsureSuccessStatusCode();
        }

        /// <summary>
        /// Leases of the dead run out first, and the provider takes its time to tell again what nobody heard. What cannot come to rest, as a
        /// mail in doubt, is for the check to judge.
        /// </summary>
        async Task SettleAsync()
        {
            for (int minute = 0; minute < 3; minute++)
            {
                try
                {
                    await sandbox.SettleAsync();
                    return;
                }
                catch (InvalidOperationException)
                {
                    // A minute was not enough.
                }
            }
        }

        /// <summary>All effects that are set aside.</summary>
        async Task<List<JsonNode>> ParkedAsync()
        {
            var parked = new List<JsonNode>();
            for (string? route = "/api/parked/effects?most=200"; route != null;)
            {
                using var ask = new HttpRequestMessage(HttpMethod.Get, route);
                ask.Headers.Add("Authorization", "Bearer sandbox");
                using HttpResponseMessage answer = await services[0].Http.SendAsync(ask);
                JsonNode page = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
                parked.AddRange(page["effects"]!.AsArray()!);
                route = page["next"] is { } next ? $"/api/parked/effects?most=200&before={next}" : null;
            }
            return parked;
        }

        async Task CheckAsync(CrmClient crm)
        {
            string[] expected = [.. people.Select(p => p.ToString()).Order(StringComparer.Ordinal)];
            string[] regarding(IEnumerable<JsonObject> rows) => [.. rows.Select(r => (string)r["_regardingobjectid_value"]!).Order(StringComparer.Ordinal)];
            regarding(await crm.ReadAsync("tasks?$select=_regardingobjectid_value")).ShouldBe(expected);
            IReadOnlyList<JsonObject> entries = await crm.ReadAsync("crmb_touchpoints?$select=_regardingobjectid_value,crmb_effect");
            regarding(entries.Where(e => (string?)e["crmb_effect"] == "timeline")).ShouldBe(expected);

            JsonNode health = JsonNode.Parse(await services[0].Http.GetStringAsync("/health/ready"))!;
            ((int)health["outbox"]!["waiting"]!).ShouldBe(0, "nothing is left half done");
            string[] mailed = [.. JsonNode.Parse(await sandbox.Http.GetStringAsync("/sandbox/mails"))!.AsArray().Select(m => Guid.Parse(((string)m!["to"]!)[..32]).ToString()).Order(StringComparer.Ordinal)];
            mailed.ShouldBeUnique("nobody gets a mail twice");
            // A process that dies between noting that it is about to send and sending leaves a mail in doubt, which is held rather than risked.
            List<JsonNode> parked = await ParkedAsync();
            parked.ShouldAllBe(p => (string?)p["kind"] == "mail" && (bool)p["inDoubt"]!);
            parked.Select(p => (string)p["contactId"]!).Concat(mailed).Order(StringComparer.Ordinal).ShouldBe(expected, ignoreOrder: false, "everybody has a mail, or one set aside; nobody has both");
            regarding(entries.Where(e => (string?)e["crmb_effect"] == "sendEmail")).ShouldBe(mailed);

            foreach (JsonObject row in await crm.ReadAsync("contacts?$select=contactid&$filter=startswith(lastname,'of round')&$expand=crmb_contact_tag($select=crmb_name)"))
            {
                row["crmb_contact_tag"]!.AsArray().Select(t => (string)t!["crmb_name"]!).Order(StringComparer.Ordinal).ShouldBe(["Buying intent", "Decision maker"]);
            }
            IReadOnlyList<JsonObject> scores = await crm.ReadAsync("crmb_contactscores?$select=_crmb_contactid_value,crmb_value");
            scores.Select(s => (string)s["_crmb_contactid_value"]!).Order(StringComparer.Ordinal).ShouldBe(expected);
        }
    }
}
