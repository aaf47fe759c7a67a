using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.CallByCall;
using CrmBehavior.Simulation.Tests.Running;
using CrmBehavior.Storage.Postgres;
using CrmBehavior.Storage.Sqlite;
using CrmBehavior.TestServers;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Merging;

/// <summary>Contacts that are merged in the CRM, separated again by hand, and deleted, on each store.</summary>
public sealed class MergeTests
{
    static readonly PublishedDefinition[] Definitions =
    [
        .. new[]
        {
            ("score", "engagement", """{"kind":"score","name":"engagement","points":[{"event":"page_viewed","add":5}],"grades":[{"name":"cold","from":0},{"name":"warm","from":20}]}"""),
            ("segment", "engaged", """{"kind":"segment","name":"engaged","when":{"event":"page_viewed","count":4},"tag":"Engaged"}"""),
            ("template", "hello", """{"kind":"template","name":"hello","category":"info","subject":"Hello","html":"<p>Hello</p>"}"""),
            ("template", "more", """{"kind":"template","name":"more","category":"info","subject":"More","html":"<p>More</p>"}"""),
            ("policy", "courtesy", """{"kind":"policy","name":"courtesy","consent":{"email":"optOut"},"caps":[{"name":"weekly","max":3,"per":"7d"}]}"""),
            ("journey", "welcome", """
                {"kind":"journey","name":"welcome","category":"info","trigger":{"event":"contact_created"},
                 "steps":[{"id":"hello","sendEmail":{"template":"hello"}},{"id":"rest","wait":"1d"},{"id":"more","sendEmail":{"template":"more"}}]}
                """),
            ("journey", "asked", """{"kind":"journey","name":"asked","trigger":{"event":"asked"},"entry":{"reentry":{}},"steps":[{"id":"tag","addTag":"Asked"},{"id":"call","notifySales":{"subject":"Call"}}]}"""),
            ("journey", "keen", """{"kind":"journey","name":"keen","trigger":{"when":{"event":"page_viewed","count":4}},"steps":[{"id":"call","notifySales":{"subject":"Keen"}}]}"""),
        }.Select(t => new PublishedDefinition(t.Item1, t.Item2, 1, false, true, t.Item3)),
    ];

    public static TheoryData<string> Stores => ["memory", "SQLite", "PostgreSQL"];

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public Task At_night_nothing_happens_to_who_was_merged_into_another(string kind) => OnAsync(kind, async store =>
    {
        var desk = new Desk(store, new SteppingClock(), Definitions);
        Guid loser = desk.Contact("loser"), master = desk.Contact("master");
        await desk.TellAsync(loser, EventNames.ContactCreated);
        await desk.MergeAsync(loser, master);
        byte[] state = (await desk.ProfileAsync(loser)).State;
        await desk.WaitAsync(TimeSpan.FromDays(2));
        await desk.DispatchAsync();
        int mails = desk.Inbox.Count;

        await desk.RefreshScoresAsync();
        await desk.WaitAsync(TimeSpan.FromDays(2));
        await desk.DispatchAsync();

        desk.Inbox.Count.ShouldBe(mails);
        (await desk.ProfileAsync(loser)).State.ShouldBe(state);
    });

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public Task What_names_a_merged_contact_counts_for_its_master(string kind) => OnAsync(kind, async store =>
    {
        var desk = new Desk(store, new SteppingClock(), Definitions);
        Guid loser = desk.Contact("loser"), master = desk.Contact("master");
        for (int i = 0; i < 3; i++) await desk.TellAsync(loser, "page_viewed");
        for (int i = 0; i < 2; i++) await desk.TellAsync(master, "page_viewed");

        AcceptedEvent merge = await desk.MergeAsync(loser, master);
        (await desk.ProfileAsync(loser)).Master.ShouldBe(master);
        (await desk.ScoreAsync(master, "engagement")).ShouldBe(25, 0.001);
        // Values are set silently: the tag follows, the journey is not triggered by the merge.
        (await desk.DecisionsAsync(master, "engaged")).ShouldBe(["entered"]);
        (await desk.DecisionsAsync(master, "keen")).ShouldBeEmpty();

        byte[] state = (await desk.ProfileAsync(master)).State;
        await desk.RepeatAsync(merge);
        await desk.RepeatAsync(merge with { Id = "another telling of it" });
        (await desk.ProfileAsync(master)).State.ShouldBe(state);

        await desk.TellAsync(loser, "page_viewed");
        await desk.TellAsync(loser, EventNames.ContactUpdated, """{"emailaddress1":"gone@example.org","email":"gone@example.org"}""", "crm");
        await desk.TellAsync(loser, EventNames.ContactDeleted, "{}", "crm");
        await desk.TellAsync(loser, "page_viewed");
        (await desk.ScoreAsync(master, "engagement")).ShouldBe(35, 0.001);
        (await desk.LogAsync(loser)).Count.ShouldBe(8);
        (await desk.LogAsync(master)).Count.ShouldBe(2);
        await desk.DispatchAsync();
        desk.Crm.Tags.ShouldBe([(master, "Engaged")]);
        desk.Crm.Rows.Keys.Count(r => r.Set == "tasks").ShouldBe(0);
    });

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public Task Waiting_enrollment_goes_on_for_the_master_and_mails_him_once(string kind) => OnAsync(kind, async store =>
    {
        var desk = new Desk(store, new SteppingClock(), Definitions);
        Guid loser = desk.Contact("loser"), master = desk.Contact("master");
        await desk.TellAsync(master, "page_viewed");
        await desk.TellAsync(loser, EventNames.ContactCreated);
        await desk.TellAsync(loser, "asked");

        // Mail, task and tag wait still when the merge comes.
        await desk.MergeAsync(loser, master);
        await desk.DispatchAsync();
        desk.Inbox.Select(m => (m.Contact, m.Subject)).ShouldBe([(master, "Hello")]);
        desk.Crm.Rows.Where(r => r.Key.Set == "tasks").ShouldHaveSingleItem().Value.Contact.ShouldBe(master);
        desk.Crm.Tags.ShouldBe([(master, "Asked")]);

        await desk.WaitAsync(TimeSpan.FromDays(2));
        await desk.DispatchAsync();
        desk.Inbox.Select(m => (m.Contact, m.Subject)).ShouldBe([(master, "Hello"), (master, "More")]);
        (await desk.DecisionsAsync(master, "welcome")).ShouldBe(["action more", "exited completed"]);
        // Once only holds for the person.
        await desk.TellAsync(master, EventNames.ContactCreated);
        (await desk.DecisionsAsync(master, "welcome"))[^1].ShouldBe("refused max");
    });

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public Task Of_two_in_one_journey_the_older_stays_and_no_mail_of_the_other_goes_out(string kind) => OnAsync(kind, async store =>
    {
        var desk = new Desk(store, new SteppingClock(), Definitions);
        Guid loser = desk.Contact("loser"), master = desk.Contact("master");
        await desk.TellAsync(master, EventNames.ContactCreated);
        await desk.TellAsync(loser, EventNames.ContactCreated);
        await desk.MergeAsync(loser, master);
        (await desk.DecisionsAsync(loser, "welcome")).ShouldBe(["enrolled", "action hello", "step rest waiting", "exited merged"]);
        await desk.WaitAsync(TimeSpan.FromDays(2));
        await desk.DispatchAsync();

        desk.Inbox.Select(m => (m.Contact, m.Subject)).Order().ShouldBe([(master, "Hello"), (master, "More")]);
        desk.Crm.Rows.Values.Count(r => r.Contact == master && r.Columns.GetValueOrDefault("description") as string == "dropped: merged").ShouldBe(1);
    });

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public Task Older_enrollment_of_the_merged_contact_stays_and_that_of_the_master_ends(string kind) => OnAsync(kind, async store =>
    {
        var desk = new Desk(store, new SteppingClock(), Definitions);
        Guid loser = desk.Contact("loser"), master = desk.Contact("master");
        await desk.TellAsync(loser, EventNames.ContactCreated);
        await desk.TellAsync(master, EventNames.ContactCreated);
        await desk.MergeAsync(loser, master);
        (await desk.DecisionsAsync(master, "welcome")).ShouldBe(["enrolled", "action hello", "step rest waiting", "exited merged"]);
        await desk.WaitAsync(TimeSpan.FromDays(2));
        (await desk.DecisionsAsync(master, "welcome"))[4..].ShouldBe(["action more", "exited completed"]);
        await desk.DispatchAsync();
        desk.Inbox.Count(m => m.Subject == "More").ShouldBe(1);
    });

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public Task Separated_by_hand_each_has_its_own_history_again(string kind) => OnAsync(kind, async store =>
    {
        var desk = new Desk(store, new SteppingClock(), Definitions);
        Guid loser = desk.Contact("loser"), master = desk.Contact("master");
        await desk.TellAsync(loser, EventNames.ContactCreated);
        for (int i = 0; i < 3; i++) await desk.TellAsync(loser, "page_viewed");
        await desk.TellAsync(loser, "consent_changed");
        for (int i = 0; i < 2; i++) await desk.TellAsync(master, "page_viewed");
        AcceptedEvent merge = await desk.MergeAsync(loser, master);
        await desk.TellAsync(loser, "page_viewed");
        (await desk.ScoreAsync(master, "engagement")).ShouldBe(30, 0.001);

        AcceptedEvent separation = await desk.SeparateAsync(loser);
        (await desk.ProfileAsync(loser)).Master.ShouldBeNull();
        (await desk.ScoreAsync(loser, "engagement")).ShouldBe(20, 0.001);
        (await desk.ScoreAsync(master, "engagement")).ShouldBe(10, 0.001);
        // Neither is known anew by what is told again, be it late.
        await desk.RepeatAsync(merge, separation);
        await desk.RepeatAsync(merge);
        (await desk.ProfileAsync(loser)).Master.ShouldBeNull();
        await desk.TellAsync(loser, "page_viewed");
        await desk.TellAsync(master, "page_viewed");
        (await desk.ScoreAsync(loser, "engagement")).ShouldBe(25, 0.001);
        (await desk.ScoreAsync(master, "engagement")).ShouldBe(15, 0.001);

        await desk.WaitAsync(TimeSpan.FromDays(2));
        await desk.DispatchAsync();
        desk.Inbox.Select(m => (m.Contact, m.Subject)).ShouldBe([(loser, "Hello"), (loser, "More")], ignoreOrder: true);
        desk.Crm.Tags.ShouldContain((loser, "Engaged"));
        desk.Crm.Tags.ShouldNotContain((master, "Engaged"));
    });

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public Task Merged_the_other_way_round_and_in_chains_all_count_for_the_last(string kind) => OnAsync(kind, async store =>
    {
        var desk = new Desk(store, new SteppingClock(), Definitions);
        Guid first = desk.Contact("first"), second = desk.Contact("second"), third = desk.Contact("third");
        foreach (Guid contact in new[] { first, second, third }) await desk.TellAsync(contact, "page_viewed");
        await desk.MergeAsync(first, second);
        await desk.MergeAsync(second, third);
        await desk.TellAsync(first, "page_viewed");
        (await desk.ScoreAsync(third, "engagement")).ShouldBe(20, 0.001);
        // The last is merged into the first, which is possible only once the first is of its own.
        await desk.MergeAsync(third, first);
        await desk.TellAsync(third, "page_viewed");
        (await desk.ProfileAsync(first)).Master.ShouldBeNull();
        (await desk.ScoreAsync(first, "engagement")).ShouldBe(25, 0.001);
        (await desk.ProfileAsync(third)).Master.ShouldBe(first);
    });

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public Task Deleted_master_takes_with_it_all_that_counts_for_it_and_leaves_no_ghost(string kind) => OnAsync(kind, async store =>
    {
        var desk = new Desk(store, new SteppingClock(), Definitions);
        Guid loser = desk.Contact("loser"), master = desk.Contact("master"), other = desk.Contact("other");
        await desk.TellAsync(loser, EventNames.ContactCreated);
        await desk.TellAsync(other, EventNames.ContactCreated);
        await desk.TellAsync(other, "asked");
        await desk.MergeAsync(loser, master);
        await desk.TellAsync(master, EventNames.ContactDeleted, "{}", "crm");
        foreach (Guid gone in new[] { loser, master })
        {
            (await desk.ProfileAsync(gone)).IsErased.ShouldBeTrue();
            await desk.TellAsync(gone, "page_viewed");
            (await desk.LogAsync(gone)).ShouldBeEmpty();
        }
        // In the middle of carrying out: the row is gone, and nobody has told so yet.
        desk.Crm.Delete(other);
        await desk.DispatchAsync();
        await desk.WaitAsync(TimeSpan.FromDays(2));
        await desk.DispatchAsync();

        desk.Inbox.ShouldBeEmpty();
        desk.Crm.Contacts.ShouldNotContainKey(other);
        desk.Crm.Rows.Values.ShouldAllBe(r => r.Contact != other && r.Contact != loser);
        desk.Crm.Tags.ShouldBeEmpty();
        (await store.Outbox.CountAsync(default)).Waiting.ShouldBe(0);
    });

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public Task Plan_that_comes_after_a_merge_works_out_both_histories(string kind) => OnAsync(kind, async store =>
    {
        var desk = new Desk(store, new SteppingClock(), Definitions);
        Guid loser = desk.Contact("loser"), master = desk.Contact("master");
        for (int i = 0; i < 2; i++) await desk.TellAsync(loser, "page_viewed");
        await desk.TellAsync(master, "page_viewed");
        await desk.MergeAsync(loser, master);
        desk.Publish(2, [.. Definitions, new PublishedDefinition("score", "views", 1, false, true, """{"kind":"score","name":"views","points":[{"event":"page_viewed","add":1}]}""")], desk.Plan.Plan.Layout.Keys);
        await desk.BringUpAsync();
        (await desk.ScoreAsync(master, "views")).ShouldBe(3, 0.001);
        (await desk.ProfileAsync(loser)).Generation.ShouldBe(2);
        await desk.SeparateAsync(loser);
        (await desk.ScoreAsync(master, "views")).ShouldBe(1, 0.001);
        (await desk.ScoreAsync(loser, "views")).ShouldBe(2, 0.001);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_call_of_the_store_fails_merging_ends_the_same(bool lostAnswer)
    {
        List<string>? expected = null;
        for (int call = 0; call < 300; call++)
        {
            var interruption = new Interruption("store", call, lostAnswer ? Mishap.After : Mishap.Before, lasts: false) { IsMended = true };
            var clock = new SteppingClock();
            var memory = new MemoryStore(new MemoryDatabase(), clock, new byte[32]);
            var desk = new Desk(new StoreSides(FailingPort.Before<IProfileStore>(memory, "store", interruption), FailingPort.Before<IOutbox>(memory, "store", interruption), FailingPort.Before<IServiceStore>(memory, "store", interruption)), clock, Definitions);
            interruption.IsMended = false;
            Guid loser = desk.Contact("loser"), master = desk.Contact("master");
            await desk.TellAsync(loser, EventNames.ContactCreated);
            await desk.TellAsync(master, "page_viewed");
            await desk.TellAsync(loser, "page_viewed");
            await desk.MergeAsync(loser, master);
            await desk.TellAsync(loser, "asked");
            await desk.SeparateAsync(loser);
            await desk.TellAsync(loser, "page_viewed");
            await desk.MergeAsync(loser, master);
            interruption.IsMended = true;
            List<string> end =
            [
                .. await desk.LogAsync(loser), "|", .. await desk.LogAsync(master), "|", Convert.ToHexString((await desk.ProfileAsync(master)).State),
                .. await desk.DecisionsAsync(loser, "welcome"), "|", .. await desk.DecisionsAsync(master, "welcome"), .. await desk.DecisionsAsync(master, "asked"),
            ];
            if (call == 0) expected = end;
            end.ShouldBe(expected!, interruption.ToString());
            if (call > 0 && !interruption.HasStruck)
            {
                call.ShouldBeGreaterThan(20);
                return;
            }
        }
        Assert.Fail("There was no end of calls.");
    }

    static async Task OnAsync(string kind, Func<StoreSides, Task> test)
    {
        switch (kind)
        {
            case "memory":
                var memory = new MemoryStore(new MemoryDatabase(), new SteppingClock(), new byte[32]);
                await test(new StoreSides(memory, memory, memory));
                break;
            case "SQLite":
                string folder = Directory.CreateTempSubdirectory("crmb-merge-").FullName;
                try
                {
                    await using SqliteStore file = SqliteStore.Open(new SqliteStoreOptions { ConnectionString = Path.Combine(folder, "store.db"), LeaseOwner = "one", CommandTimeout = TimeSpan.FromSeconds(10), ErasureKey = new byte[32] });
                    await file.MigrateAsync(default);
                    await test(new StoreSides(file, file, file));
                }
                finally
                {
                    Directory.Delete(folder, recursive: true);
                }
                break;
            default:
                Skip.IfNot(PostgresPrograms.Missing is null, PostgresPrograms.Missing);
                PostgresCluster cluster = await PostgresCluster.SharedAsync();
                await using (PostgresStore server = PostgresStore.Open(new PostgresStoreOptions { ConnectionString = cluster.ConnectionString(await cluster.CreateDatabaseAsync()), LeaseOwner = "one", CommandTimeout = TimeSpan.FromSeconds(10), ErasureKey = new byte[32] }))
                {
                    await server.MigrateAsync(default);
                    await test(new StoreSides(server, server, server));
                }
                break;
        }
    }
}
