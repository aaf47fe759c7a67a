using System;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Upkeep;

/// <summary>What the service does by itself every night.</summary>
[Collection(LoopCollection.Name)]
public sealed class NightTests(LoopFixture loop)
{
    [Fact]
    public async Task Score_rows_that_have_faded_by_more_than_1_are_rewritten_at_night_and_others_are_left_alone()
    {
        (Guid keen, _) = await loop.ContactAsync();
        (Guid shy, _) = await loop.ContactAsync();
        await loop.TrackAsync(keen, "order_completed");
        await loop.TrackAsync(keen, "order_completed");
        await loop.TrackAsync(shy, "page_viewed", new JsonObject { ["path"] = "/" });
        await loop.Sandbox.SettleAsync();
        (decimal Value, DateTimeOffset AsOf, string? Grade) before = await ScoreAsync(keen), little = await ScoreAsync(shy);
        await loop.Sandbox.AdvanceToAsync(new DateTimeOffset(before.AsOf.UtcDateTime.Date.AddDays(2), TimeSpan.Zero).AddHours(3));
        await loop.Sandbox.SettleAsync();

        (decimal Value, DateTimeOffset AsOf, string? Grade) after = await ScoreAsync(keen);
        before.Value.ShouldBe(60);
        ((double)after.Value).ShouldBe(60 * Math.Pow(2, -(after.AsOf - before.AsOf).TotalDays / 14), 0.001);
        (after.AsOf - before.AsOf).ShouldBeGreaterThan(TimeSpan.FromDays(1));
        after.Grade.ShouldBe("hot");
        (await ScoreAsync(shy)).ShouldBe(little);
        await loop.Sandbox.AdvanceAsync("5h");
        await loop.Sandbox.SettleAsync();
        (await ScoreAsync(keen)).ShouldBe(after);
    }

    async Task<(decimal Value, DateTimeOffset AsOf, string? Grade)> ScoreAsync(Guid contact)
    {
        JsonObject row = (await loop.Crm.ReadAsync($"crmb_contactscores?$select=crmb_value,crmb_asof,crmb_grade&$filter=_crmb_contactid_value eq {contact}")).ShouldHaveSingleItem();
        return ((decimal)row["crmb_value"]!, DateTimeOffset.Parse((string)row["crmb_asof"]!, CultureInfo.InvariantCulture), (string?)row["crmb_grade"]);
    }
}
