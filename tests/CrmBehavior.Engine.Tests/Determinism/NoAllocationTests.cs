using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using CrmBehavior.Definitions;
using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;
using Shouldly;
using Xunit;

namespace CrmBehavior.Engine.Tests.Determinism;

/// <summary>The path that nearly every event takes: read, taken in, judged, nothing decided. It leaves nothing for the collector.</summary>
public sealed class NoAllocationTests
{
    static readonly string[] Authored =
    [
        """{"kind":"score","name":"s","halfLife":"10m","points":[{"event":"page_viewed","add":1,"cap":{"max":3,"per":"1d"}},{"event":"product_viewed","where":{"price":{"gte":50}},"add":2}],"grades":[{"name":"low","from":0},{"name":"high","from":99}]}""",
        """{"kind":"signal","name":"count","when":{"event":"page_viewed","where":{"path":{"startsWith":"/pricing"}},"within":"1h","count":{"gte":500}}}""",
        """{"kind":"signal","name":"between","when":{"event":"page_viewed","where":{"path":{"contains":"enterprise"}},"within":"1h","count":{"gte":400,"lt":500}}}""",
        """{"kind":"signal","name":"sum","when":{"event":"product_viewed","within":"1h","sum":"price","is":{"gt":100000}}}""",
        """{"kind":"signal","name":"distinct","when":{"event":"product_viewed","within":"1h","distinct":"sku","is":{"gte":50}}}""",
        """{"kind":"signal","name":"sequence","when":{"sequence":[{"event":"page_viewed"},{"event":"product_viewed","where":{"category":{"in":["books","garden"]}}},{"event":"order_completed"}],"within":"1d","unless":{"event":"cart_cleared"}}}""",
        """{"kind":"signal","name":"absent","when":{"absent":{"event":"page_viewed"},"for":"7d"}}""",
        """{"kind":"signal","name":"since","when":{"absent":{"event":"page_viewed"},"for":"7d","since":{"event":"product_viewed"}}}""",
        """{"kind":"segment","name":"both","when":{"all":[{"score":"s","gte":90},{"not":{"event":"product_viewed","within":"1h","count":{"gte":1000}}},{"any":[{"signal":"count"},{"trait":"tier","eq":"gold"}]}]}}""",
        """{"kind":"journey","name":"j","trigger":{"when":{"event":"page_viewed","within":"1h","count":{"gte":900}}},"steps":[{"id":"w","wait":"1d"}]}""",
    ];

    [Fact]
    public void An_event_that_decides_nothing_allocates_nothing()
    {
        DefinitionSet set = DefinitionSet.Read(Authored.Select((json, i) => new DefinitionSource("d" + i, json)));
        set.Errors.ShouldBeEmpty();
        Plan plan = Plan.Compile(set.Definitions);
        List<byte[]> lines = [.. Enumerable.Range(0, 4000).Select(Line)];
        (EventReader reader, EventFrame frame, Evaluator evaluator, ContactState contact, DecisionList decisions) = (new(plan), new(), new(plan), new("c"), new());
        for (int i = 0; i < 2000; i++) Take(lines[i]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 2000; i < 4000; i++) Take(lines[i]);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        decisions.Decisions.ShouldBeEmpty();
        allocated.ShouldBe(0);

        void Take(byte[] line)
        {
            reader.TryRead(line, 0, line.Length, frame, out _);
            evaluator.Handle(contact, frame, decisions);
        }
    }

    /// <summary>One a minute, now and then a late one.</summary>
    static byte[] Line(int i)
    {
        string at = Instant.ToText(1767571200000 + i * 60_000L - (i % 17 == 0 ? 180_000 : 0));
        string properties = (i % 3) switch
        {
            0 => "\"path\":\"/Pricing/teams\"",
            1 => "\"path\":\"/solutions/Enterprise\"",
            _ => string.Create(CultureInfo.InvariantCulture, $"\"sku\":\"SKU-{i % 9:0000}\",\"category\":\"Books\",\"price\":{(i % 2 == 0 ? "\"49.5\"" : "50.25")}"),
        };
        return Encoding.UTF8.GetBytes($$$"""{"id":"e{{{i}}}","name":"{{{(i % 3 == 2 ? "product_viewed" : "page_viewed")}}}","at":"{{{at}}}","contactId":"c","properties":{{{{properties}}}}}""");
    }
}
