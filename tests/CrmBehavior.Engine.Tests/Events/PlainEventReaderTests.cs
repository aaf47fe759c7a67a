using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.Tests.Oracle;
using CrmBehavior.Engine.Time;
using CrmBehavior.Engine.Values;
using Shouldly;
using Xunit;

namespace CrmBehavior.Engine.Tests.Events;

/// <summary>The short way of reading events against the long one.</summary>
public sealed class PlainEventReaderTests
{
    static readonly string[] Numbers = ["0", "-0", "7", "-12.25", "0.1", "123456789.123456", "999999999999999", "0.000000000000001", "1e3", "1E-2", "01", "1.", ".5", "-", "+1", "1e400", "12345678901234567890", "0.30000000000000004"];

    [Fact]
    public void Short_way_reads_what_the_long_way_reads_and_nothing_else()
    {
        int taken = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var story = new RandomStory(seed);
            DefinitionSet set = DefinitionSet.Read(story.Definitions.Select(d => new DefinitionSource((string)d["name"]!, d.ToJsonString())));
            if (set.HasErrors) continue;
            Plan plan = Plan.Compile(set.Definitions);
            var random = new Random(seed);
            foreach (JsonObject line in story.Events)
            {
                JsonObject copy = line.DeepClone().AsObject();
                copy["at"] = Instant.ToText((long)line["at"]!);
                copy["contactId"] = "c" + random.Next(9);
                if (random.Next(3) == 0) copy["context"] = new JsonObject { ["timezone"] = "Europe/Berlin", ["page"] = new JsonArray(1, "a", new JsonObject { ["x"] = true }) };
                string text = copy.ToJsonString();
                if (random.Next(3) == 0) text = text.Replace(":7", ":" + Numbers[random.Next(Numbers.Length)], StringComparison.Ordinal);
                if (random.Next(3) == 0) text = text.Replace("\\u00FC", "ü", StringComparison.Ordinal);
                taken += Compare(plan, Encoding.UTF8.GetBytes(text));
                taken += Compare(plan, Spoilt(Encoding.UTF8.GetBytes(text), random));
            }
        }
        taken.ShouldBeGreaterThan(1000, "the short way must be gone often enough to be tested");
    }

    [Theory]
    [MemberData(nameof(AllNumbers))]
    public void Number_is_read_by_both_ways_as_the_same_double(string number) =>
        Compare(OfOneProperty(), Encoding.UTF8.GetBytes($$$"""{"name":"a","at":"2026-01-05T10:00:00Z","contactId":"c","properties":{"p":{{{number}}}}}"""));

    public static TheoryData<string> AllNumbers => [.. Numbers];

    [Fact]
    public void Text_ends_at_its_quote_wherever_that_stands()
    {
        for (int length = 0; length < 40; length++)
        {
            foreach (string odd in new[] { "", "\\n", "\u0001", "ü", "\u007f", " " })
            {
                string text = new string('x', length) + odd + new string('y', 40 - length);
                Compare(OfOneProperty(), Encoding.UTF8.GetBytes($$$"""{"name":"a","at":"2026-01-05T10:00:00Z","contactId":"c","properties":{"p":"{{{text}}}"}}"""));
            }
        }
    }

    static Plan OfOneProperty() => Plan.Compile(DefinitionSet.Read(
        [new DefinitionSource("s", """{"kind":"signal","name":"s","when":{"event":"a","where":{"p":{"exists":true}},"within":"1d"}}""")]).Definitions);

    static byte[] Spoilt(byte[] line, Random random)
    {
        var bytes = line.ToList();
        int place = random.Next(bytes.Count);
        switch (random.Next(4))
        {
            case 0: bytes.RemoveAt(place); break;
            case 1: bytes[place] = (byte)random.Next(256); break;
            case 2: bytes.Insert(place, " \t{}[],:\"0"u8[random.Next(10)]); break;
            default: bytes.RemoveRange(place, bytes.Count - place); break;
        }
        return [.. bytes];
    }

    /// <summary>Reads by both ways and alone by the short one; tells whether that went through.</summary>
    static int Compare(Plan plan, byte[] line)
    {
        // In the middle of other bytes, as lines lie in a block of a file.
        byte[] buffer = [.. "\"}}"u8, .. line, .. "\"}}\"}}\"}}"u8];
        EventFrame both = new(), longWay = new(), shortWay = new();
        bool isEvent = new EventReader(plan, withShortWay: false).TryRead(buffer, 3, line.Length, longWay, out string? problem);
        new EventReader(plan).TryRead(buffer, 3, line.Length, both, out string? same).ShouldBe(isEvent, Encoding.UTF8.GetString(line));
        same.ShouldBe(problem);
        shortWay.Clear(buffer);
        if (!new PlainEventReader(plan).TryRead(buffer, 3, line.Length, shortWay)) return 0;
        isEvent.ShouldBeTrue($"only the short way takes {Encoding.UTF8.GetString(line)}");
        Describe(shortWay).ShouldBe(Describe(longWay), Encoding.UTF8.GetString(line));
        Describe(both).ShouldBe(Describe(longWay));
        return 1;
    }

    static string Describe(EventFrame frame)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{frame.Name} {frame.At} {frame.Order} {Hex(frame.Id)} {Hex(frame.ContactId)} {Hex(frame.AnonymousId)} {Hex(frame.Properties)}");
        for (int i = 0; i < frame.TraitCount; i++) text.Append(CultureInfo.InvariantCulture, $" {frame.Traits[i].Trait}={One(frame.Traits[i].Value)}");
        for (int i = 0; i < frame.Shape.SlotCount; i++) text.Append(CultureInfo.InvariantCulture, $" [{One(frame.Slots[i])}]");
        return text.ToString();
    }

    static string One(Value value) => $"{value.Kind} {BitConverter.DoubleToInt64Bits(value.Number)} {Hex(value.Utf8)}";

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
}
