using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Definitions;

/// <summary>
/// Follows the published definitions. Asked every other second, it costs one small request as long as nothing changes: the number of rows
/// and their greatest version number.
/// </summary>
sealed class DefinitionFeed(WebApi api, TimeProvider time) : IDisposable
{
    /// <summary>
    /// A row whose change was begun early and committed late has a lower version number than one seen already; so the rows themselves are
    /// looked at now and then, whatever the mark says.
    /// </summary>
    static readonly TimeSpan TrustsMark = TimeSpan.FromSeconds(20);

    readonly SemaphoreSlim single = new(1);
    readonly PublishedVersions versions = new(api);
    IReadOnlyList<DefinitionRow>? rows;
    IReadOnlyList<PublishedDefinition> published = [];
    string mark = "";
    long looked;

    public async Task<IReadOnlyList<PublishedDefinition>> ReadAsync(CancellationToken cancellation)
    {
        await single.WaitAsync(cancellation);
        try
        {
            string now = await MarkAsync(cancellation);
            if (rows is not null && now == mark && time.GetElapsedTime(looked) < TrustsMark) return published;
            long start = time.GetTimestamp();
            IReadOnlyList<DefinitionRow> fresh = await RowsAsync(cancellation);
            if (rows is null || !fresh.SequenceEqual(rows)) published = await PublishedAsync(fresh, cancellation);
            (rows, mark, looked) = (fresh, now, start);
            return published;
        }
        finally
        {
            single.Release();
        }
    }

    public void Dispose() => single.Dispose();

    async Task<string> MarkAsync(CancellationToken cancellation)
    {
        string address = ODataText.Address(CrmNames.DefinitionSet, ("select", "versionnumber"), ("orderby", "versionnumber desc"), ("top", "1"),
            ("count", "true"));
        using JsonDocument answer = await api.ReadAsync(address, null, cancellation);
        string count = answer.RootElement.TryGetProperty("@odata.count", out JsonElement number) ? number.ToString() : "";
        string latest = answer.RootElement.GetProperty("value").EnumerateArray().Select(r => r.TryGetProperty("versionnumber", out JsonElement v)
            ? v.ToString()
            : "").FirstOrDefault("");
        return count + "/" + latest;
    }

    async Task<IReadOnlyList<DefinitionRow>> RowsAsync(CancellationToken cancellation)
    {
        string filter = ODataText.Any([ODataText.Equal("statuscode", DefinitionStatus.Live), ODataText.Equal("statuscode", DefinitionStatus.Paused)]);
        List<JsonElement> found = await api.ReadRowsAsync(ODataText.Address(CrmNames.DefinitionSet, ("select", DefinitionRow.Columns),
            ("filter", filter)), null, cancellation);
        return [.. found.Select(DefinitionRow.Of).OrderBy(r => r.Kind, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.Id)];
    }

    async Task<IReadOnlyList<PublishedDefinition>> PublishedAsync(IReadOnlyList<DefinitionRow> fresh, CancellationToken cancellation)
    {
        await versions.ReadAsync(fresh, cancellation);
        var list = new List<PublishedDefinition>();
        foreach (DefinitionRow row in fresh)
        {
            bool isPaused = row.Status == DefinitionStatus.Paused;
            if (row.Kind == "journey")
                list.AddRange(versions.Before(row.Id, row.Version).Select(v => new PublishedDefinition(row.Kind, row.Name, v.Version, isPaused,
                    IsCurrent: false, v.Json)));
            string json = versions.Find(row.Id, row.Version)
                ?? throw new CrmException($"Version {row.Version} of {row.Kind} {row.Name} is not there; the definitions known so far stay in force.",
                    isTransient: true);
            list.Add(new PublishedDefinition(row.Kind, row.Name, row.Version, isPaused, IsCurrent: true, json));
        }
        return list;
    }
}
