using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Tests.Servers;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Definitions;

public sealed class DefinitionFeedTests
{
    static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Definitions as the CRM holds them.</summary>
    sealed class Shelf
    {
        public long Mark { get; set; } = 1;

        public List<(Guid Id, string Kind, string Name, int Version, int Status)> Rows { get; } = [];

        public List<(Guid Owner, int Version, string Json)> Versions { get; } = [];

        public void Publish(int id, string kind, string name, int version, int status = 410330001)
        {
            Rows.RemoveAll(r => r.Id == Ids.Of(id));
            Rows.Add((Ids.Of(id), kind, name, version, status));
            Versions.Add((Ids.Of(id), version, $"{kind} {name} {version}"));
            Mark++;
        }

        public CrmReply? Answer(CrmRequest request)
        {
            if (request.Path == "crmb_definitionversions")
            {
                string filter = request.Option("filter");
                return CrmReply.Rows([.. Versions.Where(v => Regex.IsMatch(filter, $@"_crmb_definitionid_value eq {v.Owner}\) and \((crmb_version eq {v.Version}|crmb_version gt [0-{v.Version - 1}])\)"))
                    .Select(v => new { _crmb_definitionid_value = v.Owner, crmb_version = v.Version, crmb_json = v.Json })]);
            }
            if (request.Option("top") == "1")
            {
                return CrmReply.Json(new Dictionary<string, object> { ["@odata.count"] = Rows.Count, ["value"] = Rows.Count == 0 ? [] : new object[] { new { versionnumber = Mark } } });
            }
            return CrmReply.Rows([.. Rows.Select(r => new { crmb_definitionid = r.Id, crmb_kind = r.Kind, crmb_name = r.Name, crmb_version = r.Version, statuscode = r.Status })]);
        }
    }

    static async Task<(CrmServer, DataverseGateway, Shelf, MovedTime)> StartAsync()
    {
        CrmServer server = await CrmServer.StartAsync();
        var time = new MovedTime();
        var shelf = new Shelf();
        server.Answer(shelf.Answer);
        return (server, server.Gateway(time: time), shelf, time);
    }

    [Fact]
    public async Task Live_and_paused_definitions_come_in_their_published_version_journeys_in_older_ones_too()
    {
        var (server, gateway, shelf, _) = await StartAsync();
        await using var a = server;
        using var b = gateway;
        shelf.Publish(1, "signal", "intent", 1);
        shelf.Publish(1, "signal", "intent", 2);
        for (int v = 1; v <= 3; v++) shelf.Publish(2, "journey", "welcome", v, 410330002);

        (await gateway.ReadDefinitionsAsync(None)).ShouldBe(
        [
            new PublishedDefinition("journey", "welcome", 1, true, false, "journey welcome 1"), new PublishedDefinition("journey", "welcome", 2, true, false, "journey welcome 2"),
            new PublishedDefinition("journey", "welcome", 3, true, true, "journey welcome 3"), new PublishedDefinition("signal", "intent", 2, false, true, "signal intent 2"),
        ]);
        server.Requests.Single(r => r.Option("select").StartsWith("crmb_definitionid,", StringComparison.Ordinal)).Option("filter").ShouldBe("(statuscode eq 410330001) or (statuscode eq 410330002)");
    }

    [Fact]
    public async Task As_long_as_nothing_changes_one_small_request_is_all()
    {
        var (server, gateway, shelf, time) = await StartAsync();
        await using var a = server;
        using var b = gateway;
        shelf.Publish(1, "signal", "intent", 1);
        IReadOnlyList<PublishedDefinition> first = await gateway.ReadDefinitionsAsync(None);
        server.Requests.Clear();

        for (int i = 0; i < 9; i++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            (await gateway.ReadDefinitionsAsync(None)).ShouldBeSameAs(first);
        }

        server.Requests.Count.ShouldBe(9);
        server.Requests.ShouldAllBe(r => r.Option("select") == "versionnumber" && r.Option("orderby") == "versionnumber desc" && r.Option("count") == "true");
    }

    [Fact]
    public async Task A_change_is_seen_at_once_and_only_new_versions_are_read()
    {
        var (server, gateway, shelf, _) = await StartAsync();
        await using var a = server;
        using var b = gateway;
        shelf.Publish(1, "signal", "intent", 1);
        shelf.Publish(2, "journey", "welcome", 1);
        await gateway.ReadDefinitionsAsync(None);
        server.Requests.Clear();

        shelf.Publish(2, "journey", "welcome", 2);
        IReadOnlyList<PublishedDefinition> now = await gateway.ReadDefinitionsAsync(None);

        now.Select(d => (d.Name, d.Version, d.IsCurrent)).ShouldBe([("welcome", 1, false), ("welcome", 2, true), ("intent", 1, true)]);
        server.Requests.Single(r => r.Path == "crmb_definitionversions").Option("filter").ShouldBe($"((_crmb_definitionid_value eq {Ids.Of(2)}) and (crmb_version gt 1))");
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Pausing_and_retiring_are_changes_too()
    {
        var (server, gateway, shelf, _) = await StartAsync();
        await using var a = server;
        using var b = gateway;
        shelf.Publish(1, "signal", "intent", 1);
        shelf.Publish(2, "journey", "welcome", 1);
        await gateway.ReadDefinitionsAsync(None);
        shelf.Rows[1] = shelf.Rows[1] with { Status = 410330002 };
        shelf.Mark++;
        (await gateway.ReadDefinitionsAsync(None)).Single(d => d.Name == "welcome").IsPaused.ShouldBeTrue();
        shelf.Rows.RemoveAt(1);

        (await gateway.ReadDefinitionsAsync(None)).Select(d => d.Name).ShouldBe(["intent"]);
        server.Requests.Count(r => r.Path == "crmb_definitionversions").ShouldBe(1);
    }

    [Fact]
    public async Task A_change_that_the_mark_hides_is_found_a_little_later()
    {
        var (server, gateway, shelf, time) = await StartAsync();
        await using var a = server;
        using var b = gateway;
        shelf.Publish(1, "signal", "intent", 1);
        await gateway.ReadDefinitionsAsync(None);
        long mark = shelf.Mark;
        shelf.Publish(1, "signal", "intent", 2);
        shelf.Mark = mark;

        (await gateway.ReadDefinitionsAsync(None)).Single().Version.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(20));
        (await gateway.ReadDefinitionsAsync(None)).Single().Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_version_that_is_not_there_leaves_all_as_it_is()
    {
        var (server, gateway, shelf, _) = await StartAsync();
        await using var a = server;
        using var b = gateway;
        shelf.Publish(1, "signal", "intent", 1);
        shelf.Versions.Clear();

        CrmException e = await Should.ThrowAsync<CrmException>(() => gateway.ReadDefinitionsAsync(None));
        e.Message.ShouldBe("Version 1 of signal intent is not there; the definitions known so far stay in force.");
        e.IsTransient.ShouldBeTrue();
        shelf.Versions.Add((Ids.Of(1), 1, "late"));
        (await gateway.ReadDefinitionsAsync(None)).Single().Json.ShouldBe("late");
    }

    [Fact]
    public async Task Many_definitions_are_read_in_few_requests_and_none_is_an_answer_too()
    {
        var (server, gateway, shelf, _) = await StartAsync();
        await using var a = server;
        using var b = gateway;
        (await gateway.ReadDefinitionsAsync(None)).ShouldBeEmpty();
        for (int i = 1; i <= 60; i++) shelf.Publish(i, "signal", "s" + i, 1);

        (await gateway.ReadDefinitionsAsync(None)).Count.ShouldBe(60);
        server.Requests.Count(r => r.Path == "crmb_definitionversions").ShouldBe(3);
    }
}
