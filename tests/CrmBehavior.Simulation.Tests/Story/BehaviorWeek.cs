using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Ingest;
using CrmBehavior.Simulation.Tests.Running;

namespace CrmBehavior.Simulation.Tests.Story;

/// <summary>A week of behaviour of some tens of people, drawn from the seed: their senders, and the changes in the CRM that come over the bus.</summary>
public sealed class BehaviorWeek(Simulation simulation)
{
    static readonly WriteKey Server = new("server", true, "shop"), Browser = new("browser", false, "shop");

    static readonly string[] Names = ["page_viewed", "page_viewed", "page_viewed", "product_viewed", "product_viewed", "product_added", "order_completed"];

    readonly World world = simulation.World;
    int telling, numbers;

    public List<Person> People { get; } = [];

    /// <summary>Messages of the bus, by number: whose they are, and the id of their event.</summary>
    public Dictionary<Guid, (Person Person, string Id)> Messages { get; } = [];

    /// <summary>Messages that nobody can read.</summary>
    public HashSet<Guid> Garbage { get; } = [];

    /// <summary>Two of them whom somebody finds to be one, in some of the weeks; null in the others.</summary>
    public (Person Merged, Person Master)? Pair { get; private set; }

    /// <summary>Whether the two are separated again before the end.</summary>
    public bool IsPairSeparated { get; private set; }

    public bool IsPaired(Guid contact) => Pair is { } pair && (pair.Merged.Contact == contact || pair.Master.Contact == contact);

    public bool IsRepublished { get; private set; }

    /// <summary>Whether all has been sent and answered.</summary>
    public bool IsTold => telling == 0;

    public void Prepare()
    {
        simulation.Crm.Definitions.AddRange(PublishedTexts.AtFirst);
        int count = world.Chance.Next(10, 31);
        for (int i = 0; i < count; i++)
        {
            var known = (Acquaintance)world.Chance.Next(5);
            Guid contact = known == Acquaintance.ByForm ? NameBased("contact", $"p{i}@example.org", "0") : NewId();
            var person = new Person(i, known, contact);
            People.Add(person);
            if (known is not (Acquaintance.ByForm or Acquaintance.Never)) simulation.Crm.Contacts.Add(contact, new Dictionary<string, object?> { ["emailaddress1"] = person.Email, ["fullname"] = $"Person {i}" });
            if (world.Happens(0.05)) simulation.Crm.Refused.Add(contact);
        }
        // Beside the story's own chance, so that the other weeks are what they were.
        if (simulation.Seed % 3 != 0) return;
        Person[] named = [.. People.Where(p => p.Known is Acquaintance.ByContact or Acquaintance.ByAddress && !simulation.Crm.Refused.Contains(p.Contact))];
        if (named.Length >= 2) Pair = (named[0], named[^1]);
    }

    public async Task LiveAsync()
    {
        foreach (Person person in People)
        {
            Tell(() => BehaveAsync(person));
            if (person.Known is Acquaintance.ByContact or Acquaintance.ByAddress or Acquaintance.ByLogin) Tell(() => ChangeAsync(person));
        }
        if (world.Happens(0.3)) Tell(SendGarbageAsync);
        if (world.Happens(0.3)) Tell(PublishAsync);
        if (Pair is { } pair) Tell(() => MergeAsync(pair.Merged, pair.Master));
        await Task.CompletedTask;
    }

    void Tell(Func<Task> part)
    {
        telling++;
        world.Begin(async () =>
        {
            await part();
            telling--;
        });
    }

    async Task BehaveAsync(Person person)
    {
        int visits = world.Chance.Next(1, 5);
        int known = person.Known is Acquaintance.ByForm or Acquaintance.ByLogin ? world.Chance.Next(visits) : -1;
        TimeSpan[] begins = [.. Enumerable.Range(0, visits).Select(_ => world.Between(180, 6.5 * 86400)).Order()];
        for (int visit = 0; visit < visits; visit++)
        {
            if (begins[visit] > world.Clock.Elapsed) await world.Delay(begins[visit] - world.Clock.Elapsed);
            int actions = world.Chance.Next(1, 7);
            for (int action = 0; action < actions; action++)
            {
                await world.Delay(world.Between(0.5, 40));
                await SendAsync(person, Names[world.Chance.Next(Names.Length)]);
            }
            if (visit == known) await SendAsync(person, person.Known == Acquaintance.ByForm ? "form_submitted" : "identify");
        }
    }

    async Task SendAsync(Person person, string name)
    {
        string id = $"e{++numbers}";
        long at = world.Clock.Now - (world.Happens(0.1) ? world.Chance.Next(3600_000) : 0);
        var call = new Dictionary<string, object?> { ["messageId"] = id, ["timestamp"] = Instant.ToText(at), ["type"] = name == "identify" ? "identify" : "track", ["event"] = name };
        bool isVisitor = person.Known is Acquaintance.ByForm or Acquaintance.ByLogin or Acquaintance.Never;
        if (isVisitor) call["anonymousId"] = person.Visitor;
        if (person.Known == Acquaintance.ByContact || name == "identify") call["userId"] = person.Contact.ToString("D");
        if (person.Known == Acquaintance.ByAddress) call["userId"] = person.Email;
        if (name == "form_submitted") call["properties"] = new { email = person.Email };
        JsonElement body = JsonSerializer.SerializeToElement(call);
        WriteKey key = person.Known is Acquaintance.ByForm or Acquaintance.Never || (isVisitor && name != "identify") ? Browser : Server;
        await UntilTakenAsync(body, key);
        person.Accepted.Add(id);
        if (simulation.Faults.Duplicates())
        {
            Tell(async () =>
            {
                await world.Delay(world.Between(0.1, 3600));
                await UntilTakenAsync(body, key);
            });
        }
    }

    async Task UntilTakenAsync(JsonElement body, WriteKey key)
    {
        for (int attempt = 0; !await simulation.AskAsync(p => p.TakeCallsAsync(body, key)); attempt++) await world.Delay(TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(attempt, 6))));
    }

    /// <summary>What users do in the CRM: contacts are made, changed and deleted.</summary>
    async Task ChangeAsync(Person person)
    {
        await world.Delay(world.Between(150, 86400));
        if (world.Happens(0.6)) await MessageAsync(person, EventNames.ContactCreated);
        for (int i = world.Chance.Next(3); i > 0; i--)
        {
            await world.Delay(world.Between(600, 86400));
            await MessageAsync(person, EventNames.ContactUpdated);
        }
        if (!world.Happens(0.15) || IsPaired(person.Contact)) return;
        await world.Delay(world.Between(600, 2 * 86400));
        person.IsDeleted = true;
        simulation.Crm.Delete(person.Contact);
        // The step that tells of it is asynchronous.
        if (world.Happens(0.5)) await world.Delay(world.Between(1, 12 * 3600));
        await MessageAsync(person, EventNames.ContactDeleted);
    }

    /// <summary>Somebody merges two contacts, and in half of the weeks undoes it.</summary>
    async Task MergeAsync(Person merged, Person master)
    {
        await world.Delay(world.Between(3600, 4 * 86400));
        await MessageAsync(merged, EventNames.ContactUpdated, ("statecode", 1), ("masterid", master.Contact.ToString("D")));
        if (!world.Happens(0.5)) return;
        await world.Delay(world.Between(60, 2 * 86400));
        await MessageAsync(merged, EventNames.ContactUpdated, ("statecode", 0), ("masterid", null));
        IsPairSeparated = true;
    }

    async Task MessageAsync(Person person, string name, params (string Trait, object? Value)[] traits)
    {
        var change = new EventMessage { Id = $"c{++numbers}", Name = name, At = world.Clock.GetUtcNow().UtcDateTime, RowVersion = numbers };
        change.ContactIds.Add(person.Contact.ToString("D"));
        change.Traits["emailaddress1"] = person.Email;
        change.Traits["city"] = string.Create(CultureInfo.InvariantCulture, $"City {numbers}");
        foreach ((string trait, object? value) in traits) change.Traits[trait] = value;
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { SharedVariables = new[] { new { key = EventMessage.VariableName, value = change.ToJson() } } });
        Guid number = simulation.Bus.Send(body);
        Messages.Add(number, (person, change.Id));
        while (!simulation.Bus.Completed.Contains(number)) await world.Delay(TimeSpan.FromSeconds(30));
        person.AcceptedElsewhere.Add(change.Id);
    }

    async Task SendGarbageAsync()
    {
        await world.Delay(world.Between(600, 5 * 86400));
        Guid number = simulation.Bus.Send(Encoding.UTF8.GetBytes("{\"SharedVariables\":7}"));
        Garbage.Add(number);
        while (!simulation.Bus.Completed.Contains(number)) await world.Delay(TimeSpan.FromSeconds(30));
    }

    async Task PublishAsync()
    {
        await world.Delay(world.Between(86400, 5 * 86400));
        IsRepublished = true;
        simulation.Crm.Definitions.AddRange(PublishedTexts.AtLast);
        simulation.Nudge();
    }

    Guid NewId()
    {
        byte[] bytes = new byte[16];
        world.Chance.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>A name-based UUID as the product documents it, worked out here once more.</summary>
    public static Guid NameBased(params string[] parts)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)))[..16];
        hash[7] = (byte)(0x80 | (hash[7] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash);
    }
}
