using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Dataverse.Writing;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Tags;

/// <summary>The rows of tags by name, whatever the case of its letters; made when a tag is wanted that has none.</summary>
sealed class TagRows(WebApi api)
{
    const int NamesPerRequest = 20;
    readonly ConcurrentDictionary<string, Guid> known = new(StringComparer.Ordinal);

    /// <summary>The id of each name's row; names without a row are left out, unless their row shall be made.</summary>
    /// <exception cref="CrmException">The CRM did not answer.</exception>
    public async Task<IReadOnlyDictionary<string, Guid>> FindAsync(IReadOnlyCollection<(string Name, bool Makes)> names, CancellationToken cancellation)
    {
        var found = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var unknown = new Dictionary<string, (string Name, bool Makes)>(StringComparer.Ordinal);
        foreach ((string name, bool makes) in names)
        {
            string key = Key(name);
            if (known.TryGetValue(key, out Guid id)) found[key] = id;
            else unknown[key] = (name, makes || (unknown.TryGetValue(key, out var before) && before.Makes));
        }
        foreach (var chunk in unknown.Chunk(NamesPerRequest))
            foreach ((string key, Guid id) in await ReadAsync([.. chunk.Select(c => c.Value.Name)], cancellation)) found[key] = known[key] = id;
        foreach ((string key, (string name, bool makes)) in unknown)
            if (makes && !found.ContainsKey(key)) found[key] = known[key] = await MakeAsync(name, cancellation);
        return found;
    }

    /// <summary>Forgets rows that turned out to be gone.</summary>
    public void Forget(IEnumerable<string> names)
    {
        foreach (string name in names) known.TryRemove(Key(name), out _);
    }

    public static string Key(string name) => name.Trim().ToUpperInvariant();

    async Task<Dictionary<string, Guid>> ReadAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        string address = ODataText.Address(CrmNames.TagSet, ("select", "crmb_tagid,crmb_name"),
            ("filter", ODataText.Any(names.Select(n => ODataText.Equal("crmb_name", n)))));
        var found = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (JsonElement row in await api.ReadRowsAsync(address, null, cancellation))
        {
            if (!row.TryGetProperty("crmb_name", out JsonElement name) || name.GetString() is not { } text) continue;
            Guid id = row.GetProperty("crmb_tagid").GetGuid();
            string key = Key(text);
            // Of two rows of one name ours is taken, else the lowest: always the same.
            if (!found.TryGetValue(key, out Guid other) || id == NameBasedId.OfTag(text) || (other != NameBasedId.OfTag(text) && id.CompareTo(other) < 0))
                found[key] = id;
        }
        return found;
    }

    async Task<Guid> MakeAsync(string name, CancellationToken cancellation)
    {
        Guid id = NameBasedId.OfTag(name);
        var row = new RowUnit(RowDeed.Create, CrmNames.TagSet, id, new Dictionary<string, object?> { ["crmb_name"] = name });
        WebApiAnswer answer = await api.TrySendAsync(WebApiCall.Post(CrmNames.TagSet,
            RowJson.Single(row, CrmNames.Tag + "id", new Dictionary<string, string>())), cancellation);
        if (answer.Fault is null) return id;
        if (!answer.Fault.IsDuplicate && answer.Fault.Code != ErrorCodes.DuplicateKey) throw answer.Fault.ToException();
        // Another process, or a person, was faster: under our id, or under one of his own.
        return (await ReadAsync([name], cancellation)).TryGetValue(Key(name), out Guid theirs) ? theirs : throw answer.Fault.ToException();
    }
}
