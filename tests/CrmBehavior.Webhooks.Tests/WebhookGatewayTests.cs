using System;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace CrmBehavior.Webhooks.Tests;

/// <summary>Calls over real TLS; names and addresses are told by the test.</summary>
public sealed class WebhookGatewayTests
{
    const string Public = "93.184.216.34", Url = "https://hooks.example/new?x=1";

    static readonly WebhookOptions Options = new() { Keys = ["whsec_test"] };
    static readonly FixedTime Time = new(DateTimeOffset.FromUnixTimeSeconds(1700000000));

    [Fact]
    public async Task A_call_is_signed_and_carries_its_decision_as_the_key_against_repetition()
    {
        await using CalledServer server = await CalledServer.StartAsync(Status(204));
        using WebhookGateway gateway = server.Gateway(new WebhookOptions { Keys = ["whsec_test", "next"] }, Time, [Public]);
        var id = Guid.NewGuid();

        (await gateway.PostAsync(new WebhookCall(id, Url, "{\"a\":1}"u8.ToArray()), default)).ShouldBe(new WebhookResult(WebhookOutcome.Taken));

        (string url, IHeaderDictionary headers, byte[] body) = server.Requests.ShouldHaveSingleItem();
        (url, Encoding.UTF8.GetString(body)).ShouldBe(("https://hooks.example/new", "{\"a\":1}"));
        headers["Idempotency-Key"].ToString().ShouldBe(id.ToString());
        // Stripe's form, with the vector of its documents' scheme; the second key's beside it.
        headers["X-Crmb-Signature"].ToString().ShouldStartWith("t=1700000000,v1=38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789,v1=");
        headers.ContentType.ToString().ShouldBe("application/json; charset=utf-8");
        headers.Keys.ShouldNotContain("X-Crmb-Target");
        server.Connected.ShouldHaveSingleItem().ShouldBe(new IPEndPoint(IPAddress.Parse(Public), 443));
    }

    [Theory]
    [InlineData("http://hooks.example/", "by https only")]
    [InlineData("ftp://hooks.example/", "by https only")]
    [InlineData("https://hooks.example:22/", "not on 22")]
    [InlineData("https://hooks.example:80/", "not on 80")]
    [InlineData("https://user:word@hooks.example/", "no user and no password")]
    [InlineData("/relative", "")]
    public async Task An_address_of_another_form_is_refused_before_its_name_is_asked_for(string url, string reason)
    {
        await using CalledServer server = await CalledServer.StartAsync(Status(200));
        using WebhookGateway gateway = server.Gateway(Options, Time, [Public]);

        WebhookResult result = await PostAsync(gateway, url);

        result.Outcome.ShouldBe(WebhookOutcome.Refused);
        result.Reason!.ShouldContain(reason);
        server.Resolved.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("https://hooks.example/", "127.0.0.1")]
    [InlineData("https://hooks.example/", "169.254.169.254")]
    [InlineData("https://hooks.example:8443/", "::ffff:10.0.0.1")]
    [InlineData("https://hooks.example/", "93.184.216.34,10.0.0.1")]
    [InlineData("https://hooks.example/", "2606:2800:220:1::1,::1")]
    public async Task A_name_that_leads_inside_is_refused_and_nothing_is_connected_to(string url, string addresses)
    {
        await using CalledServer server = await CalledServer.StartAsync(Status(200));
        using WebhookGateway gateway = server.Gateway(Options, Time, addresses.Split(','));

        WebhookResult result = await PostAsync(gateway, url);

        result.Outcome.ShouldBe(WebhookOutcome.Refused);
        result.Reason!.ShouldContain("not of the public internet");
        server.Connected.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://localhost/")]
    [InlineData("https://localhost./")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:127.0.0.1]:8443/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    public async Task This_machine_is_refused_under_every_name_it_has(string url)
    {
        using var gateway = new WebhookGateway(Options);

        WebhookResult result = await PostAsync(gateway, url);

        // A name that the machine's resolver does not know leads nowhere; what matters is that nothing is called.
        if (url.Contains("localhost.", StringComparison.Ordinal) && result.Outcome == WebhookOutcome.Retry) result.Reason!.ShouldContain("NameResolutionError");
        else (result.Outcome, result.Reason!.Contains("not of the public internet", StringComparison.Ordinal)).ShouldBe((WebhookOutcome.Refused, true), result.Reason);
    }

    [Fact]
    public async Task A_name_that_means_something_else_after_the_check_is_not_asked_again()
    {
        await using CalledServer server = await CalledServer.StartAsync(context =>
        {
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        using WebhookGateway gateway = server.Gateway(Options, Time, [Public], ["127.0.0.1"]);

        (await PostAsync(gateway, Url)).Outcome.ShouldBe(WebhookOutcome.Taken);
        server.Resolved.Count.ShouldBe(1);
        server.Connected.Select(c => c.Address.ToString()).ShouldBe([Public]);
        (await PostAsync(gateway, Url)).Outcome.ShouldBe(WebhookOutcome.Refused);
        server.Connected.Count.ShouldBe(1);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using CalledServer server = await CalledServer.StartAsync(context =>
        {
            context.Response.Redirect("https://hooks.example/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        using WebhookGateway gateway = server.Gateway(Options, Time, [Public]);

        WebhookResult result = await PostAsync(gateway, Url);

        (result.Outcome, result.Reason).ShouldBe((WebhookOutcome.Refused, "hooks.example answered 307, a redirect; write the address it leads to into the journey"));
        server.Requests.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(400, WebhookOutcome.Refused, null)]
    [InlineData(404, WebhookOutcome.Refused, null)]
    [InlineData(410, WebhookOutcome.Refused, null)]
    [InlineData(429, WebhookOutcome.Retry, 30)]
    [InlineData(500, WebhookOutcome.Retry, null)]
    [InlineData(503, WebhookOutcome.Retry, 30)]
    public async Task What_the_other_side_answers_decides_and_what_it_writes_is_not_shown(int status, WebhookOutcome outcome, int? after)
    {
        await using CalledServer server = await CalledServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            if (after is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return context.Response.WriteAsync("the secret of the inside");
        });
        using WebhookGateway gateway = server.Gateway(Options, Time, [Public]);

        WebhookResult result = await PostAsync(gateway, Url);

        (result.Outcome, result.After).ShouldBe((outcome, after is { } s ? TimeSpan.FromSeconds(s) : null));
        result.Reason.ShouldBe($"hooks.example answered {status}");
    }

    [Fact]
    public async Task Of_an_endless_answer_64_KB_are_read()
    {
        using var left = new CancellationTokenSource();
        await using CalledServer server = await CalledServer.StartAsync(async context =>
        {
            byte[] some = new byte[16 * 1024];
            using CancellationTokenRegistration gone = context.RequestAborted.Register(left.Cancel);
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(some);
        });
        using WebhookGateway gateway = server.Gateway(new WebhookOptions { Keys = ["k"], Timeout = TimeSpan.FromMinutes(5) }, Time, [Public]);

        (await PostAsync(gateway, Url)).Outcome.ShouldBe(WebhookOutcome.Taken);

        // The connection is broken off, so the server notices.
        await Should.ThrowAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromMinutes(1), left.Token));
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_is_called_again()
    {
        await using CalledServer server = await CalledServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using WebhookGateway gateway = server.Gateway(new WebhookOptions { Keys = ["k"], Timeout = TimeSpan.FromSeconds(0.5) }, Time, [Public]);

        WebhookResult result = await PostAsync(gateway, Url);

        (result.Outcome, result.Reason).ShouldBe((WebhookOutcome.Retry, "hooks.example did not answer within 0.5 s"));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_called()
    {
        await using CalledServer server = await CalledServer.StartAsync(Status(200));
        using WebhookGateway unsigned = server.Gateway(new WebhookOptions(), Time, [Public]);

        (await PostAsync(unsigned, Url)).Reason!.ShouldContain("Webhook:Keys is missing");
        server.Requests.ShouldBeEmpty();
    }

    static Task<WebhookResult> PostAsync(WebhookGateway gateway, string url) => gateway.PostAsync(new WebhookCall(Guid.NewGuid(), url, "{}"u8.ToArray()), default);

    static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
