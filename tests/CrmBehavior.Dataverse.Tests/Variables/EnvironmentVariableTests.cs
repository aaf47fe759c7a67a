using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Tests.Servers;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Variables;

public sealed class EnvironmentVariableTests
{
    static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("set", "default", "set")]
    [InlineData(null, "default", "default")]
    [InlineData(null, null, null)]
    public async Task The_environments_value_comes_before_the_default(string? value, string? fallback, string? expected)
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.Path == "environmentvariabledefinitions" ? CrmReply.Rows(new { environmentvariabledefinitionid = Ids.Of(4), defaultvalue = fallback })
            : value is null ? CrmReply.Rows() : CrmReply.Rows(new { value }));

        (await gateway.FindVariableAsync("crmb_MainScore", None)).ShouldBe(expected);
        (await gateway.FindVariableAsync("crmb_MainScore", None)).ShouldBe(expected);

        server.Requests.Count.ShouldBe(2);
        server.Requests.TryPeek(out CrmRequest? first).ShouldBeTrue();
        first!.Option("filter").ShouldBe("schemaname eq 'crmb_MainScore'");
    }

    [Fact]
    public async Task After_half_a_minute_it_is_asked_again_and_the_last_value_bridges_an_outage()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        var time = new MovedTime();
        using DataverseGateway gateway = server.Gateway(time: time);
        string answer = "one";
        server.Answer(r => answer == "" ? new CrmReply(503) : r.Path == "environmentvariabledefinitions" ? CrmReply.Rows(new { environmentvariabledefinitionid = Ids.Of(4) }) : CrmReply.Rows(new { value = answer }));

        (await gateway.FindVariableAsync("a", None)).ShouldBe("one");
        answer = "two";
        time.Advance(TimeSpan.FromSeconds(29));
        (await gateway.FindVariableAsync("a", None)).ShouldBe("one");
        time.Advance(TimeSpan.FromSeconds(2));
        (await gateway.FindVariableAsync("a", None)).ShouldBe("two");
        answer = "";
        time.Advance(TimeSpan.FromSeconds(31));
        (await gateway.FindVariableAsync("a", None)).ShouldBe("two");
        (await Should.ThrowAsync<CrmException>(() => gateway.FindVariableAsync("b", None))).IsTransient.ShouldBeTrue();
    }
}
