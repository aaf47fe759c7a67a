using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>
/// Sorts writes into rounds that go one after the other, so that no row is in one round twice: the platform leaves open what then
/// happens. Changes of one row that follow each other become one.
/// </summary>
sealed class WritePlan
{
    readonly List<List<RowUnit>> rounds = [];
    readonly List<TagUnit> tags = [];
    readonly List<QueueUnit> queues = [];
    readonly CrmResult?[] refused;

    WritePlan(int count) => refused = new CrmResult?[count];

    public IReadOnlyList<IReadOnlyList<RowUnit>> Rounds => rounds;

    public IReadOnlyList<TagUnit> Tags => tags;

    /// <summary>What comes after all rounds.</summary>
    public IReadOnlyList<QueueUnit> Queues => queues;

    public static WritePlan Of(IReadOnlyList<CrmWrite> writes)
    {
        var plan = new WritePlan(writes.Count);
        var latest = new Dictionary<(string, Guid), (RowUnit Unit, int Round)>();
        var tags = new Dictionary<(Guid, string), TagUnit>();
        for (int i = 0; i < writes.Count; i++)
        {
            if (writes[i] is SetTag tag) plan.AddTag(tags, tag, i);
            else if (writes[i] is QueueTask queue) plan.queues.Add(new QueueUnit(queue.Task, queue.Queue, i) { Before = latest.TryGetValue(("tasks", queue.Task), out (RowUnit Unit, int) task) ? task.Unit : null });
            else plan.AddRow(latest, UnitOf(writes[i]), i);
        }
        return plan;
    }

    /// <summary>The results in the order of the writes.</summary>
    public IReadOnlyList<CrmResult> Results()
    {
        var results = new CrmResult[refused.Length];
        for (int i = 0; i < results.Length; i++) results[i] = refused[i] ?? default;
        foreach (RowUnit unit in rounds.SelectMany(r => r))
            foreach (int write in unit.Writes) results[write] = unit.Result ?? Untried;
        foreach (TagUnit unit in tags)
            foreach (int write in unit.Writes) results[write] = unit.Result ?? Untried;
        foreach (QueueUnit unit in queues) results[unit.Write] = unit.Result ?? Untried;
        return results;
    }

    /// <summary>The result of what was not tried.</summary>
    public static CrmResult Untried => new(CrmOutcome.Retry, "The CRM was not asked in time.");

    static RowUnit UnitOf(CrmWrite write) => write switch
    {
        CreateRow create => new(RowDeed.Create, create.Set, create.Id, create.Columns) { Completes = create.Complete },
        UpsertRow upsert => new(RowDeed.Upsert, upsert.Set, upsert.Id, upsert.Columns),
        UpdateRow update => new(RowDeed.Update, update.Set, update.Id, update.Columns),
        _ => throw new ArgumentException($"A {write.GetType().Name} is no write that is known here.", nameof(write)),
    };

    void AddRow(Dictionary<(string, Guid), (RowUnit Unit, int Round)> latest, RowUnit unit, int write)
    {
        if (Problem(unit) is { } problem)
        {
            refused[write] = new CrmResult(CrmOutcome.Refused, problem);
            return;
        }
        int round = 0;
        if (latest.TryGetValue((unit.Set, unit.Id), out var before))
        {
            if (before.Unit.Deed == unit.Deed)
            {
                Join(before.Unit, unit);
                before.Unit.Writes.Add(write);
                return;
            }
            round = before.Round + 1;
            unit.Before = before.Unit;
        }
        unit.Writes.Add(write);
        while (rounds.Count <= round) rounds.Add([]);
        rounds[round].Add(unit);
        latest[(unit.Set, unit.Id)] = (unit, round);
    }

    static void Join(RowUnit unit, RowUnit later)
    {
        unit.Completes |= later.Completes;
        // A row is made once: what made it stands.
        if (unit.Deed == RowDeed.Create) return;
        foreach ((string column, object? value) in later.Columns) unit.Columns[column] = value;
    }

    static string? Problem(RowUnit unit)
    {
        if (!ODataText.IsName(unit.Set)) return $"'{unit.Set}' is no entity set.";
        if (unit.Id == Guid.Empty) return "The row has no id.";
        foreach ((string column, object? value) in unit.Columns)
            if (RowJson.Problem(column, value) is { } problem) return problem;
        return null;
    }

    void AddTag(Dictionary<(Guid, string), TagUnit> known, SetTag tag, int write)
    {
        string name = tag.Tag.Trim();
        if (name.Length is 0 or > 100)
        {
            refused[write] = new CrmResult(CrmOutcome.Refused, $"A tag's name has 1 to 100 characters; '{tag.Tag}' has not.");
            return;
        }
        (Guid, string) key = (tag.Contact, name.ToUpperInvariant());
        if (!known.TryGetValue(key, out TagUnit? unit))
        {
            known[key] = unit = new TagUnit(tag.Contact, name);
            tags.Add(unit);
        }
        unit.Wanted = tag.Wanted;
        unit.Writes.Add(write);
    }
}
