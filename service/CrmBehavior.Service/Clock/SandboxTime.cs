using System;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Service.Clock;

/// <summary>The clock of a sandbox: runs at real speed between the moves that the sandbox tells of. Never used in Production.</summary>
internal sealed class SandboxTime : TimeProvider
{
    long offset;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref offset));

    /// <summary>Sets the clock; it never goes back.</summary>
    public void MoveTo(DateTimeOffset now)
    {
        long wanted = (now - base.GetUtcNow()).Ticks;
        long known = Interlocked.Read(ref offset);
        while (wanted > known)
        {
            long seen = Interlocked.CompareExchange(ref offset, wanted, known);
            if (seen == known) return;
            known = seen;
        }
    }

    /// <summary>Takes the sandbox's time over at start, in whatever direction.</summary>
    public async Task FollowAsync(HttpClient http, Uri sandbox, CancellationToken cancellation)
    {
        using JsonDocument answer = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri(sandbox, "/sandbox/clock"), cancellation));
        DateTimeOffset now = answer.RootElement.GetProperty("now").GetDateTimeOffset();
        Interlocked.Exchange(ref offset, (now - base.GetUtcNow()).Ticks);
    }

    /// <summary>Tells the sandbox where this process is reached, so that it is told of moves and asked what is left to do.</summary>
    public static async Task RegisterAsync(HttpClient http, Uri sandbox, string url, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(new Uri(sandbox, "/sandbox/services"), new { url }, cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
