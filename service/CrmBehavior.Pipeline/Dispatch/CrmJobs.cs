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
    const int SubjectLength = 200, DescriptionLength = 2000;

    public async Task<List<CrmJob>> MakeAsync(IReadOnlyList<LeasedEffect> leased, CancellationToken cancellation)
    {
        var jobs = new List<CrmJob>();
        await AddActivitiesAsync(leased, jobs, cancellation);
        await AddReviewsAsync(leased, jobs, cancellation);
        await AddTagsAsync(leased, jobs, cancellation);
        await AddScoresAndColumnsAsync(leased, jobs, cancellation);
        return jobs;
    }

    async Task AddActivitiesAsync(IReadOnlyList<LeasedEffect> leased, List<CrmJob> jobs, CancellationToken cancellation)
    {
        LeasedEffect[] activities = [.. leased.Where(l => l.Effect.Kind is EffectKind.Task or EffectKind.Touchpoint)];
        if (activities.Length == 0) return;
        var made = new List<(LeasedEffect Effect, CrmJob Job, ActionBody? Action, EntryBody? Entry)>();
        foreach (LeasedEffect effect in activities)
        {
            var job = new CrmJob([effect]);
            jobs.Add(job);
            try
            {
                // An entry about something done comes ready to be written; one that a step asks for is rendered.
                using JsonDocument body = JsonDocument.Parse(effect.Effect.Body);
                bool isReady = body.RootElement.TryGetProperty("subject", out _);
                made.Add((effect, job, isReady ? null : EffectBody.Read<ActionBody>(effect.Effect.Body), isReady ? EffectBody.Read<EntryBody>(effect.Effect.Body) : null));
            }
            catch (JsonException e)
            {
                job.Refusal = $"the effect cannot be read: {e.Message}";
            }
        }
        IReadOnlySet<string> shown = renderer.ColumnsOf(made.Where(m => m.Action != null).Select(m => m.Action!.Args.GetRawText()));
        IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>> contacts = await crm.ReadContactsAsync(
            [.. made.Select(m => m.Effect.Effect.Contact).Distinct()], [.. shown.Append("ownerid").Distinct()], cancellation);
        var queued = new List<(CrmJob Job, QueueTask Write)>();
        foreach ((LeasedEffect effect, CrmJob job, ActionBody? action, EntryBody? entry) in made)
        {
            // A contact that is gone has no timeline; there is nothing left to do for it.
            if (!contacts.TryGetValue(effect.Effect.Contact, out IReadOnlyDictionary<string, object?>? contact)) continue;
            try
            {
                if (action != null && effect.Effect.Kind == EffectKind.Task && Text(action.Args, "queue") is { } queue) queued.Add((job, new QueueTask(effect.Effect.Id, queue)));
                job.Writes.Add(entry != null ? Touchpoint(effect.Effect, contact, entry) : effect.Effect.Kind == EffectKind.Task ? TaskOf(effect.Effect, contact, action!) : Touchpoint(effect.Effect, contact, EntryOf(effect.Effect, contact, action!)));
            }
            catch (TemplateException e)
            {
                job.Refusal = e.Message;
            }
        }
        foreach ((CrmJob job, QueueTask write) in queued.Where(q => q.Job.Refusal == null)) job.Writes.Add(write);
    }

    async Task AddReviewsAsync(IReadOnlyList<LeasedEffect> leased, List<CrmJob> jobs, CancellationToken cancellation)
    {
        (LeasedEffect Effect, ReviewBody Review)[] reviews = [.. leased.Where(l => l.Effect.Kind == EffectKind.Review).Select(l => (l, EffectBody.Read<ReviewBody>(l.Effect.Body)))];
        if (reviews.Length == 0) return;
        IReadOnlySet<string> shown = renderer.ColumnsOf(reviews.Select(r => r.Review.Subject));
        IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>> contacts = await crm.ReadContactsAsync(
            [.. reviews.Select(r => r.Effect.Effect.Contact).Distinct()], [.. shown.Append("ownerid").Distinct()], cancellation);
        foreach ((LeasedEffect effect, ReviewBody review) in reviews)
        {
            var job = new CrmJob([effect]);
            jobs.Add(job);
            if (!contacts.TryGetValue(effect.Effect.Contact, out IReadOnlyDictionary<string, object?>? contact)) continue;
            try
            {
                byte[] trigger = review.Trigger is { } t ? JsonSerializer.SerializeToUtf8Bytes(t) : [];
                job.Writes.Add(ReviewRow(effect.Effect, contact, review, renderer.Render(review.Subject, new TemplateValues(contact, trigger, review.Journey, new Dictionary<string, string>()))));
            }
            catch (TemplateException e)
            {
                job.Refusal = e.Message;
            }
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
        foreach ((LeasedEffect effect, TagBody tag) in tags)
        {
            var job = new CrmJob([effect]) { Tag = tag };
            jobs.Add(job);
            bool stays = tag is { Wanted: false, Lasting: false } && lasting.Contains((effect.Effect.Contact, tag.Tag));
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
                if (score.Score != mainScore) continue;
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
