using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Plugins;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>
/// CreateMultiple, UpdateMultiple and UpsertMultiple: one transaction for all rows. Each raises its own message once, and Create or Update
/// for each row.
/// </summary>
internal sealed class BulkOperations(Organization organization, PayloadMessages payloads)
{
    RowStore Store => organization.Store;

    public WebApiResponse Create(WebApiRequest request, TableInfo table)
    {
        List<Payload> targets = Targets(request, table);
        var references = new References(Store, request.ServiceRoot, request.ContentIds);
        List<(Guid Id, RowValues Values)> rows = payloads.Read(request.Call, () => targets.Select(t =>
        {
            RowValues values = t.Resolve(references);
            return (Id: NewId(table, values), Values: values);
        }).ToList());
        PipelineFrame? frame = organization.Pipeline.OpenMultiple(request.Call, "CreateMultiple", table, rows);
        frame?.BeforeValidation(null);
        List<Guid> ids = organization.Rows.InTransaction(request.Call, tx =>
        {
            CallContext inside = request.Call with { Transaction = tx, InMultiple = true };
            frame?.Before(tx, null);
            IReadOnlyList<RowValues> changed = frame?.Targets() ?? [.. rows.Select(r => r.Values)];
            List<Guid> made = [.. targets.Select((t, i) => payloads.Create(inside, t, changed[i], references))];
            frame?.AfterAll(tx, [.. made]);
            return made;
        });
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", request.ServiceRoot + "$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse");
            json.WriteStartArray("Ids");
            foreach (Guid id in ids) json.WriteStringValue(id);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    public WebApiResponse Write(WebApiRequest request, TableInfo table, bool upserts)
    {
        List<Payload> targets = Targets(request, table);
        var references = new References(Store, request.ServiceRoot, request.ContentIds);
        organization.Rows.InTransaction(request.Call, tx =>
        {
            CallContext inside = request.Call with { Transaction = tx, InMultiple = true };
            if (!upserts) RefuseMissing(table, targets);
            List<(Payload Payload, Row Row)> found = [];
            List<Payload> missing = [];
            foreach (Payload target in targets)
            {
                KeyArguments? key = target.Address is { } address ? KeyOf(table, address) : null;
                if (Find(table, target, key, references) is { } row) found.Add((key?.Key is { } named ? target.Without(named.Columns) : target, row));
                else missing.Add(key is null ? target : target.WithKey(key));
            }
            // A row that comes twice is made by the first and written by the second.
            if (missing.Count > 0) CreateAll(inside, table, missing, references);
            if (found.Count > 0) UpdateAll(inside, table, found, references);
            return true;
        });
        return WebApiResponse.NoContent();
    }

    void CreateAll(CallContext call, TableInfo table, List<Payload> targets, References references)
    {
        List<(Guid Id, RowValues Values)> rows = [.. targets.Select(t =>
        {
            RowValues values = t.Resolve(references);
            return (NewId(table, values), values);
        })];
        PipelineFrame? frame = organization.Pipeline.OpenMultiple(call, "CreateMultiple", table, rows);
        frame?.BeforeValidation(null);
        frame?.Before(call.Transaction!, null);
        IReadOnlyList<RowValues> changed = frame?.Targets() ?? [.. rows.Select(r => r.Values)];
        for (int i = 0; i < targets.Count; i++)
        {
            Guid id = (Guid)changed[i][table.PrimaryId]!;
            if (Store[table.LogicalName].Find(id) is not null) organization.Rows.Update(call, table, id, Without(changed[i], table.PrimaryId));
            else if (ByAlternateKey(table, changed[i]) is { } twice) organization.Rows.Update(call, table, twice.Id, Without(changed[i], table.PrimaryId));
            else payloads.Create(call, targets[i], changed[i], references);
        }
        frame?.AfterAll(call.Transaction!, [.. rows.Select(r => r.Id)]);
    }

    void UpdateAll(CallContext call, TableInfo table, List<(Payload Payload, Row Row)> targets, References references)
    {
        List<(Guid Id, RowValues Values)> rows =
            [.. targets.Select(t => (t.Row.Id, PayloadMessages.FlatValues(t.Payload.Without([table.PrimaryId]), references)))];
        PipelineFrame? frame = organization.Pipeline.OpenMultiple(call, "UpdateMultiple", table, rows);
        frame?.BeforeValidation(null);
        frame?.Before(call.Transaction!, null);
        IReadOnlyList<RowValues> changed = frame?.Targets() ?? [.. rows.Select(r => r.Values)];
        for (int i = 0; i < rows.Count; i++) organization.Rows.Update(call, table, rows[i].Id, Without(changed[i], table.PrimaryId));
        frame?.AfterAll(call.Transaction!, [.. rows.Select(r => r.Id)]);
    }

    // The platform names all rows that are not there, not the first alone.
    void RefuseMissing(TableInfo table, List<Payload> targets)
    {
        if (targets.Find(t => t.Id is null && t.Address is null) is not null)
            throw Failure.InvalidArgument($"Each target of UpdateMultiple needs its '{table.PrimaryId}'.");
        List<Guid> missing = [.. targets.Where(t => t.Address is null).Select(t => t.Id!.Value).Where(id => Store.Find(table.LogicalName, id) is null)];
        if (missing.Count > 0) throw Failure.NotFound(table.LogicalName, missing);
        foreach (Payload target in targets)
            if (target.Address is { } address) KeyOf(table, address).Get(Store, table);
    }

    Row? Find(TableInfo table, Payload target, KeyArguments? key, References references) => key is not null ? key.Find(Store, table)
        : target.Id is { } id ? Store.Find(table.LogicalName, id)
        : table.Keys.Count == 0 ? null : ByAlternateKey(table, target.Resolve(references));

    // A target without id may be known by the values of an alternate key.
    Row? ByAlternateKey(TableInfo table, RowValues values) =>
        table.Keys.Where(k => k.Columns.All(c => values.Value(c) is not null)).Select(k => Store[table.LogicalName].FindByKey(k, c => values.Value(c)))
            .FirstOrDefault(r => r is not null);

    Guid NewId(TableInfo table, RowValues values)
    {
        if (values.Value(table.PrimaryId) is Guid given && given != Guid.Empty) return given;
        Guid id = Guid.CreateVersion7(Store.Clock.GetUtcNow());
        values[table.PrimaryId] = id;
        return id;
    }

    static RowValues Without(RowValues values, string column)
    {
        values.Remove(column);
        return values;
    }

    static KeyArguments KeyOf(TableInfo table, string address)
    {
        PathSegment segment = ResourcePath.Parse(address).Last;
        if (segment.Name != table.SetName || segment.Arguments is null)
            throw Failure.BadPayload($"The @odata.id '{address}' does not name a row of '{table.SetName}'.");
        return KeyArguments.Parse(table, segment.Arguments);
    }

    List<Payload> Targets(WebApiRequest request, TableInfo table)
    {
        if (!request.Json().TryGetProperty("Targets", out JsonElement list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw Failure.BadPayload("The parameter 'Targets' must be a list of at least one row.");
        List<Payload> targets = [.. list.EnumerateArray().Select(t => Payload.Read(Store.Schema, table, t))];
        if (targets.Find(t => t.TypeName != table.LogicalName) is not null)
            throw Failure.BadPayload($"Each element of Targets needs \"@odata.type\":\"Microsoft.Dynamics.CRM.{table.LogicalName}\".");
        return targets;
    }
}
