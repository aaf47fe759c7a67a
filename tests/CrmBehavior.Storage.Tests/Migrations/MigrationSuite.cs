using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Storage.Migrations;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Migrations;

/// <summary>How a schema comes forward: from each earlier one with its data, beside other starters, and after an end half-way.</summary>
public abstract class MigrationSuite(DatabaseFixture fixture) : StoreSuite(fixture)
{
    private DatabaseFixture Database { get; } = fixture;

    private static readonly Guid Contact = Guid.Parse("0a000000-0000-0000-0000-000000000001");

    private static readonly Dictionary<string, string> Shipped = new()
    {
        ["Sqlite/1 profiles"] = "539545f37f78c00620939c2b06080ca850f57a35a73e87e7dd8012ebdca8b3d8",
        ["Sqlite/2 outbox"] = "61ba83cd28e86cc5ee01e17bb5cb0e9d5bc1647f04455820229741fab12b4bfb",
        ["Sqlite/3 service"] = "63e7a1aeb93ee1cc83ee6684c7f1acddd1fc46a2578e819b9df707dc229259c0",
        ["Sqlite/4 parked_contact"] = "3611612eb3d030e56ea74b3a4c327245b19792c5da6bb46bd33d4ff5da62aca0",
        ["Sqlite/5 outbox_by_contact"] = "129eb13de67ee2712037ea43675058705de9bc9e161eec613979970ae79e1d26",
        ["Sqlite/6 unresolved_subject"] = "5e7e08c6efb45852438e487711dbaef5146073ceecc6317b1111bab6c0691cea",
        ["Sqlite/7 master"] = "467f35265e36cbd176ec7806f9d2535114217d8afe6da7aa74e9842fe68ab286",
        ["Sqlite/8 given_tag"] = "182a101a23b2e76a7907b4e74f0de67018dd5d7a2018ac229f4f925612e26270",
        ["Sqlite/9 doubted"] = "95ea5fb208c411edeb5951d5bd89ad29b563ff4ad381b0101ee384325ab087d8",
        ["Postgres/1 profiles"] = "4b5b7b0b35aacd9094ccb84f2931b2ac0ed4c409f336b438eeee3e8c8414019c",
        ["Postgres/2 outbox"] = "022bdd438c35be2035cebe80e191cfd50366194e4877c2de8ed660ef7b59a655",
        ["Postgres/3 service"] = "8af112ffa67444c523df85bc32638b6e3da553cc418281325a1eab00b12924d9",
        ["Postgres/4 parked_contact"] = "80d2bc99757a724ea5a36185dabac5b63e6dde9917850da1eba0ac46e05e9add",
        ["Postgres/5 outbox_by_contact"] = "4060f6e4ecf67dbed8816b60490d5c4389fb4a511242954fc8475a8aa31a1505",
        ["Postgres/6 unresolved_subject"] = "f190b2658e2ef98919bdf7a07c6ff9c6737ff9275267ecfbfc146bde42c18255",
        ["Postgres/7 master"] = "f2f6ef2ac279fbb8732d556f6b55a89554d3683caa7845de341de11f35406df6",
        ["Postgres/8 given_tag"] = "234cc0902253e05aca1760b0f643f94c13b1baec36a8b477ff0cf96c49cabdf1",
        ["Postgres/9 doubted"] = "d414d16a3064bab2a765e2aa711f1180c20a15dde42b220be94c0eedaf2999ec",
    };

    /// <summary>
    /// A store in the field has taken these very steps. Once a version has shipped, a change is a new file with a new number, and a new line
    /// above; a line there never changes.
    /// </summary>
    [SkippableFact]
    public void Steps_are_numbered_without_gaps_and_those_shipped_are_as_they_were()
    {
        IReadOnlyList<Migration> steps = Migration.Of(Database.Dialect);
        steps.Select(x => x.Number).ShouldBe(Enumerable.Range(1, steps.Count));
        foreach (Migration step in steps)
        {
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(step.Sql.ReplaceLineEndings("\n")));
            Convert.ToHexStringLower(hash).ShouldBe(Shipped[$"{Database.Dialect}/{step.Number} {step.Name}"], $"{Database.Dialect} {step.Number}");
        }
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Store_of_an_earlier_schema_comes_forward_with_all_its_data(int earlier)
    {
        await EmptyAsync();
        Migration[] steps = [.. Migration.Of(Database.Dialect)];
        for (int number = 1; number <= earlier; number++)
        {
            await Database.MigrateAsync(steps[..number]);
            if (ReadData(number) is { } data) await Database.ExecuteAsync(data);
        }

        OpenStore store = Another();
        await store.Service.MigrateAsync(default);

        (await Database.ExecuteAsync("SELECT max(number) FROM migration")).ShouldBeOneOf((long)steps.Length, steps.Length);
        Profile profile = (await store.Profiles.FindAsync(Contact, default))!;
        (profile.Generation, profile.Sequence).ShouldBe((1, 1L));
        profile.State.ShouldBe(Rows.Bytes("state"));
        (await store.LogAsync(Contact)).Single().ShouldBeEquivalentTo(new LoggedEvent(Contact, 1, "a", "page_viewed", Rows.Noon - 5, Rows.Noon, Rows.Noon + 1, Rows.Bytes("{}")));
        (await store.Profiles.ReadDecisionsAsync(Contact, 10, default)).Single().Definition.ShouldBe("hot-leads");
        (await store.KeptAsync("unknown")).Single().Id.ShouldBe("k");
        await using (IProfileBatch batch = await store.Profiles.OpenAsync([], ["known"], default))
        {
            batch.Claims["known"].ShouldBe(Contact);
            (await batch.FindSeenAsync([new(Contact, "a"), new(Contact, "b")], default)).ShouldBe([new EventKey(Contact, "a")]);
        }
        (await store.Profiles.CountWorkAsync(Rows.Noon, 2, default)).ShouldBe((1L, 1L));
        (await store.Outbox.LeaseAsync([EffectKind.Task], 10, Minute, false, default)).Count.ShouldBe(earlier >= 2 ? 1 : 0);
        await store.CommitAsync([Contact], [], (batch, commit) => commit.AddOfEach(batch, [Contact], "next"));
        (await store.LogAsync(Contact)).Count.ShouldBe(2);
    }

    [SkippableFact]
    public async Task Several_starters_at_once_all_find_the_schema_made_once()
    {
        await EmptyAsync();
        OpenStore[] starters = [.. Enumerable.Range(0, 4).Select(n => Another($"{n}"))];
        await Task.WhenAll(starters.Select(x => Task.Run(() => x.Service.MigrateAsync(default))));
        (await Database.ExecuteAsync("SELECT count(*) FROM migration")).ShouldBe((long)Migration.Of(Database.Dialect).Count);
        (await starters[3].Profiles.FindAsync(Contact, default)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Schema_newer_than_the_program_is_refused_and_left_alone()
    {
        OpenStore store = await FreshAsync();
        await Database.ExecuteAsync("INSERT INTO migration (number, name, taken_at) VALUES (99, 'of tomorrow', '2030-01-01')");
        StoreException refused = await Should.ThrowAsync<StoreException>(() => store.Service.MigrateAsync(default));
        refused.Message.ShouldContain("schema 99");
        refused.IsTransient.ShouldBeFalse();
    }

    [SkippableFact]
    public async Task Step_that_fails_half_way_leaves_nothing_and_the_next_start_goes_on_from_there()
    {
        await EmptyAsync();
        Migration first = new(1, "first", "CREATE TABLE one (x integer)");
        await Should.ThrowAsync<Exception>(() => Database.MigrateAsync([first, new Migration(2, "bad", "CREATE TABLE two (x integer); INSERT INTO nowhere VALUES (1)")]));
        await Database.MigrateAsync([first, new Migration(2, "good", "CREATE TABLE two (x integer); INSERT INTO two VALUES (1)")]);
        (await Database.ExecuteAsync("SELECT count(*) FROM two")).ShouldBe(1L);
        (await Database.ExecuteAsync("SELECT name FROM migration WHERE number = 2")).ShouldBe("good");
    }

    [SkippableFact]
    public async Task Store_without_schema_says_what_comes_first()
    {
        await EmptyAsync();
        OpenStore store = Another();
        (await Should.ThrowAsync<StoreException>(() => store.Profiles.FindAsync(Contact, default))).Message.ShouldContain("MigrateAsync comes first");
        (await Should.ThrowAsync<StoreException>(() => store.Profiles.OpenAsync([Contact], [], default))).IsTransient.ShouldBeFalse();
    }

    private string? ReadData(int number)
    {
        using Stream? stream = typeof(MigrationSuite).Assembly.GetManifestResourceStream($"{Database.Dialect}-{number:0000}.sql");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

public sealed class SqliteMigrationTests(SqliteFixture fixture) : MigrationSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresMigrationTests(PostgresFixture fixture) : MigrationSuite(fixture), IClassFixture<PostgresFixture>;
