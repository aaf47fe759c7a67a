using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Sqlite;

public sealed class SqliteByteErasureTests(SqliteFixture fixture) : StoreSuite(fixture), IClassFixture<SqliteFixture>
{
    [Fact]
    public async Task Erased_contacts_leave_no_byte_in_the_file_nor_in_the_log_beside_it_once_it_was_cleared_up()
    {
        OpenStore store = await FreshAsync();
        Guid[] contacts = [.. Enumerable.Range(0, 150).Select(_ => Guid.NewGuid())];
        Guid[] gone = [.. contacts.Where((_, i) => i % 5 == 0)];
        for (int round = 1; round <= 6; round++)
        {
            int n = round;
            await store.CommitAsync(contacts, [.. contacts.Select(x => $"{Canary(x)} visitor")], (_, commit) => Fill(commit, contacts, n));
        }
        foreach (Guid contact in contacts)
        {
            await store.Service.RememberEmailAsync($"{Canary(contact)}@example.org", contact, default);
            await store.Service.NoteLastingTagAsync(contact, $"tag {Canary(contact)}", true, default);
        }
        foreach (LeasedEffect leased in await store.Outbox.LeaseAsync([EffectKind.Task], 500, Minute, false, default))
        {
            if (leased.Effect.Body.Length % 2 == 0) await store.Outbox.ParkAsync(leased, $"because of {Canary(leased.Effect.Contact)}", [], default);
            else await store.Outbox.CompleteAsync([leased], [], default);
        }
        Found(gone).Count.ShouldBe(gone.Length);

        foreach (Guid[] some in gone.Chunk(7)) await store.CommitAsync(some, commit => commit.Erased.AddRange(some));

        await store.Profiles.DropOldAsync(0, 0, default);

        Found(gone).ShouldBeEmpty();
        Found([.. contacts.Except(gone)]).Count.ShouldBe(contacts.Length - gone.Length);
        (await store.LogAsync(contacts[1])).Count.ShouldBe(6);
    }

    [Fact]
    public async Task Reader_that_lingers_delays_the_wiping_of_the_log_only_until_the_next_commit()
    {
        OpenStore store = await FreshAsync();
        Guid gone = Guid.NewGuid(), other = Guid.NewGuid();
        await store.CommitAsync([gone], commit => Fill(commit, [gone], 1, withVisitors: false));
        await using (var reader = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={((SqliteFixture)Fixture).File};Pooling=False"))
        {
            await reader.OpenAsync();
            await using Microsoft.Data.Sqlite.SqliteTransaction transaction = reader.BeginTransaction(deferred: true);
            await using Microsoft.Data.Sqlite.SqliteCommand query = reader.CreateCommand();
            query.CommandText = "SELECT count(*) FROM event";
            (await query.ExecuteScalarAsync()).ShouldBe(1L);
            await store.CommitAsync([gone], commit => commit.Erased.Add(gone));
            Found([gone]).ShouldNotBeEmpty();
        }
        await store.CommitAsync([other], commit => commit.Profiles.Add((Rows.Profile(other), null)));
        Found([gone]).ShouldBeEmpty();
    }

    private static string Canary(Guid contact) => $"canary-{contact:N}";

    private static void Fill(ProfileCommit commit, IReadOnlyList<Guid> contacts, int round, bool withVisitors = true)
    {
        foreach (Guid contact in contacts)
        {
            string canary = Canary(contact);
            // States grow and shrink, so that rows move between pages.
            string state = string.Concat(Enumerable.Repeat(canary + " ", 1 + (round * contact.ToByteArray()[0] % 23)));
            commit.Profiles.Add((Rows.Profile(contact, state, sequence: round), Rows.Noon + round));
            commit.Events.Add(Rows.Event(contact, round, $"{canary} {round}", name: $"event {canary}") with { Body = Rows.Bytes(state + state) });
            commit.Decisions.Add(Rows.Decision(contact, round) with { Line = Rows.Bytes(canary), Definition = canary });
            commit.Effects.Add(Rows.Effect(contact, body: state));
            if (!withVisitors) continue;
            if (round < 4) commit.Kept.Add(Rows.Kept($"{canary} visitor", $"{canary} {round}"));
            else if (round == 4) commit.Claims.Add(($"{canary} visitor", contact));
        }
    }

    /// <summary>The contacts of whom the canary or the id stands anywhere in the store's files.</summary>
    private List<Guid> Found(IReadOnlyCollection<Guid> contacts)
    {
        string file = ((SqliteFixture)Fixture).File;
        byte[][] contents = [.. new[] { file, file + "-wal", file + "-shm", file + "-journal" }.Where(File.Exists).Select(ReadShared)];
        return [.. contacts.Where(x => contents.Any(content =>
            content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary(x))) >= 0 || content.AsSpan().IndexOf(x.ToByteArray(bigEndian: true)) >= 0))];
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
