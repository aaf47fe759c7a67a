using System;
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

namespace CrmBehavior.Dataverse.Definitions;

/// <summary>Publishes definitions, one after the other in the order given; what is published already in the same meaning stays as it is.</summary>
sealed class DefinitionPublisher(WebApi api)
{
    public async Task<IReadOnlyList<string>> PublishAsync(IReadOnlyList<(string Kind, string Name, string Json)> definitions, string reason,
        CancellationToken cancellation)
    {
        var done = new List<string>();
        foreach ((string kind, string name, string json) in definitions)
        {
            try
            {
                if (await PublishAsync(kind, name, json, reason, cancellation) is { } what) done.Add(what);
            }
            catch (CrmException e)
            {
                string before = done.Count == 0 ? "Nothing was published." : $"Published before that: {string.Join(", ", done)}.";
                throw new CrmException($"{kind} {name}: {e.Message} {before}", e.IsTransient, e.Code, e) { RetryAfter = e.RetryAfter };
            }
        }
        return done;
    }

    async Task<string?> PublishAsync(string kind, string name, string json, string reason, CancellationToken cancellation)
    {
        if (await FindAsync(kind, name, cancellation) is not { } row)
        {
            await api.SendAsync(WebApiCall.Post(CrmNames.DefinitionSet, Body(("crmb_json", json), ("statuscode", DefinitionStatus.Live))), cancellation);
            return $"{kind} {name}: new, version 1";
        }
        bool isPublished = row.Status is DefinitionStatus.Live or DefinitionStatus.Paused;
        if (isPublished && await VersionAsync(row, cancellation) is { } current && SaysTheSame(current, json)) return null;
        await api.SendAsync(WebApiCall.Patch(ODataText.Row(CrmNames.DefinitionSet, row.Id), Body(("crmb_json", json)), mustExist: true), cancellation);
        var publish = WebApiCall.Post($"{ODataText.Row(CrmNames.DefinitionSet, row.Id)}/Microsoft.Dynamics.CRM.{CrmNames.Publish}", Body(("Reason", reason)));
        WebApiAnswer answer = await api.SendAsync(publish, cancellation);
        string version = VersionOf(answer) is { } number ? $"version {number}" : "published";
        return row.Version > 0 ? $"{kind} {name}: {version}, was version {row.Version}" : $"{kind} {name}: {version}, was a draft";
    }

    async Task<DefinitionRow?> FindAsync(string kind, string name, CancellationToken cancellation)
    {
        string filter = ODataText.All(ODataText.Equal("crmb_kind", kind), ODataText.Equal("crmb_name", name), ODataText.Equal("statecode", 0));
        List<JsonElement> found = await api.ReadRowsAsync(ODataText.Address(CrmNames.DefinitionSet, ("select", DefinitionRow.Columns),
            ("filter", filter)), null, cancellation);
        // Names compare without case in the CRM, not in the language.
        return found.Select(DefinitionRow.Of).Where(r => r.Kind == kind && r.Name == name).OrderByDescending(r => r.Version).FirstOrDefault();
    }

    async Task<string?> VersionAsync(DefinitionRow row, CancellationToken cancellation)
    {
        string filter = ODataText.All(ODataText.Equal("_crmb_definitionid_value", row.Id), ODataText.Equal("crmb_version", row.Version));
        List<JsonElement> found = await api.ReadRowsAsync(ODataText.Address(CrmNames.DefinitionVersionSet, ("select", "crmb_json"),
            ("filter", filter), ("top", "1")), null, cancellation);
        return found.Count > 0 ? found[0].GetProperty("crmb_json").GetString() : null;
    }

    /// <summary>Whether two documents mean the same: order of names and spelling of numbers do not count.</summary>
    static bool SaysTheSame(string one, string other)
    {
        try
        {
            using JsonDocument a = JsonDocument.Parse(one), b = JsonDocument.Parse(other);
            return JsonElement.DeepEquals(a.RootElement, b.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static int? VersionOf(WebApiAnswer answer)
    {
        if (answer.Body.Length == 0) return null;
        try
        {
            using JsonDocument body = JsonDocument.Parse(answer.Body);
            return body.RootElement.TryGetProperty("Version", out JsonElement version) && version.TryGetInt32(out int number) ? number : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static byte[] Body(params (string Name, object Value)[] columns) => RowJson.Write(json =>
    {
        json.WriteStartObject();
        foreach ((string name, object value) in columns)
        {
            if (value is int number) json.WriteNumber(name, number);
            else json.WriteString(name, (string)value);
        }
        json.WriteEndObject();
    });
}
