using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Query;

namespace CrmBehavior.Dataverse.Definitions;

/// <summary>The JSON of published versions. A version never changes, so each is read once.</summary>
sealed class PublishedVersions(WebApi api)
{
    const int ConditionsPerRequest = 25;
    const string Owner = "_crmb_definitionid_value";
    readonly Dictionary<Guid, SortedDictionary<int, string>> known = [];

    /// <summary>Reads the versions that are not known yet: of journeys all, because old ones run out; of others the one in force.</summary>
    public async Task ReadAsync(IReadOnlyCollection<DefinitionRow> rows, CancellationToken cancellation)
    {
        string[] conditions = [.. rows.Where(r => Find(r.Id, r.Version) is null).Select(Condition)];
        foreach (string[] some in conditions.Chunk(ConditionsPerRequest))
        {
            string address = ODataText.Address(CrmNames.DefinitionVersionSet, ("select", $"crmb_version,crmb_json,{Owner}"), ("filter", ODataText.Any(some)));
            foreach (JsonElement version in await api.ReadRowsAsync(address, "odata.maxpagesize=500", cancellation)) Add(version);
        }
        foreach (DefinitionRow row in rows.Where(r => r.Kind != "journey"))
            if (known.TryGetValue(row.Id, out var versions)) foreach (int old in versions.Keys.Where(v => v != row.Version).ToList()) versions.Remove(old);
        // Definitions that are gone are forgotten.
        HashSet<Guid> ids = [.. rows.Select(r => r.Id)];
        foreach (Guid id in known.Keys.Where(id => !ids.Contains(id)).ToList()) known.Remove(id);
    }

    /// <summary>The JSON of a version, or null.</summary>
    public string? Find(Guid definition, int version) =>
        known.TryGetValue(definition, out var versions) && versions.TryGetValue(version, out string? json) ? json : null;

    /// <summary>The versions before one, lowest first.</summary>
    public IEnumerable<(int Version, string Json)> Before(Guid definition, int version) =>
        known.TryGetValue(definition, out var versions) ? versions.Where(v => v.Key < version).Select(v => (v.Key, v.Value)) : [];

    string Condition(DefinitionRow row)
    {
        int from = known.TryGetValue(row.Id, out var versions) ? versions.Keys.Where(v => v < row.Version).DefaultIfEmpty(0).Max() : 0;
        return ODataText.All(ODataText.Equal(Owner, row.Id), row.Kind == "journey"
            ? ODataText.Greater("crmb_version", from)
            : ODataText.Equal("crmb_version", row.Version));
    }

    void Add(JsonElement version)
    {
        if (!version.TryGetProperty(Owner, out JsonElement owner) || owner.ValueKind != JsonValueKind.String || !owner.TryGetGuid(out Guid id)) return;
        if (!version.TryGetProperty("crmb_json", out JsonElement json) || json.GetString() is not { } text) return;
        if (!known.TryGetValue(id, out var versions)) known[id] = versions = [];
        versions[version.GetProperty("crmb_version").GetInt32()] = text;
    }
}
