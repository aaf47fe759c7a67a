using System;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.InMemory;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.CallByCall;
using CrmBehavior.Simulation.Tests.Running;
using Shouldly;
using Xunit;

namespace CrmBehavior.Simulation.Tests.Publishing;

/// <summary>A journey published anew while contacts are on their way in it, through the pipeline to the inbox.</summary>
public sealed class VersionTests
{
    static readonly PublishedDefinition[] Templates = [.. new[] { "hello", "old", "new" }.Select(name => new PublishedDefinition("template", name, 1, false, true, $$"""{"kind":"template","name":"{{name}}","category":"info","subject":"{{name}}","html":"<p>{{name}}</p>"}"""))];

    static readonly string First = Journey("drain", "old");

    [Theory]
    [InlineData("drain", "hello old", "enrolled, action hello, step rest waiting, action last, exited completed")]
    [InlineData("migrate", "hello new", "enrolled, action hello, step rest waiting, action last, exited completed")]
    [InlineData("restart", "hello hello new", "enrolled, action hello, step rest waiting, exited restarted, enrolled, action hello, step rest waiting, action last, exited completed")]
    public async Task Contact_on_the_way_goes_on_as_the_new_version_says(string onNewVersion, string mails, string decided)
    {
        var clock = new SteppingClock();
        var store = new MemoryStore(new MemoryDatabase(), clock, new byte[32]);
        var desk = new Desk(new StoreSides(store, store, store), clock, [.. Templates, Version(1, First, true)]);
        Guid contact = desk.Contact("anna"), late = desk.Contact("late");
        await desk.TellAsync(contact, EventNames.ContactCreated);
        await desk.WaitAsync(TimeSpan.FromHours(20));

        desk.Publish(2, [.. Templates, Version(1, First, false), Version(2, Journey(onNewVersion, "new"), true)], desk.Plan.Plan.Layout.Keys);
        await desk.BringUpAsync();
        await desk.BringUpAsync();
        await desk.TellAsync(late, EventNames.ContactCreated);
        await desk.WaitAsync(TimeSpan.FromDays(4));
        await desk.DispatchAsync();

        string.Join(", ", await desk.DecisionsAsync(contact, "welcome")).ShouldBe(decided);
        string.Join(' ', desk.Inbox.Where(m => m.Contact == contact).Select(m => m.Subject).Order(StringComparer.Ordinal)).ShouldBe(mails);
        desk.Inbox.Where(m => m.Contact == late).Select(m => m.Subject).ShouldBe(["hello", "new"], ignoreOrder: true);
    }

    static PublishedDefinition Version(int version, string json, bool isCurrent) => new("journey", "welcome", version, false, isCurrent, json);

    static string Journey(string onNewVersion, string last) => $$"""
        {"kind":"journey","name":"welcome","category":"info","onNewVersion":"{{onNewVersion}}","trigger":{"event":"contact_created"},
         "steps":[{"id":"hello","sendEmail":{"template":"hello"} },{"id":"rest","wait":"2d"},{"id":"last","sendEmail":{"template":"{{last}}"} }]}
        """;
}
