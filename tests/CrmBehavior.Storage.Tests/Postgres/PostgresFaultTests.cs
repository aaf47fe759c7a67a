using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Postgres;
using CrmBehavior.TestServers;
using Npgsql;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Postgres;

/// <summary>Servers that stop, connections that break, databases that refuse.</summary>
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private PostgresCluster? cluster;

    public async Task InitializeAsync()
    {
        if (PostgresPrograms.Missing is null) cluster = await PostgresCluster.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
    }

    [SkippableFact]
    public async Task Commits_that_have_returned_survive_an_immediate_stop_and_the_store_goes_on_by_itself()
    {
        (string database, OpenStore store) = await StartAsync();
        await using OpenStore _ = store;
        Guid contact = Guid.NewGuid();
        long acknowledged = 0;
        async Task<StoreException> CommitUntilItFailsAsync()
        {
            while (true)
            {
                long sequence = acknowledged + 1;
                try
                {
                    await store.CommitAsync([contact], commit =>
                    {
                        commit.Events.Add(Rows.Event(contact, sequence));
                        commit.Profiles.Add((Rows.Profile(contact, sequence: sequence), null));
                    });
                    acknowledged = sequence;
                }
                catch (StoreException e)
                {
                    return e;
                }
            }
        }

        Task<StoreException> writing = CommitUntilItFailsAsync();
        while (acknowledged < 25) await Task.Yield();
        await cluster!.StopAsync("immediate");
        (await writing).IsTransient.ShouldBeTrue();
        await cluster.StartAgainAsync();

        long last = (await RepeatAsync(() => store.Profiles.FindAsync(contact, default)))!.Sequence;
        last.ShouldBeInRange(acknowledged, acknowledged + 1);
        (await store.LogAsync(contact)).Select(x => x.Sequence).ShouldBe(Enumerable.Range(1, (int)last).Select(x => (long)x));
        (await cluster.ExecuteAsync(database, "SELECT count(*) FROM event")).ShouldBe(last);
    }

    [SkippableFact]
    public async Task Connections_of_before_a_restart_are_discarded_at_the_first_failure()
    {
        (string _, OpenStore store) = await StartAsync();
        await using OpenStore __ = store;
        IProfileBatch[] open = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Profiles.OpenAsync([Guid.NewGuid()], [], default)));
        foreach (IProfileBatch batch in open) await batch.DisposeAsync();
        await cluster!.StopAsync("fast");
        await cluster.StartAgainAsync();
        int failures = 0;
        for (int i = 0; i < 8; i++)
        {
            try
            {
                await store.Profiles.FindAsync(Guid.NewGuid(), default);
            }
            catch (StoreException e)
            {
                e.IsTransient.ShouldBeTrue();
                failures++;
            }
        }
        failures.ShouldBeLessThanOrEqualTo(1);
    }

    [SkippableFact]
    public async Task Connection_lost_during_the_commit_leaves_its_outcome_open_and_repeating_is_safe()
    {
        (string database, OpenStore direct) = await StartAsync();
        await using OpenStore _ = direct;
        await using var proxy = new CuttingProxy(cluster!.Port);
        await using OpenStore store = Open(cluster.ConnectionString(database, proxy.Port));
        Guid contact = Guid.NewGuid(), before = Guid.NewGuid();
        // So that no month has to be made, which has a commit of its own.
        await store.CommitAsync([before], [], (batch, commit) => commit.AddOfEach(batch, [before], "a"));

        async Task TakeAsync()
        {
            await using IProfileBatch batch = await store.Profiles.OpenAsync([contact], [], default);
            var commit = new ProfileCommit();
            if (!(await batch.FindSeenAsync([new(contact, "a")], default)).Contains(new EventKey(contact, "a"))) commit.AddOfEach(batch, [contact], "a");
            // With its end, for "READ COMMITTED" begins a transaction.
            proxy.CutAfter("COMMIT\0");
            await batch.CommitAsync(commit, default);
        }

        StoreException lost = await Should.ThrowAsync<StoreException>(TakeAsync);
        (lost.IsTransient, lost.IsOutcomeUnknown).ShouldBe((true, true));
        // The server had it all the same.
        await UntilAsync(async () => (await direct.LogAsync(contact)).Count == 1);
        lost = await Should.ThrowAsync<StoreException>(TakeAsync);
        (await direct.LogAsync(contact)).Count.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Session_ended_by_an_administrator_fails_its_batch_and_no_other()
    {
        (string database, OpenStore store) = await StartAsync();
        await using OpenStore _ = store;
        Guid contact = Guid.NewGuid();
        await using (IProfileBatch batch = await store.Profiles.OpenAsync([contact], [], default))
        {
            await cluster!.ExecuteAsync(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
            (await Should.ThrowAsync<StoreException>(() => batch.FindSeenAsync([new(contact, "a")], default))).IsTransient.ShouldBeTrue();
        }
        await RepeatAsync(() => store.Profiles.FindAsync(contact, default));
        await store.CommitAsync([contact], [], (batch, commit) => commit.AddOfEach(batch, [contact], "a"));
        (await store.LogAsync(contact)).Count.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Database_that_became_read_only_says_so_until_it_is_writable_again()
    {
        (string database, OpenStore store) = await StartAsync();
        await using OpenStore _ = store;
        await cluster!.ExecuteAsync("postgres", $"ALTER DATABASE {database} SET default_transaction_read_only = on");
        await cluster.ExecuteAsync(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        StoreException refused = await Should.ThrowAsync<StoreException>(() => RepeatAsync(
            () => store.Profiles.OpenAsync([Guid.NewGuid()], [], default), e => e.Code != "25006"));
        refused.IsTransient.ShouldBeTrue();
        refused.Message.ShouldContain("the database is read-only");
        await cluster.ExecuteAsync("postgres", $"ALTER DATABASE {database} RESET default_transaction_read_only");
        await using IProfileBatch batch = await store.Profiles.OpenAsync([Guid.NewGuid()], [], default);
    }

    [SkippableFact]
    public async Task Server_that_is_not_there_is_a_passing_trouble_and_a_missing_database_is_not()
    {
        await using OpenStore nowhere = Open("Host=127.0.0.1;Port=1;Username=x;Database=x");
        StoreException away = await Should.ThrowAsync<StoreException>(() => nowhere.Profiles.FindAsync(Guid.NewGuid(), default));
        (away.IsTransient, away.IsOutcomeUnknown).ShouldBe((true, false));

        Skip.If(PostgresPrograms.Missing is not null, PostgresPrograms.Missing);
        await using OpenStore missing = Open(cluster!.ConnectionString("not_there"));
        StoreException refused = await Should.ThrowAsync<StoreException>(() => missing.Service.MigrateAsync(default));
        (refused.IsTransient, refused.Code).ShouldBe((false, "3D000"));
    }

    [Theory]
    [InlineData("53100", true, "disk is full: make room")]
    [InlineData("25006", true, "read-only")]
    [InlineData("40P01", true, "waited for each other")]
    [InlineData("40001", true, "in the way")]
    [InlineData("55P03", true, "not free in time")]
    [InlineData("57P01", true, "shutting down")]
    [InlineData("53300", true, "max_connections")]
    [InlineData("28P01", false, "user and password")]
    [InlineData("42501", false, "must own")]
    [InlineData("22P05", false, "the server refused")]
    public void Errors_of_the_server_are_told_apart(string code, bool isTransient, string says)
    {
        StoreException fault = PostgresErrors.From(new PostgresException("its words", "ERROR", "ERROR", code))!;
        (fault.Code, fault.IsTransient, fault.IsOutcomeUnknown).ShouldBe((code, isTransient, false));
        fault.Message.ShouldContain(says);
        fault.Message.ShouldContain("its words");
    }

    [Fact]
    public void Answer_to_a_commit_is_open_only_when_the_server_or_the_line_goes_down()
    {
        PostgresErrors.From(new PostgresException("x", "ERROR", "ERROR", "40001"), isCommit: true)!.IsOutcomeUnknown.ShouldBeFalse();
        PostgresErrors.From(new PostgresException("x", "FATAL", "FATAL", "57P01"), isCommit: true)!.IsOutcomeUnknown.ShouldBeTrue();
        PostgresErrors.From(new NpgsqlException("x", new IOException("y")), isCommit: true)!.IsOutcomeUnknown.ShouldBeTrue();
        PostgresErrors.From(new InvalidOperationException("ours")).ShouldBeNull();
    }

    private static OpenStore Open(string connectionString) => OpenStore.Of(PostgresStore.Open(new PostgresStoreOptions
    {
        ConnectionString = connectionString,
        LeaseOwner = "faults",
        ErasureKey = new byte[32],
    }));

    private async Task<(string Database, OpenStore Store)> StartAsync()
    {
        Skip.If(PostgresPrograms.Missing is not null, PostgresPrograms.Missing);
        string database = await cluster!.CreateDatabaseAsync();
        OpenStore store = Open(cluster.ConnectionString(database));
        await store.Service.MigrateAsync(default);
        return (database, store);
    }

    /// <summary>Repeats what fails for a passing reason, as callers do.</summary>
    private static async Task<T> RepeatAsync<T>(Func<Task<T>> call, Func<StoreException, bool>? passes = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (StoreException e) when (e.IsTransient && attempt < 5 && passes?.Invoke(e) != false)
            {
            }
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo()) await Task.Yield();
    }
}
