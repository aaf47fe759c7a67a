using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Tests.Servers;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Connection;

public sealed class ConnectionTests
{
    static readonly CancellationToken None = CancellationToken.None;

    static async Task<CrmException> FailureAsync(CrmReply reply)
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway(patience: TimeSpan.Zero);
        server.Answer(_ => reply);
        return await Should.ThrowAsync<CrmException>(() => gateway.FindContactAsync("a@b.test", None));
    }

    [Theory]
    [InlineData(400, "0x80060888", false)]
    [InlineData(403, "0x80040220", false)]
    [InlineData(400, "0x80040265", false)]
    [InlineData(500, "0x80040224", false)]
    [InlineData(400, "0x80044151", true)]
    [InlineData(500, "0x80044150", true)]
    [InlineData(400, "0x80081111", true)]
    [InlineData(503, "0x80040216", true)]
    [InlineData(401, "0x80040220", true)]
    public async Task Codes_tell_what_may_come_out_otherwise_later(int status, string code, bool isTransient)
    {
        CrmException e = await FailureAsync(CrmReply.Fail(status, code, "The CRM's words."));

        (e.Code, e.IsTransient).ShouldBe((code, isTransient));
        e.Message.ShouldStartWith(code + ": The CRM's words.");
    }

    [Theory]
    [InlineData(502, true)]
    [InlineData(403, true)]
    [InlineData(404, true)]
    [InlineData(301, true)]
    [InlineData(401, true)]
    [InlineData(413, false)]
    [InlineData(400, false)]
    public async Task An_answer_that_is_not_the_CRMs_says_nothing_about_rows(int status, bool isTransient)
    {
        CrmException e = await FailureAsync(new CrmReply(status, "<html>proxy</html>"));

        (e.Code, e.IsTransient).ShouldBe((null, isTransient));
    }

    [Fact]
    public async Task Retry_After_and_the_request_id_are_passed_on()
    {
        CrmException e = await FailureAsync(CrmReply.Fail(503, "0x80040216", "Busy.", ("Retry-After", "12"), ("REQ_ID", "abc-1")));

        e.RetryAfter.ShouldBe(TimeSpan.FromSeconds(12));
        e.Message.ShouldEndWith("[REQ_ID abc-1]");
    }

    [Fact]
    public async Task A_refused_token_is_told_as_a_setting()
    {
        (await FailureAsync(new CrmReply(401))).Message.ShouldContain("Crm:Token");
    }

    [Fact]
    public async Task No_connection_a_cut_and_silence_are_transient()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using (var nobody = new DataverseGateway(new CrmOptions { Url = $"http://127.0.0.1:{port}", Token = "t" }))
            (await Should.ThrowAsync<CrmException>(() => nobody.FindContactAsync("a@b.test", None))).IsTransient.ShouldBeTrue();

        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway(timeout: TimeSpan.FromMilliseconds(300));
        server.Stage = (_, context) =>
        {
            context.Abort();
            return Task.FromResult<CrmReply?>(null);
        };
        (await Should.ThrowAsync<CrmException>(() => gateway.FindContactAsync("a@b.test", None))).IsTransient.ShouldBeTrue();
        server.Stage = async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return null;
        };
        CrmException silent = await Should.ThrowAsync<CrmException>(() => gateway.FindContactAsync("a@b.test", None));
        silent.IsTransient.ShouldBeTrue();
        silent.Message.ShouldContain("did not answer within");
    }

    [Fact]
    public async Task Who_gives_up_waiting_gets_no_answer()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        using var cancellation = new CancellationTokenSource();
        server.Stage = async (_, context) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return null;
        };

        await Should.ThrowAsync<OperationCanceledException>(() => gateway.FindContactAsync("a@b.test", cancellation.Token));
    }

    [Fact]
    public async Task An_identitys_token_is_kept_until_it_ends_and_renewed_when_it_is_refused()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        var time = new MovedTime();
        var credential = new CountingCredential(time);
        using var gateway = new DataverseGateway(new CrmOptions { Url = server.Url }, new IdentityToken(credential, "scope", time), time);
        string valid = "token1";
        server.Answer(r => r.Headers["Authorization"] == "Bearer " + valid ? CrmReply.Rows() : new CrmReply(401));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => gateway.FindContactAsync("a@b.test", None)));
        credential.Count.ShouldBe(1);
        time.Advance(TimeSpan.FromMinutes(54));
        await gateway.FindContactAsync("a@b.test", None);
        credential.Count.ShouldBe(1);
        valid = "token2";
        time.Advance(TimeSpan.FromMinutes(2));
        await gateway.FindContactAsync("a@b.test", None);
        credential.Count.ShouldBe(2);
        valid = "token3";
        await gateway.FindContactAsync("a@b.test", None);
        credential.Count.ShouldBe(3);
        valid = "none";
        (await Should.ThrowAsync<CrmException>(() => gateway.FindContactAsync("a@b.test", None))).IsTransient.ShouldBeTrue();
        credential.Scopes.ShouldAllBe(s => s == "scope");
    }

    [Fact]
    public async Task The_organisation_tells_its_id()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(_ => CrmReply.Json(new { OrganizationId = Ids.Of(8) }));

        (await gateway.ReadOrganizationAsync(None)).ShouldBe(Ids.Of(8));
        server.Requests.Single().Path.ShouldBe("WhoAmI");
    }

    [Fact]
    public void Settings_are_checked_and_named()
    {
        new CrmOptions { Url = "contoso", Token = "a b", Timeout = TimeSpan.Zero, Patience = TimeSpan.FromDays(1) }.Problems().Select(p => p.Split(' ')[0])
            .ShouldBe(["Crm:Url", "Crm:Token", "Crm:Timeout", "Crm:Patience"]);
        new CrmOptions().Problems().ShouldHaveSingleItem().ShouldStartWith("Crm:Url is missing");
        new CrmOptions { Url = "https://contoso.crm4.dynamics.com/" }.Problems().ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => new DataverseGateway(new CrmOptions())).Message.ShouldContain("Crm:Url is missing");
    }

    sealed class CountingCredential(TimeProvider time) : TokenCredential
    {
        int count;

        public int Count => count;

        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return new AccessToken("token" + Interlocked.Increment(ref count), time.GetUtcNow() + TimeSpan.FromHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
