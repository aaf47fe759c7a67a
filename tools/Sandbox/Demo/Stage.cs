using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Sandbox.Demo;

/// <summary>Tells the story on the console, moves its clock, and counts which promises were kept.</summary>
internal sealed class Stage(string sandbox, TextWriter output) : IDisposable
{
    readonly HttpClient http = new() { BaseAddress = new Uri(sandbox), Timeout = TimeSpan.FromMinutes(3) };
    int promised, kept, chapter;

    public bool AllKept => promised > 0 && kept == promised;

    public Task OpenAsync(string service) => output.WriteLineAsync($"""

        A small shop sells gear for days outside. Its website tells the service at {service} what visitors do;
        the service decides, and writes tags, tasks, scores and the timeline into the CRM. The clock is moved rather than waited for.
        What stands behind a check mark was read back from the CRM ({sandbox}/contacts) or from the inbox ({sandbox}/inbox).
        """);

    public Task ChapterAsync(string title) => output.WriteLineAsync($"\n{++chapter}. {title}");

    /// <summary>A sentence that begins with the time of the story.</summary>
    public async Task TellAsync(string sentence, CancellationToken cancel) => await output.WriteLineAsync($"   {Time(await NowAsync(cancel))}  {sentence}");

    /// <summary>A time of a row, as the story writes times.</summary>
    public static string Time(JsonNode? time) =>
        time == null ? "" : DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture).ToString("ddd d MMM HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Time passes, and everything that is then due is done.</summary>
    public async Task PassAsync(string duration, CancellationToken cancel)
    {
        using HttpResponseMessage moved = await http.PostAsJsonAsync("/sandbox/clock", new { advance = duration }, cancel);
        moved.EnsureSuccessStatusCode();
        await SettleAsync(cancel);
    }

    /// <summary>Waits until bus, service and CRM have done all there is to do.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        using HttpResponseMessage settled = await http.PostAsync("/sandbox/settle", null, cancel);
        if (!settled.IsSuccessStatusCode) await output.WriteLineAsync("   (not everything came to rest: " + await settled.Content.ReadAsStringAsync(cancel) + ")");
    }

    /// <summary>A promise: kept when what is seen in the CRM or the inbox is what was meant.</summary>
    /// <param name="promise">What should be there, in words.</param>
    /// <param name="isKept">Whether it is.</param>
    /// <param name="seen">What is there, to be shown below; null shows nothing.</param>
    public async Task PromiseAsync(string promise, bool isKept, string? seen = null)
    {
        promised++;
        if (isKept) kept++;
        await output.WriteLineAsync($"     {(isKept ? "✓" : "✗ NOT SEEN:")} {promise}");
        if (seen != null) await output.WriteLineAsync($"         {seen}");
    }

    public Task CloseAsync() => output.WriteLineAsync(AllKept
        ? $"\nAll {promised} promised outcomes were seen in the CRM and in the inbox."
        : $"\nOnly {kept} of {promised} promised outcomes were seen in the CRM and in the inbox.");

    /// <summary>Accepted mails to an address, oldest first.</summary>
    public async Task<JsonObject[]> MailsToAsync(string address, CancellationToken cancel)
    {
        JsonArray mails = (await http.GetFromJsonAsync<JsonArray>("/sandbox/mails", cancel))!;
        return [.. mails.Select(m => m!.AsObject()).Where(m => (string)m["to"]! == address)];
    }

    async Task<JsonNode?> NowAsync(CancellationToken cancel) => (await http.GetFromJsonAsync<JsonObject>("/sandbox/clock", cancel))!["now"];

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
