using System;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Clock;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.ControlRoutes;

public sealed class ClockTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("24h", 86400)]
    [InlineData("1d", 86400)]
    [InlineData("PT5M", 300)]
    [InlineData("P1DT6H", 108000)]
    [InlineData("P2W", 1209600)]
    public void Duration_of_the_language_is_read(string text, int seconds)
    {
        Instants.TryDuration(text, out TimeSpan duration).ShouldBeTrue();
        duration.TotalSeconds.ShouldBe(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("PT0S")]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("1.5h")]
    [InlineData("-1h")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("99999999999999d")]
    public void What_is_no_duration_is_refused(string text) => Instants.TryDuration(text, out _).ShouldBeFalse();

    [Fact]
    public async Task Clock_starts_where_asked_moves_forward_only_and_tells_registered_services()
    {
        await using Catcher service = await Catcher.StartAsync();
        SandboxFixture sandbox =
            await SandboxFixture.StartAsync(s => s with { Clock = new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.Zero), Solution = "" });
        try
        {
            (await sandbox.Controls.PostAsync("/sandbox/services", new JsonObject { ["url"] = service.Url + "/" })).Status.ShouldBe(200);
            DateTimeOffset before = await NowAsync(sandbox);
            before.ShouldBeGreaterThanOrEqualTo(new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.Zero));
            before.ShouldBeLessThan(new DateTimeOffset(2026, 1, 5, 11, 0, 0, TimeSpan.Zero));
            await sandbox.Controls.AdvanceAsync("24h");
            (await NowAsync(sandbox)).ShouldBeGreaterThanOrEqualTo(before.AddDays(1));
            Caught told = service.All.ShouldHaveSingleItem();
            (told.Method, told.Path).ShouldBe(("POST", "/sandbox/clock"));
            DateTimeOffset.Parse(JsonNode.Parse(told.Body)!["now"]!.GetValue<string>(), CultureInfo.InvariantCulture)
                .ShouldBeGreaterThanOrEqualTo(before.AddDays(1));
            (int status, JsonNode? body) = await sandbox.Controls.PostAsync("/sandbox/clock", new JsonObject { ["to"] = "2026-01-05T10:00:00Z" });
            status.ShouldBe(400);
            body!["error"]!.GetValue<string>().ShouldStartWith("/to: the clock moves forward only");
            (await sandbox.Controls.PostAsync("/sandbox/clock", new JsonObject { ["to"] = "2026-02-01T00:00:00Z" })).Status.ShouldBe(200);
            (await NowAsync(sandbox)).Month.ShouldBe(2);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("""{"advance":"soon"}""")]
    [InlineData("""{"to":"tomorrow"}""")]
    [InlineData("""{"advance":"1h","to":"2030-01-01T00:00:00Z"}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Move_that_cannot_be_read_is_400_and_moves_nothing(string body)
    {
        SandboxFixture sandbox = await SandboxFixture.StartAsync(s => s with { Clock = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), Solution = "" });
        try
        {
            using var http = sandbox.Http();
            using var content = new System.Net.Http.StringContent(body);
            using var response = await http.PostAsync(new Uri("/sandbox/clock", UriKind.Relative), content);
            ((int)response.StatusCode).ShouldBe(400);
            (await NowAsync(sandbox)).Day.ShouldBe(5);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    static async Task<DateTimeOffset> NowAsync(SandboxFixture sandbox) =>
        DateTimeOffset.Parse((await sandbox.Controls.GetAsync("/sandbox/clock"))["now"]!.GetValue<string>(), CultureInfo.InvariantCulture);
}
