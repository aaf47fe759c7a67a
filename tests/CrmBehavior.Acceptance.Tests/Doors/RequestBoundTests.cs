using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Doors;

/// <summary>How large the head of a request may be: just under passes, just over is refused, and the next caller is served as before.</summary>
[Collection(LoopCollection.Name)]
public sealed class RequestBoundTests(LoopFixture loop)
{
    const int MostHeaders = 50, MostBytes = 16 * 1024, LongestLine = 8 * 1024;

    [Theory]
    [InlineData(MostHeaders, 200)]
    [InlineData(MostHeaders + 1, 431)]
    public async Task A_request_has_at_most_fifty_headers(int count, int status)
    {
        string[] more = [.. Enumerable.Range(0, count - 2).Select(i => string.Create(CultureInfo.InvariantCulture, $"X-More-{i}: 1"))];

        (await StatusAsync("/health/live", more)).ShouldBe(status);

        (await StatusAsync("/health/live")).ShouldBe(200);
    }

    [Theory]
    [InlineData(MostBytes, 200)]
    [InlineData(MostBytes + 1, 431)]
    public async Task The_headers_of_a_request_have_at_most_sixteen_kilobytes(int bytes, int status)
    {
        const string Name = "X-Long: ";
        int others = string.Concat(Always().Select(h => h + "\r\n")).Length;

        (await StatusAsync("/health/live", Name + new string('x', bytes - others - Name.Length - 2))).ShouldBe(status);

        (await StatusAsync("/health/live")).ShouldBe(200);
    }

    [Theory]
    [InlineData(LongestLine - 1, 200)]
    [InlineData(LongestLine + 1, 414)]
    public async Task The_line_of_a_request_has_at_most_eight_kilobytes(int bytes, int status)
    {
        const string Path = "/health/live?";

        (await StatusAsync(Path + new string('x', bytes - "GET  HTTP/1.1\r\n".Length - Path.Length))).ShouldBe(status);

        (await StatusAsync("/health/live")).ShouldBe(200);
    }

    string[] Always() => ["Host: " + new Uri(loop.Service.Url).Authority, "Connection: close"];

    /// <summary>The status of the answer to a GET, byte by byte as it is written here.</summary>
    async Task<int> StatusAsync(string path, params string[] more)
    {
        var url = new Uri(loop.Service.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        await using NetworkStream stream = client.GetStream();
        string head = string.Concat(Always().Concat(more).Prepend($"GET {path} HTTP/1.1").Select(line => line + "\r\n")) + "\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        string first = await reader.ReadLineAsync() ?? throw new IOException("The service hung up without an answer.");
        return int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
