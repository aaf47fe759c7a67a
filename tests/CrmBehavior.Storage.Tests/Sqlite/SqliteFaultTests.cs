using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Sqlite;

public sealed class SqliteFaultTests(SqliteFixture fixture) : StoreSuite(fixture), IClassFixture<SqliteFixture>
{
    [Fact]
    public async Task Full_disk_takes_nothing_says_so_and_is_no_harm_once_there_is_room()
    {
        OpenStore store = await FreshAsync();
        SqliteLink link = ((SqliteStore)store.Whole).Writer.Link;
        Guid contact = Guid.NewGuid();
        byte[] large = new byte[4_000_000];
        // As if the disk ended where the file ends now.
        link.Execute("PRAGMA max_page_count = 1");
        StoreException full = await Should.ThrowAsync<StoreException>(store.CommitAsync([contact], commit => commit.Events.Add(Rows.Event(contact, 1) with { Body = large })));
        (full.Code, full.IsTransient, full.IsOutcomeUnknown).ShouldBe(("SQLITE_FULL", true, false));
        full.Message.ShouldContain("is full: make room");
        (await store.LogAsync(contact)).ShouldBeEmpty();

        link.Execute("PRAGMA max_page_count = 1000000");
        await store.CommitAsync([contact], commit => commit.Events.Add(Rows.Event(contact, 1) with { Body = large }));
        (await store.LogAsync(contact)).Single().Body.Length.ShouldBe(large.Length);
    }

    [Fact]
    public async Task Read_only_file_is_told_apart_and_another_attempt_is_not_promised()
    {
        OpenStore store = await FreshAsync();
        ((SqliteStore)store.Whole).Writer.Link.Execute("PRAGMA query_only = ON");
        Guid contact = Guid.NewGuid();
        StoreException refused = await Should.ThrowAsync<StoreException>(store.CommitAsync([contact], commit => commit.Profiles.Add((Rows.Profile(contact), null))));
        (refused.Code, refused.IsTransient).ShouldBe(("SQLITE_READONLY", false));
        refused.Message.ShouldContain("is read-only");
    }

    [Fact]
    public async Task Other_process_that_holds_the_file_is_waited_for_up_to_the_limit()
    {
        OpenStore store = await FreshAsync(limit: TimeSpan.FromSeconds(1));
        await using var other = new SqliteConnection($"Data Source={((SqliteFixture)Fixture).File};Pooling=False");
        await other.OpenAsync();
        await using (other.BeginTransaction(deferred: false))
        {
            StoreException busy = await Should.ThrowAsync<StoreException>(() => store.Profiles.OpenAsync([Guid.NewGuid()], [], default));
            (busy.Code, busy.IsTransient).ShouldBe(("SQLITE_BUSY", true));
            // Readers do not wait for it.
            (await store.Profiles.FindAsync(Guid.NewGuid(), default)).ShouldBeNull();
        }
        await using IProfileBatch batch = await store.Profiles.OpenAsync([Guid.NewGuid()], [], default);
    }

    [Fact]
    public async Task File_that_is_no_database_is_refused_and_left_alone()
    {
        await EmptyAsync();
        string file = ((SqliteFixture)Fixture).File;
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("a letter to somebody\n", 500)));
        Should.Throw<StoreException>(() => Another()).Message.ShouldContain("is no SQLite database");
        (await File.ReadAllTextAsync(file)).ShouldStartWith("a letter to somebody");
    }

    [Fact]
    public async Task Commits_are_synced_to_the_disk_and_what_is_deleted_is_overwritten()
    {
        OpenStore store = await FreshAsync();
        SqliteLink link = ((SqliteStore)store.Whole).Writer.Link;
        const int Full = 2;
        link.Use("PRAGMA synchronous").Number().ShouldBe(Full);
        link.Use("PRAGMA secure_delete").Number().ShouldBe(1);
        link.Use("PRAGMA journal_mode").All(row => row.Text(0)).ShouldBe(["wal"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":memory:")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=x;Mode=Memory")]
    [InlineData("file:x?mode=memory")]
    [InlineData(@"\\server\share\store.db")]
    [InlineData(@"Data Source=\\server\share\store.db")]
    public void Place_where_nothing_would_last_is_refused(string connectionString) => Should.Throw<ArgumentException>(() =>
        SqliteStore.Open(new SqliteStoreOptions { ConnectionString = connectionString, LeaseOwner = "x", ErasureKey = new byte[32] }));

    [Fact]
    public void File_on_a_network_drive_is_refused_and_the_mend_is_named()
    {
        string path = Path.Combine(Path.GetTempPath(), "crmb-network", "store.db");
        Should.Throw<ArgumentException>(() => SqliteFile.Find(path, _ => DriveType.Network)).Message.ShouldContain("Put it on a disk of this machine");
        SqliteFile.Find($"Data Source={path}", _ => DriveType.Fixed).ShouldBe(path);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Refused(new SqliteStoreOptions { ConnectionString = "x.db", LeaseOwner = " ", ErasureKey = new byte[32] }).ShouldContain("LeaseOwner");
        Refused(new SqliteStoreOptions { ConnectionString = "x.db", LeaseOwner = "x", ErasureKey = new byte[15] }).ShouldContain("ErasureKey has 15 bytes");
        Refused(new SqliteStoreOptions { ConnectionString = "x.db", LeaseOwner = "x", ErasureKey = new byte[32], CommandTimeout = TimeSpan.Zero }).ShouldContain("CommandTimeout");

        static string Refused(SqliteStoreOptions options) => Should.Throw<ArgumentException>(() => SqliteStore.Open(options)).Message;
    }
}
