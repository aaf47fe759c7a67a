using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>Active steps by message and table, read from their rows and read again when these change.</summary>
internal sealed class StepRegistry(RowStore store)
{
    const string StepTable = "sdkmessageprocessingstep", ImageTable = "sdkmessageprocessingstepimage";
    Snapshot? current;

    /// <summary>The steps on a message of a table, by stage and rank; those for any table included.</summary>
    public IReadOnlyList<RegisteredStep> Find(string message, string table)
    {
        Snapshot snapshot = Current();
        return snapshot.ByTarget.GetValueOrDefault((message, table)) ?? snapshot.ByMessage.GetValueOrDefault(message) ?? [];
    }

    /// <summary>The active step of that id; null when it is gone or switched off.</summary>
    public RegisteredStep? Find(Guid id) => Current().ById.GetValueOrDefault(id);

    Snapshot Current()
    {
        (long, long) stamp = (store[StepTable].Changes, store[ImageTable].Changes);
        Snapshot? known = current;
        if (known is not null && known.Stamp == stamp) return known;
        Snapshot read = Read(stamp);
        current = read;
        return read;
    }

    Snapshot Read((long, long) stamp)
    {
        ILookup<Guid, Row> images = store[ImageTable].All.ToLookup(i => i.Lookup("sdkmessageprocessingstepid")?.Id ?? Guid.Empty);
        List<RegisteredStep> steps = [.. store[StepTable].All
            .Where(s => s.Int("statecode") is null or 0)
            .Select(s => Read(s, images[s.Id]))
            .OfType<RegisteredStep>()
            .OrderBy(s => s.Stage).ThenBy(s => s.Rank).ThenBy(s => s.Id)];
        return new Snapshot(
            stamp,
            steps.Where(s => s.Table is not null).Select(s => (s.Message, s.Table!)).Distinct()
                .ToFrozenDictionary(k => k,
                    k => (IReadOnlyList<RegisteredStep>)[.. steps.Where(s => s.Message == k.Message && (s.Table is null || s.Table == k.Item2))]),
            steps.Where(s => s.Table is null).GroupBy(s => s.Message, StringComparer.Ordinal)
                .ToFrozenDictionary(g => g.Key, g => (IReadOnlyList<RegisteredStep>)[.. g], StringComparer.Ordinal),
            steps.ToFrozenDictionary(s => s.Id));
    }

    RegisteredStep? Read(Row step, IEnumerable<Row> images)
    {
        if (step.Lookup("sdkmessageid") is not { } messageId || store.Find("sdkmessage", messageId.Id)?.Text("name") is not { } message) return null;
        Row? filter = step.Lookup("sdkmessagefilterid") is { } filterId ? store.Find("sdkmessagefilter", filterId.Id) : null;
        Lookup? handler = step.Lookup("eventhandler") ?? step.Lookup("plugintypeid");
        return new RegisteredStep
        {
            Id = step.Id,
            Name = step.Text("name") ?? step.Id.ToString(),
            Message = message,
            Table = filter?.Text("primaryobjecttypecode") is { } table and not "none" ? table : null,
            Stage = step.Int("stage") ?? RegisteredStep.PostOperation,
            IsAsync = step.Int("mode") == 1,
            Rank = step.Int("rank") ?? 1,
            FilteringColumns = Names(step.Text("filteringattributes")).ToFrozenSet(StringComparer.Ordinal),
            PluginTypeId = handler?.Table == "plugintype" ? handler.Id : null,
            EndpointId = handler?.Table == "serviceendpoint" ? handler.Id : null,
            Configuration = step.Text("configuration"),
            DeletesJob = step["asyncautodelete"] is true,
            RunsAs = step.Lookup("impersonatinguserid")?.Id,
            Images = [.. images.Select(i => new RegisteredImage(
                i.Text("entityalias") ?? i.Text("name") ?? "", i.Int("imagetype") is 0 or 2, i.Int("imagetype") is 1 or 2, Names(i.Text("attributes"))))],
        };
    }

    static string[] Names(string? list) => (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    sealed record Snapshot(
        (long, long) Stamp,
        FrozenDictionary<(string Message, string Table), IReadOnlyList<RegisteredStep>> ByTarget,
        FrozenDictionary<string, IReadOnlyList<RegisteredStep>> ByMessage,
        FrozenDictionary<Guid, RegisteredStep> ById);
}
