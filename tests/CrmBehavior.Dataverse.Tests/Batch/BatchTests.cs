using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Batch;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Tests.Servers;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Batch;

public sealed class BatchTests
{
    static readonly CancellationToken None = CancellationToken.None;

    static CrmWrite[] Updates(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new UpdateRow("contacts", Ids.Of(i), new Dictionary<string, object?> { ["crmb_why"] = "why " + i + "\r\n--batch" }))];

    static async Task<(CrmServer, DataverseGateway)> WithoutBulkAsync(int contacts)
    {
        CrmServer server = await CrmServer.StartAsync();
        server.Rows.Bulk.Clear();
        for (int i = 1; i <= contacts; i++) server.Rows.Put("contacts", Ids.Of(i), new { lastname = "x" });
        return (server, server.Gateway());
    }

    [Fact]
    public async Task A_table_without_bulk_messages_is_written_in_batches()
    {
        var (server, gateway) = await WithoutBulkAsync(120);
        await using var _ = server;
        using var __ = gateway;

        (await gateway.WriteAsync(Updates(120), None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Done);

        server.Requests.Count(r => r.Path == "$batch").ShouldBe(3);
        server.Rows.Find("contacts", Ids.Of(77), "crmb_why")!.Value.GetString().ShouldBe("why 77\r\n--batch");
        server.Requests.Where(r => r.Method == "PATCH").ShouldAllBe(r => r.Headers["If-Match"] == "*");
        server.Requests.Count(r => r.Path == "sdkmessagefilters").ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_in_a_batch_is_its_own_whether_or_not_the_batch_goes_on(bool goesOn)
    {
        var (server, gateway) = await WithoutBulkAsync(30);
        await using var _ = server;
        using var __ = gateway;
        server.HonoursContinueOnError = goesOn;
        server.Rows.Remove("contacts", Ids.Of(4));
        server.Rows.Check = (_, columns) => columns["crmb_why"].GetString()!.StartsWith("why 9\r", StringComparison.Ordinal) ? CrmReply.Fail(400, "0x80040203", "No.") : null;

        IReadOnlyList<CrmResult> results = await gateway.WriteAsync(Updates(30), None);

        results.Select((r, i) => (r.Outcome, Id: i + 1)).Where(r => r.Outcome != CrmOutcome.Done).ShouldBe([(CrmOutcome.Gone, 4), (CrmOutcome.Refused, 9)]);
        server.Requests.Count(r => r.Path == "$batch").ShouldBe(goesOn ? 1 : 3);
        server.Requests.Count(r => r.Method == "PATCH").ShouldBe(30);
    }

    [Fact]
    public async Task A_batch_that_is_cut_is_tried_again_as_a_whole()
    {
        var (server, gateway) = await WithoutBulkAsync(10);
        await using var _ = server;
        using var __ = gateway;
        server.Stage = (request, context) =>
        {
            if (request.Path == "$batch") context.Abort();
            return Task.FromResult<CrmReply?>(null);
        };

        (await gateway.WriteAsync(Updates(10), None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Retry);
    }

    [Fact]
    public async Task A_refused_batch_says_so_for_each()
    {
        var (server, gateway) = await WithoutBulkAsync(3);
        await using var _ = server;
        using var __ = gateway;
        server.Answer(r => r.Path == "$batch" ? CrmReply.Fail(400, "0x8005f100", "The batch is malformed.") : null);

        (await gateway.WriteAsync(Updates(3), None)).ShouldAllBe(r => r.Outcome == CrmOutcome.Refused && r.Reason == "0x8005f100: The batch is malformed.");
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void Answers_are_read_with_either_line_end(string end)
    {
        string text = string.Join(end,
            "--b", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "", "HTTP/1.1 204 No Content", "OData-Version: 4.0", "", "",
            "--b", "Content-Type: application/http", "Content-ID: 2", "", "HTTP/1.1 404 Not Found", "Content-Type: application/json", "REQ_ID: r1", "", "{\"error\":{\"code\":\"0x80040217\",\"message\":\"gone ä\"}}",
            "--b", "Content-Type: application/http", "", "HTTP/1.1 429 Unknown Error", "Retry-After: 4", "", "{\"error\":{\"code\":\"0x80072322\",\"message\":\"busy\"}}", "--b--", "");

        IReadOnlyList<WebApiAnswer> answers = BatchAnswer.Read(new WebApiAnswer(200, Encoding.UTF8.GetBytes(text), "multipart/mixed; boundary=b", null), DateTimeOffset.UnixEpoch);

        answers.Select(a => a.Status).ShouldBe([204, 404, 429]);
        answers[0].Fault.ShouldBeNull();
        answers[1].Fault!.Reason.ShouldBe("0x80040217: gone ä");
        answers[2].Fault!.RetryAfter.ShouldBe(TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData("multipart/mixed; boundary=b", "")]
    [InlineData("multipart/mixed; boundary=b", "--b--")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nnonsense")]
    [InlineData("multipart/mixed", "--b\r\n")]
    [InlineData("application/json", "{}")]
    [InlineData(null, "")]
    public void What_is_no_batch_has_no_answers(string? type, string body) =>
        BatchAnswer.Read(new WebApiAnswer(200, Encoding.UTF8.GetBytes(body), type, null), DateTimeOffset.UnixEpoch).ShouldBeEmpty();
}
