using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Turns effects into rows of the CRM.</summary>
internal sealed class CrmJobs(IServiceStore store, ICrmGateway crm, ITextRenderer renderer)
{
    readonly HashSet<Guid> merged = [];

    const int SubjectLength = 200, DescriptionLength = 2000;

    public async Task<List<CrmJob>> MakeAsync(IReadOnlyList<LeasedEffect> leased, CancellationToken cancellation)
    {
        var jobs = new List<CrmJob>();
        leased = await FollowMergesAsync(leased, jobs, cancellation);
        await AddMessagesAsync(leased, jobs, cancellation);
        await AddTagsAsync(leased, jobs, cancellation);
        await AddScoresAndColumnsAsync(leased, jobs, cancellation);
        return jobs;
    }

    /// <summary>
    /// What was decided about a contact that was merged into another is done for that one; but what only shows how the contact stood is not: the
    /// other stands as it stands, and that has been told. Rows of scores stay with the contact that they are of.
    /// </summary>
    async Task<IReadOnlyList<LeasedEffect>> FollowMergesAsync(IReadOnlyList<LeasedEffect> leased, List<CrmJob> jobs, CancellationToken cancellation)
    {
        IReadOnlyDictionary<Guid, Guid> masters = await store.FindMastersAsync([.. leased.Select(l => l.Effect.Contact).Distinct()], cancellation);
        if (masters.Count == 0) return leased;
        merged.UnionWith(masters.Keys);
        var followed = new List<LeasedEffect>();
        foreach (LeasedEffect effect in leased)
        {
            if (!masters.TryGetValue(effect.Effect.Contact, out Guid master)) followed.Add(effect);
            else if (effect.Effect.Kind == EffectKind.Score) followed.Add(effect);
            else if (effect.Effect.Kind == EffectKind.Contact || (effect.Effect.Kind == EffectKind.Tag && !EffectBody.Read<TagBody>(effect.Effect.Body).Lasting)) jobs.Add(new CrmJob([effect]) { Dropped = "merged" });
            else followed.Add(effect with { Effect = effect.Effect with { Contact = master } });
        }
        return followed;
    }

    /// <summary>Tasks, timeline entries and reviews show columns of their contacts, which are read together.</summary>
    async Task AddMessagesAsync(IReadOnlyList<LeasedEffect> leased, List<CrmJob> jobs, CancellationToken cancellation)
    {
        var messages = new List<(LeasedEffect Effect, CrmJob Job, object Body)>();
        foreach (LeasedEffect effect in leased.Where(l => l.Effect.Kind is EffectKind.Task or EffectKind.Touchpoint or EffectKind.Review))
        {
            var job = new CrmJob([effect]);
            jobs.Add(job);
            try
            {
                messages.Add((effect, job, Read(effect.Effect)));
            }
            catch (JsonException e)
            {
                job.Refusal = $"the effect cannot be read: {e.Message}";
            }
        }
        if (messages.Count == 0) return;
        IReadOnlySet<string> shown = renderer.ColumnsOf(messages.Select(m => m.Body switch { ActionBody action => action.Args.GetRawText(), ReviewBody review => review.Subject, _ => "" }));
        IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>> contacts = await crm.ReadContactsAsync(
            [.. messages.Select(m => m.Effect.Effect.Contact).Distinct()], [.. shown.Append("ownerid").Distinct()], cancellation);
        foreach ((LeasedEffect effect, CrmJob job, object body) in messages)
        {
            // A contact that is gone has no timeline; there is nothing left to do for it.
            if (!contacts.TryGetValue(effect.Effect.Contact, out IReadOnlyDictionary<string, object?>? contact))
            {
                job.Dropped = CrmJob.ContactDeleted;
                continue;
            }
            try
            {
                job.Writes.AddRange(RowsOf(effect.Effect, contact, body));
            }
            catch (TemplateException e)
            {
                job.Refusal = e.Message;
            }
        }
    }

    /// <summary>An entry about something done comes ready to be written; one that a step asks for is rendered.</summary>
    static object Read(Effect effect)
    {
        if (effect.Kind == EffectKind.Review) return EffectBody.Read<ReviewBody>(effect.Body);
        using JsonDocument body = JsonDocument.Parse(effect.Body);
        return body.RootElement.TryGetProperty("subject", out _) ? EffectBody.Read<EntryBody>(effect.Body) : EffectBody.Read<ActionBody>(effect.Body);
    }

    IEnumerable<CrmWrite> RowsOf(Effect effect, IReadOnlyDictionary<string, object?> contact, object body)
    {
        switch (body)
        {
            case EntryBody entry: return [Touchpoint(effect, contact, entry)];
            case ReviewBody review:
                byte[] trigger = review.Trigger is { } t ? JsonSerializer.SerializeToUtf8Bytes(t) : [];
                return [ReviewRow(effect, contact, review, renderer.Render(review.Subject, new TemplateValues(contact, trigger, review.Journey, new Dictionary<string, string>())))];
            case ActionBody action when effect.Kind == EffectKind.Task:
                CreateRow task = TaskOf(effect, contact, action);
                return Text(action.Args, "queue") is { } queue ? [task, new QueueTask(effect.Id, queue)] : [task];
            default: return [Touchpoint(effect, contact, EntryOf(effect, contact, (ActionBody)body))];
        }
    }

    static CreateRow ReviewRow(Effect effect, IReadOnlyDictionary<string, object?> contact, ReviewBody review, string subject)
    {
        var columns = new Dictionary<string, object?>
        {
            ["crmb_name"] = Cut(subject, SubjectLength),
            ["crmb_contactid@odata.bind"] = $"/contacts({effect.Contact:D})",
            ["crmb_journey"] = review.Journey,
            ["crmb_step"] = review.Step,
            ["crmb_entry"] = review.Entry,
            ["crmb_deadline"] = CrmTime(review.Deadline),
            ["crmb_reason"] = Cut(review.Why, DescriptionLength),
            ["crmb_decisionid"] = effect.Id.ToString("D"),
        };
        if (review.Default != null) columns["crmb_default"] = review.Default;
        if (review.Preview != null) columns["crmb_preview"] = Cut(review.Preview, DescriptionLength);
        Own(columns, contact);
        return new CreateRow(CrmNames.ReviewSet, effect.Id, columns);
    }

    CreateRow TaskOf(Effect effect, IReadOnlyDictionary<string, object?> contact, ActionBody action)
    {
        TemplateValues values = Values(contact, action);
        string subject = Cut(renderer.Render(Text(action.Args, "subject") ?? "", values), SubjectLength);
        string? more = Text(action.Args, "description") is { } text ? renderer.Render(text, values) : null;
        var columns = new Dictionary<string, object?>
        {
            ["subject"] = subject,
            ["description"] = Cut(more == null ? action.Why : $"{more}\n\nWhy: {action.Why}", DescriptionLength),
            ["prioritycode"] = Text(action.Args, "priority") switch { "low" => 0, "high" => 2, _ => 1 },
            ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({effect.Contact:D})",
        };
        if (Text(action.Args, "dueIn") is { } due && Duration.TryParse(due, out long within, out _)) columns["scheduledend"] = CrmTime(effect.At + within);
        Own(columns, contact);
        return new CreateRow("tasks", effect.Id, columns);
    }

    EntryBody EntryOf(Effect effect, IReadOnlyDictionary<string, object?> contact, ActionBody action)
    {
        TemplateValues values = Values(contact, action);
        string? more = Text(action.Args, "description") is { } text ? renderer.Render(text, values) : null;
        return new EntryBody(renderer.Render(Text(action.Args, "subject") ?? "", values), more == null ? action.Why : $"{more}\n\nWhy: {action.Why}", action.Journey, action.Action, effect.At);
    }

    static CreateRow Touchpoint(Effect effect, IReadOnlyDictionary<string, object?> contact, EntryBody entry)
    {
        var columns = new Dictionary<string, object?>
        {
            ["subject"] = Cut(entry.Subject, SubjectLength),
            ["description"] = Cut(entry.Description, DescriptionLength),
            ["crmb_definitionname"] = entry.Definition,
            ["crmb_effect"] = entry.Effect,
            ["crmb_at"] = CrmTime(entry.At),
            ["regardingobjectid_contact_crmb_touchpoint@odata.bind"] = $"/contacts({effect.Contact:D})",
        };
        Own(columns, contact);
        return new CreateRow(CrmNames.TouchpointSet, effect.Id, columns, Complete: true);
    }

    /// <summary>The row belongs to whom the contact belongs to, so that its owner sees it.</summary>
    static void Own(Dictionary<string, object?> columns, IReadOnlyDictionary<string, object?> contact)
    {
        if (contact.TryGetValue("ownerid", out object? owner) && owner is string id && Guid.TryParse(id, out _))
        {
            bool isTeam = contact.TryGetValue("owneridtype", out object? type) && type as string == "team";
            columns["ownerid@odata.bind"] = isTeam ? $"/teams({id})" : $"/systemusers({id})";
        }
    }

    async Task AddTagsAsync(IReadOnlyList<LeasedEffect> leased, List<CrmJob> jobs, CancellationToken cancellation)
    {
        (LeasedEffect Effect, TagBody Tag)[] tags = [.. leased.Where(l => l.Effect.Kind == EffectKind.Tag).Select(l => (l, EffectBody.Read<TagBody>(l.Effect.Body)))];
        if (tags.Length == 0) return;
        IReadOnlySet<(Guid, string)> lasting = await store.FindLastingTagsAsync([.. tags.Where(t => t.Tag is { Wanted: false, Lasting: false }).Select(t => (t.Effect.Effect.Contact, t.Tag.Tag))], cancellation);
        HashSet<(Guid, string)> given = [.. await store.FindGivenTagsAsync([.. tags.Select(t => (t.Effect.Effect.Contact, t.Tag.Tag)).Distinct()], cancellation)];
        // Noted before it is written: where it then turns out that the tag was there, and nothing was noted, somebody else has given it.
        HashSet<(Guid, string)> gifts = [.. tags.Where(t => t.Tag is { Wanted: true, Lasting: false }).Select(t => (t.Effect.Effect.Contact, t.Tag.Tag)).Where(t => !given.Contains(t))];
        if (gifts.Count > 0) await store.NoteGivenTagsAsync(gifts, true, cancellation);
        foreach ((LeasedEffect effect, TagBody tag) in tags)
        {
            (Guid, string) which = (effect.Effect.Contact, tag.Tag);
            var job = new CrmJob([effect]) { Tag = tag, IsFirstGift = gifts.Contains(which), WasGiven = given.Contains(which) };
            jobs.Add(job);
            // What came and went before anything was written has given nothing, so there is nothing to take away.
            bool stays = tag is { Wanted: false, Lasting: false } && (lasting.Contains(which) || (effect.Revision > 1 && !given.Contains(which)));
            if (!stays) job.Writes.Add(new SetTag(effect.Effect.Contact, tag.Tag, tag.Wanted));
        }
    }

    /// <summary>Columns of one contact are written in one row; the score that is shown on the contact adds its own.</summary>
    async Task AddScoresAndColumnsAsync(IReadOnlyList<LeasedEffect> leased, List<CrmJob> jobs, CancellationToken cancellation)
    {
        LeasedEffect[] shown = [.. leased.Where(l => l.Effect.Kind is EffectKind.Score or EffectKind.Contact)];
        if (shown.Length == 0) return;
        string? mainScore = await crm.FindVariableAsync(CrmNames.MainScoreVariable, cancellation);
        foreach (IGrouping<Guid, LeasedEffect> own in shown.GroupBy(l => l.Effect.Contact))
        {
            var job = new CrmJob([.. own]);
            var columns = new Dictionary<string, object?>();
            foreach (LeasedEffect effect in own)
            {
                if (effect.Effect.Kind == EffectKind.Contact)
                {
                    var column = EffectBody.Read<ColumnBody>(effect.Effect.Body);
                    columns[column.Column] = Plain(column.Value);
                    continue;
                }
                var score = EffectBody.Read<ScoreBody>(effect.Effect.Body);
                job.Writes.Add(ScoreRow(own.Key, score));
                if (score.Score != mainScore || merged.Contains(own.Key)) continue;
                columns["crmb_score"] = Round(score.Value, 4);
                columns["crmb_grade"] = score.Grade;
                columns["crmb_rank"] = Rank(score);
            }
            if (columns.Count > 0) job.Writes.Add(new UpdateRow("contacts", own.Key, columns));
            jobs.Add(job);
        }
    }

    static UpsertRow ScoreRow(Guid contact, ScoreBody score) => new(CrmNames.ContactScoreSet, EffectIds.OfScore(contact, score.Score), new Dictionary<string, object?>
    {
        ["crmb_contactid@odata.bind"] = $"/contacts({contact:D})",
        ["crmb_name"] = score.Score,
        ["crmb_value"] = Round(score.Value, 4),
        ["crmb_grade"] = score.Grade,
        ["crmb_asof"] = CrmTime(score.At),
        ["crmb_rank"] = Rank(score),
    });

    /// <summary>
    /// An order that decay never changes: asof in days + halfLife in days · log2(value); without half-life the value itself; empty for 0.
    /// </summary>
    static decimal? Rank(ScoreBody score) => score.Value switch
    {
        <= 0 => null,
        _ when score.HalfLife == 0 => Round(score.Value, 6),
        _ => Round(score.At / (double)Duration.Day + score.HalfLife / (double)Duration.Day * Math.Log2(score.Value), 6),
    };

    static decimal Round(double value, int digits) => Math.Round((decimal)value, digits);

    static TemplateValues Values(IReadOnlyDictionary<string, object?> contact, ActionBody action) =>
        new(contact, action.Trigger is { } trigger ? JsonSerializer.SerializeToUtf8Bytes(trigger) : [], action.Journey, new Dictionary<string, string>());

    /// <summary>Times in the CRM are whole seconds.</summary>
    static string CrmTime(long instant) => Instant.ToText(instant - instant % 1000)[..19] + "Z";

    static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetDecimal(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    static string? Text(JsonElement args, string key) =>
        args.ValueKind == JsonValueKind.Object && args.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
