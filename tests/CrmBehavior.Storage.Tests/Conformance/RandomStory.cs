using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Storage.Tests.Conformance;

/// <summary>Steps drawn at random, the same for the same seed, with what the store answers.</summary>
internal sealed class RandomStory(Random random, OpenStore store, ManualClock clock)
{
    private static readonly string[] Kinds = [EffectKind.Task, EffectKind.Score, EffectKind.Mail];

    private readonly Guid[] contacts = [.. Enumerable.Range(0, 6).Select(_ => NextId(random))];
    private readonly string[] visitors = ["v0", "v1", "V1", "ü", "🙂"];
    private readonly List<LeasedEffect> leased = [];
    private readonly Dictionary<Guid, long> ordinals = [];

    /// <summary>What the store has answered so far.</summary>
    public List<string> Told { get; } = [];

    public async Task TakeStepAsync(int step)
    {
        Say($"step {step}");
        switch (random.Next(10))
        {
            case < 5: await CommitAsync(step); break;
            case 5: await LeaseAsync(); break;
            case 6: await FinishAsync(); break;
            case 7: await ServeTimersAsync(); break;
            case 8: await RememberAsync(); break;
            default:
                clock.Advance(TimeSpan.FromSeconds(random.Next(1, 90)));
                Say("time goes");
                break;
        }
    }

    public async Task TellAllAsync()
    {
        foreach (Guid contact in contacts)
        {
            Say(Tell(await store.Profiles.FindAsync(contact, default)));
            foreach (LoggedEvent x in await store.LogAsync(contact)) Say(Tell(x));
            foreach (StoredDecision x in await store.Profiles.ReadDecisionsAsync(contact, 100, default)) Say($"{x.Ordinal} {x.Id} {x.At} {x.Definition} {Text(x.Line)}");
        }
        foreach (KeptEvent x in await store.KeptAsync(visitors)) Say($"{x.Visitor} {x.Id} {x.ReceivedAt} {Text(x.Body)}");
        Say($"{await store.Profiles.CountWorkAsync(Rows.Noon + 500, 3, default)} {await store.Outbox.CountAsync(default)}");
        foreach (ParkedEffect x in (await store.Outbox.ReadParkedAsync(100, default)).OrderBy(x => x.Effect.Id)) Say($"{Tell(x.Effect)} {x.Reason} {x.ParkedAt:O}");
        clock.Advance(TimeSpan.FromHours(1));
        foreach (LeasedEffect x in (await store.Outbox.LeaseAsync(Kinds, 1000, TimeSpan.Zero, true, default)).OrderBy(x => x.Effect.Id)) Say(Tell(x));
        for (int i = 0; i < 4; i++) Say($"{await store.Service.FindByEmailAsync($"{i}@example.org", default)}");
        foreach ((Guid contact, string tag) in (await store.Service.FindLastingTagsAsync([.. contacts.Select(x => (x, "vip"))], default)).OrderBy(x => x.Contact)) Say($"{contact} {tag}");
    }

    private static Guid NextId(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static string Text(byte[] bytes) => Convert.ToHexString(bytes);

    private static string Tell(Profile? x) => x is null ? "nobody" : $"{x.Contact} {Text(x.State)} {x.Generation} {x.Sequence} {x.IsErased}";

    private static string Tell(LoggedEvent x) => $"{x.Contact} {x.Sequence} {x.Id} {x.Name} {x.At} {x.ReceivedAt} {x.Now} {Text(x.Body)}";

    private static string Tell(Effect x) => $"{x.Id} {x.Contact} {x.Kind} {x.Key} {x.At} {Text(x.Body)}";

    private static string Tell(LeasedEffect x) => $"{Tell(x.Effect)} {x.Attempt} {x.Revision} {x.State}";

    private void Say(string line) => Told.Add(line);

    private T Any<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    private byte[] AnyBytes()
    {
        byte[] bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private async Task CommitAsync(int step)
    {
        Guid[] named = [.. contacts.Where(_ => random.Next(3) == 0)];
        string[] about = [.. visitors.Where(_ => random.Next(3) == 0)];
        await using IProfileBatch batch = await store.Profiles.OpenAsync(named, about, default);
        Say($"batch {string.Join(' ', batch.Profiles.Values.OrderBy(x => x.Contact).Select(Tell))} | {string.Join(' ', batch.Claims.OrderBy(x => x.Key, StringComparer.Ordinal))}");
        var commit = new ProfileCommit();
        Guid[] all = [.. named.Union(batch.Claims.Values).Order()];
        foreach (Guid contact in all) await FillAsync(batch, commit, contact, step);
        foreach (string visitor in about.Where(x => !batch.Claims.ContainsKey(x)))
        {
            if (named.Length > 0 && random.Next(4) == 0) commit.Claims.Add((visitor, Any(named)));
            else commit.Kept.AddRange(Enumerable.Range(0, random.Next(3)).Select(_ => Rows.Kept(visitor, $"k{random.Next(9)}", Rows.Noon + random.Next(1000)) with { Body = AnyBytes() }));
        }
        if (all.Length > 0 && random.Next(12) == 0) commit.Erased.Add(Any(all));
        foreach (KeptEvent x in await batch.ReadKeptAsync(about, default)) Say($"kept {x.Visitor} {x.Id} {x.ReceivedAt}");
        if (random.Next(6) == 0) return;
        await batch.CommitAsync(commit, default);
    }

    private async Task FillAsync(IProfileBatch batch, ProfileCommit commit, Guid contact, int step)
    {
        Profile? profile = batch.Profiles.GetValueOrDefault(contact);
        long sequence = profile?.Sequence ?? 0;
        string[] ids = [.. Enumerable.Range(0, random.Next(4)).Select(_ => $"e{random.Next(60)}").Distinct()];
        IReadOnlySet<EventKey> seen = await batch.FindSeenAsync([.. ids.Select(x => new EventKey(contact, x))], default);
        Say($"seen {string.Join(' ', seen.Select(x => x.Id).Order(StringComparer.Ordinal))}");
        foreach (string id in ids.Where(x => !seen.Contains(new EventKey(contact, x))))
            commit.Events.Add(Rows.Event(contact, ++sequence, id, Rows.Noon - (random.Next(100) * Rows.Day)) with { Body = AnyBytes() });
        commit.Profiles.Add((new Profile(contact, AnyBytes(), 1 + random.Next(4), sequence, false), random.Next(3) == 0 ? null : Rows.Noon + random.Next(1000)));
        long ordinal = ordinals.GetValueOrDefault(contact);
        for (int i = random.Next(3); i > 0; i--) commit.Decisions.Add(new StoredDecision(contact, ordinal++, NextId(random), Rows.Noon + step, "d", "signal", "fired", AnyBytes()));
        ordinals[contact] = ordinal;
        for (int i = random.Next(3); i > 0; i--)
        {
            string kind = Any(Kinds);
            bool isKeyed = kind == EffectKind.Score;
            byte[] id = contact.ToByteArray();
            id[0] ^= 1;
            commit.Effects.Add(new Effect(isKeyed ? new Guid(id) : NextId(random), contact, kind, isKeyed ? "s" : "", Rows.Noon + step, AnyBytes(), TimeSpan.FromSeconds(random.Next(3) * 20)));
        }
    }

    private async Task LeaseAsync()
    {
        // All that are due, for which of equal ones comes first is left open.
        LeasedEffect[] got =
        [
            .. (await store.Outbox.LeaseAsync([.. Kinds.Where(_ => random.Next(3) > 0)], 1000, TimeSpan.FromSeconds(60), random.Next(2) == 0, default)).OrderBy(x => x.Effect.Id),
        ];
        foreach (LeasedEffect x in got) Say($"leased {Tell(x)}");
        leased.AddRange(got);
    }

    private async Task FinishAsync()
    {
        while (leased.Count > 0)
        {
            LeasedEffect one = leased[0];
            leased.RemoveAt(0);
            Effect follows = new(NextId(random), one.Effect.Contact, EffectKind.Task, "", 0, [], TimeSpan.Zero);
            switch (random.Next(6))
            {
                case 0: await store.Outbox.RetryAsync([one], TimeSpan.FromSeconds(random.Next(60)), "later", default); break;
                case 1: await store.Outbox.ParkAsync(one, $"reason {random.Next(9)}", [follows], default); break;
                case 2: Say($"marked {await store.Outbox.MarkUncertainAsync(one, default)}"); break;
                case 3: Say($"settled {await store.Outbox.SettleAsync(one.Effect.Id, _ => follows, default)}"); break;
                case 4: Say($"released {await store.Outbox.ReleaseAsync(one.Effect.Id, default)}"); break;
                default: await store.Outbox.CompleteAsync([one], [follows], default); break;
            }
        }
        Say($"{await store.Outbox.CountAsync(default)}");
    }

    private async Task ServeTimersAsync()
    {
        await using IProfileBatch? batch = random.Next(2) == 0
            ? await store.Profiles.OpenDueAsync(Rows.Noon + random.Next(1000), 3, default)
            : await store.Profiles.OpenOutdatedAsync(random.Next(1, 5), 100, default);
        Say($"served {string.Join(' ', (batch?.Profiles.Values ?? []).OrderBy(x => x.Contact).Select(Tell))}");
        if (batch is null) return;
        var commit = new ProfileCommit();
        foreach (Profile profile in batch.Profiles.Values.OrderBy(x => x.Contact)) commit.Profiles.Add((profile with { Generation = 4 }, random.Next(2) == 0 ? null : Rows.Noon + random.Next(1000)));
        await batch.CommitAsync(commit, default);
    }

    private async Task RememberAsync()
    {
        Guid? contact = random.Next(4) == 0 ? null : Any(contacts);
        await store.Service.RememberEmailAsync($"{random.Next(4)}@example.org", contact, default);
        await store.Service.NoteLastingTagAsync(Any(contacts), "vip", random.Next(3) > 0, default);
        Say("remembered");
    }
}
