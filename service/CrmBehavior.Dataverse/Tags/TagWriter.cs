using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Dataverse.Batch;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Dataverse.Writing;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Tags;

/// <summary>Links contacts with tags and unlinks them.</summary>
sealed class TagWriter(WebApi api, BatchRunner batches)
{
    readonly TagRows rows = new(api);
    readonly TagCall together = new(api);

    /// <summary>Sets the result of each.</summary>
    /// <exception cref="CrmException">The tags could not be looked up or made.</exception>
    public async Task WriteAsync(IReadOnlyList<TagUnit> units, CancellationToken cancellation)
    {
        await together.TryAsync(units, cancellation);
        TagUnit[] left = [.. units.Where(u => u.Result is null)];
        if (left.Length > 0) await OneByOneAsync(left, cancellation);
    }

    async Task OneByOneAsync(IReadOnlyList<TagUnit> units, CancellationToken cancellation)
    {
        await TryAsync(units, cancellation);
        // What is gone may be the tag's row, deleted by hand since it was looked up; then the tag is looked up, or made, once more.
        TagUnit[] gone = [.. units.Where(u => u.Result is { Outcome: CrmOutcome.Gone })];
        if (gone.Length == 0) return;
        IReadOnlyDictionary<string, Guid> before = await FindAsync(gone, makes: false, cancellation);
        rows.Forget(gone.Select(u => u.Tag));
        IReadOnlyDictionary<string, Guid> now = await FindAsync(gone, makes: false, cancellation);
        TagUnit[] again = [.. gone.Where(u => !now.TryGetValue(TagRows.Key(u.Tag), out Guid id) || id != before.GetValueOrDefault(TagRows.Key(u.Tag)))];
        if (again.Length > 0) await TryAsync(again, cancellation);
    }

    async Task TryAsync(IReadOnlyList<TagUnit> units, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, Guid> ids = await FindAsync(units, makes: true, cancellation);
        var calls = new List<(TagUnit Unit, WebApiCall Call)>();
        foreach (TagUnit unit in units)
        {
            if (ids.TryGetValue(TagRows.Key(unit.Tag), out Guid tag)) calls.Add((unit, CallOf(unit, tag)));
            else unit.Result = new CrmResult(CrmOutcome.WasSo);
        }
        IReadOnlyList<WebApiAnswer> answers = await batches.RunAsync([.. calls.Select(c => c.Call)], cancellation);
        foreach (((TagUnit unit, _), WebApiAnswer answer) in calls.Zip(answers)) unit.Result = ResultOf(unit, answer.Fault);
    }

    Task<IReadOnlyDictionary<string, Guid>> FindAsync(IEnumerable<TagUnit> units, bool makes, CancellationToken cancellation) =>
        rows.FindAsync([.. units.Select(u => (u.Tag, makes && u.Wanted))], cancellation);

    WebApiCall CallOf(TagUnit unit, Guid tag)
    {
        string links = $"{ODataText.Row("contacts", unit.Contact)}/{CrmNames.ContactTag}";
        if (!unit.Wanted) return new WebApiCall(HttpMethod.Delete, $"{links}({ODataText.Id(tag)})/$ref");
        return WebApiCall.Post(links + "/$ref", RowJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.id", new Uri(api.Root, ODataText.Row(CrmNames.TagSet, tag)).AbsoluteUri);
            json.WriteEndObject();
        }));
    }

    static CrmResult ResultOf(TagUnit unit, CrmFault? fault)
    {
        if (fault is null) return new CrmResult(CrmOutcome.Done);
        if (unit.Wanted && fault.IsDuplicate) return new CrmResult(CrmOutcome.WasSo);
        // What is not linked cannot be unlinked; only a contact that is gone is told apart.
        if (!unit.Wanted && fault.IsGone && !fault.Message.Contains(unit.Contact.ToString("D"), StringComparison.OrdinalIgnoreCase))
            return new CrmResult(CrmOutcome.WasSo);
        return fault.ToResult();
    }
}
