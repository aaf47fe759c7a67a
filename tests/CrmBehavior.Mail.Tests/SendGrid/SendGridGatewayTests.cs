using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Mail.SendGrid;
using CrmBehavior.Mail.Tests.Servers;
using CrmBehavior.Pipeline.Ports;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace CrmBehavior.Mail.Tests.SendGrid;

public sealed class SendGridGatewayTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    static MailOptions Options(string url) => new() { Url = url, ApiKey = "SG.key", From = "Hats & Co <hats@shop.test>", PostalAddress = "Main Street 1" };

    static SendGridGateway Gateway(string url, TimeSpan? timeout = null) => new(Options(url) with { Timeout = timeout ?? TimeSpan.FromSeconds(30) }, new FixedTime(Now));

    static RenderedMail Mail(string to = "ada@example.test", string? name = "Ada Löv€lace", string subject = "Your cart & more") => new(
        Guid.Parse("11111111-2222-3333-4444-555555555555"), Guid.Parse("66666666-7777-8888-9999-aaaaaaaaaaaa"), to, name, subject, "<p>Hi</p>", "Hi",
        new Dictionary<string, string> { ["List-Unsubscribe"] = "<https://a.test/u>" }, new Dictionary<string, string> { ["journey"] = "welcome", ["category"] = "promo" });

    static async Task<MailResult> SendAsync(Func<HttpContext, Task> answer)
    {
        await using StagedServer server = await StagedServer.StartAsync(answer);
        using SendGridGateway gateway = Gateway(server.Url);
        return await gateway.SendAsync(Mail(), CancellationToken.None);
    }

    [Fact]
    public async Task An_accepted_mail_went_out_as_SendGrid_wants_it()
    {
        await using StagedServer server = await StagedServer.StartAsync(StagedServer.Status(202));
        using SendGridGateway gateway = Gateway(server.Url + "/");

        (await gateway.SendAsync(Mail(), CancellationToken.None)).ShouldBe(new MailResult(MailOutcome.Accepted));

        var request = server.Requests.ShouldHaveSingleItem();
        (request.Method, request.Path).ShouldBe(("POST", "/v3/mail/send"));
        request.Headers["Authorization"].ToString().ShouldBe("Bearer SG.key");
        request.Headers["Content-Type"].ToString().ShouldBe("application/json");
        request.Headers.ContainsKey("List-Unsubscribe").ShouldBeFalse();
        JsonElement.DeepEquals(JsonDocument.Parse(request.Body).RootElement, JsonDocument.Parse("""
            {"personalizations":[{"to":[{"email":"ada@example.test","name":"Ada Löv€lace"}],
              "custom_args":{"decision_id":"11111111-2222-3333-4444-555555555555","contact_id":"66666666-7777-8888-9999-aaaaaaaaaaaa","journey":"welcome","crmb_category":"promo"}}],
             "from":{"email":"hats@shop.test","name":"Hats & Co"},"subject":"Your cart & more",
             "content":[{"type":"text/plain","value":"Hi"},{"type":"text/html","value":"<p>Hi</p>"}],
             "headers":{"List-Unsubscribe":"<https://a.test/u>"},"categories":["promo"]}
            """).RootElement).ShouldBeTrue(request.Body);
    }

    [Fact]
    public async Task A_refusal_carries_the_providers_words_and_fields()
    {
        const string Body = """{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email","help":null},{"message":"Bad Request","field":null}]}""";

        (await SendAsync(StagedServer.Status(400, Body))).ShouldBe(
            new MailResult(MailOutcome.Refused, "400 personalizations.0.to.0.email: Does not contain a valid address. Bad Request"));
        (await SendAsync(StagedServer.Status(413, "<html>"))).ShouldBe(new MailResult(MailOutcome.Refused, "413 RequestEntityTooLarge"));
    }

    [Theory]
    [InlineData(401, """{"errors":[{"field":null,"message":"Maximum credits exceeded"}]}""", "401 Maximum credits exceeded")]
    [InlineData(403, """{"errors":[{"field":null,"message":"access forbidden"}]}""", "403 access forbidden")]
    [InlineData(404, "", "404 NotFound")]
    [InlineData(302, "", "302 Found")]
    public async Task What_holds_for_all_mails_closes_the_provider(int status, string body, string reason) =>
        (await SendAsync(StagedServer.Status(status, body))).ShouldBe(new MailResult(MailOutcome.Closed, reason));

    [Theory]
    [InlineData(429, "Retry-After", "7", 7.0)]
    [InlineData(429, "X-RateLimit-Reset", "1800000042", 42.0)]
    [InlineData(429, "X-RateLimit-Reset", "1799999999", 0.0)]
    [InlineData(429, "X-RateLimit-Reset", "soon", null)]
    [InlineData(503, "Retry-After", "Fri, 15 Jan 2027 08:01:00 GMT", 60.0)]
    [InlineData(503, "X-Other", "1", null)]
    public async Task A_busy_provider_is_asked_again_when_it_says(int status, string header, string value, double? seconds)
    {
        MailResult result = await SendAsync(StagedServer.Status(status, "", (header, value)));

        result.Outcome.ShouldBe(MailOutcome.Retry);
        result.After.ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);
    }

    [Fact]
    public async Task A_connection_refused_means_nothing_was_sent()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using SendGridGateway gateway = Gateway($"http://127.0.0.1:{port}");

        MailResult result = await gateway.SendAsync(Mail(), CancellationToken.None);

        result.Outcome.ShouldBe(MailOutcome.Retry);
        result.Reason!.ShouldStartWith("Nothing was sent: ");
    }

    [Fact]
    public async Task A_cut_after_the_mail_was_read_is_uncertain()
    {
        MailResult result = await SendAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        result.Outcome.ShouldBe(MailOutcome.Uncertain);
    }

    [Fact]
    public async Task No_answer_in_time_is_uncertain_and_it_is_not_tried_again()
    {
        await using StagedServer server = await StagedServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        using SendGridGateway gateway = Gateway(server.Url, TimeSpan.FromMilliseconds(300));

        MailResult result = await gateway.SendAsync(Mail(), CancellationToken.None);

        result.Outcome.ShouldBe(MailOutcome.Uncertain);
        result.Reason.ShouldBe("No answer within 00:00:00.3000000.");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Giving_up_while_the_provider_works_is_uncertain()
    {
        using var cancellation = new CancellationTokenSource();
        await using StagedServer server = await StagedServer.StartAsync(async context =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using SendGridGateway gateway = Gateway(server.Url);

        (await gateway.SendAsync(Mail(), cancellation.Token)).ShouldBe(new MailResult(MailOutcome.Uncertain, "Waiting was given up."));
    }

    [Fact]
    public async Task A_connection_that_the_server_closed_meanwhile_costs_no_mail()
    {
        await using StagedServer server = await StagedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 202;
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        using SendGridGateway gateway = Gateway(server.Url);

        for (int i = 0; i < 3; i++) (await gateway.SendAsync(Mail(), CancellationToken.None)).Outcome.ShouldBe(MailOutcome.Accepted);
    }

    [Theory]
    [InlineData("nobody", "Ada", "s", "'nobody' is no e-mail address.")]
    [InlineData("a@b.test\r\nBcc: c@d.test", "Ada", "s", "is no e-mail address.")]
    [InlineData("a@b.test", "Ada\r\nBcc: x", "s", "The name of the recipient has a line break")]
    [InlineData("a@b.test", "Ada\0", "s", "The name of the recipient has a line break")]
    [InlineData("a@b.test", "Ada", "s\nt", "The subject has a line break")]
    public async Task What_would_break_the_headers_never_leaves(string to, string name, string subject, string reason)
    {
        await using StagedServer server = await StagedServer.StartAsync(StagedServer.Status(202));
        using SendGridGateway gateway = Gateway(server.Url);

        MailResult result = await gateway.SendAsync(Mail(to, name, subject), CancellationToken.None);

        result.Outcome.ShouldBe(MailOutcome.Refused);
        result.Reason!.ShouldContain(reason);
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void Settings_are_checked_and_named()
    {
        string[] problems = [.. new MailOptions { Url = "sendgrid", From = "nobody", Timeout = TimeSpan.Zero }.Problems()];

        problems.Select(p => p.Split(' ')[0]).ShouldBe(["SendGrid:Url", "SendGrid:ApiKey", "Mail:From", "Mail:PostalAddress", "SendGrid:Timeout"]);
        Options("https://api.sendgrid.com").Problems().ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => new SendGridGateway(new MailOptions())).Message.ShouldContain("SendGrid:ApiKey is missing");
    }

    [Theory]
    [InlineData("a@b.test", "a@b.test", null)]
    [InlineData("Ada <a@b.test>", "a@b.test", "Ada")]
    [InlineData("\"Hats, Coats\" <a@b.test>", "a@b.test", "Hats, Coats")]
    [InlineData("<a@b.test>", "a@b.test", null)]
    public void A_sender_is_an_address_with_or_without_a_name(string text, string address, string? name)
    {
        Sender.TryRead(text, out Sender? sender).ShouldBeTrue();
        sender.ShouldBe(new Sender(address, name));
    }
}
