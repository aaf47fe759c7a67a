using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Sqlite;

public sealed class SqliteCrashTests(SqliteFixture fixture) : StoreSuite(fixture), IClassFixture<SqliteFixture>
{
    [Fact]
    public async Task Commits_that_have_returned_survive_kill_9_and_nothing_is_half()
    {
        await EmptyAsync();
        string file = ((SqliteFixture)Fixture).File;
        Guid contact = Guid.NewGuid();
        long acknowledged = 0;
        foreach (int further in new[] { 1, 3, 10, 40, 120 })
        {
            acknowledged = await CommitUntilKilledAsync(file, contact, acknowledged + further);

            OpenStore store = Another();
            await store.Service.MigrateAsync(default);
            long last = (await store.Profiles.FindAsync(contact, default))!.Sequence;
            last.ShouldBeGreaterThanOrEqualTo(acknowledged);
            (await store.LogAsync(contact)).Select(x => x.Sequence).ShouldBe(Enumerable.Range(1, (int)last).Select(x => (long)x));
            (await store.Profiles.FindAsync(contact, default))!.State.ShouldBe(Rows.Bytes($"state {last}"));
            (await store.Outbox.CountAsync(default)).Waiting.ShouldBe(last);
            await using IProfileBatch batch = await store.Profiles.OpenAsync([contact], [], default);
            (await batch.FindSeenAsync([new(contact, $"id-{last}"), new(contact, $"id-{last + 1}")], default)).Single().Id.ShouldBe($"id-{last}");
            await batch.DisposeAsync();
            await store.DisposeAsync();
        }
    }

    /// <summary>Has a process of its own commit until it has said so often enough, and kills it in the middle of the next.</summary>
    /// <returns>The last sequence it called committed.</returns>
    private static async Task<long> CommitUntilKilledAsync(string file, Guid contact, long until)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true };
        foreach (string argument in new[] { "exec", typeof(Program).Assembly.Location, "commit", file, contact.ToString() }) start.ArgumentList.Add(argument);
        using Process child = Process.Start(start)!;
        long acknowledged = 0;
        try
        {
            while (acknowledged < until && await child.StandardOutput.ReadLineAsync() is { } line) acknowledged = long.Parse(line, CultureInfo.InvariantCulture);
        }
        finally
        {
            // SIGKILL on Linux and macOS.
            child.Kill();
            await child.WaitForExitAsync();
        }
        // The last child may have committed more than it could say before it was killed.
        acknowledged.ShouldBeGreaterThanOrEqualTo(until);
        return acknowledged;
    }
}
