using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Actions and functions on a set or a row: the bulk messages, a few of the platform's own, and custom APIs.</summary>
internal sealed class BoundOperations(Organization organization, PayloadMessages payloads)
{
    readonly CustomApiCall custom = new(organization);

    RowStore Store => organization.Store;

    public WebApiResponse OnSet(WebApiRequest request, TableInfo table, string name, string? arguments)
    {
        switch (name)
        {
            case "CreateMultiple": return CreateMultiple(request, table);
            case "UpdateMultiple": return WriteMultiple(request, table, upserts: false);
            case "UpsertMultiple": return WriteMultiple(request, table, upserts: true);
            case "DeleteMultiple": throw new DataverseException(400, ErrorCodes.NotImplemented, "DeleteMultiple has not yet been implemented.");
            default: return custom.Run(request, name, table, Guid.Empty, arguments);
        }
    }

    public WebApiResponse OnRow(WebApiRequest request, TableInfo table, string key, string name, string? arguments)
    {
        Row row = payloads.Read(request.Call, () => KeyArguments.Parse(table, key).Get(Store, table));
        switch (name)
        {
            case "SendEmail" when table.LogicalName == "email":
                // A stand-in sends nothing itself, with IssueSend or without: the mail is marked as sent.
                organization.Rows.Update(
                    request.Call, table, row.Id, new RowValues { ["statecode"] = 1, ["statuscode"] = 3, ["actualend"] = Store.Clock.WholeSecond });
                return WebApiResponse.Write(200, json =>
                {
                    json.WriteStartObject();
                    json.WriteString("@odata.context", request.ServiceRoot + "$metadata#Microsoft.Dynamics.CRM.SendEmailResponse");
                    json.WriteString("Subject", row.Text("subject"));
                    json.WriteEndObject();
                });
            case "RemovePrivilegeRole" when table.LogicalName == "role":
                Access.Demand(request.Call.Caller, "Write", table, row);
                JsonElement body = request.Json();
                Guid privilege = body.TryGetProperty("PrivilegeId", out JsonElement id) && id.TryGetGuid(out Guid given) ? given
                    : throw Failure.InvalidArgument("PrivilegeId is missing.");
                organization.Links.Disassociate(
                    request.Call, table, row.Id, table.Navigations["roleprivileges_association"], [new Lookup("privilege", privilege)]);
                return WebApiResponse.NoContent();
            default:
                return custom.Run(request, name, table, row.Id, arguments);
        }
    }

    WebApiResponse CreateMultiple(WebApiRequest request, TableInfo table)
    {
        List<Payload> targets = Targets(request, table);
        var references = new References(Store, request.ServiceRoot, request.ContentIds);
        List<Guid> ids = organization.Rows.InTransaction(request.Call, tx =>
        {
            CallContext inside = request.Call with { Transaction = tx };
            return targets.Select(t => payloads.Create(inside, t, references)).ToList();
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

    WebApiResponse WriteMultiple(WebApiRequest request, TableInfo table, bool upserts)
    {
        List<Payload> targets = Targets(request, table);
        var references = new References(Store, request.ServiceRoot, request.ContentIds);
        organization.Rows.InTransaction(request.Call, tx =>
        {
            CallContext inside = request.Call with { Transaction = tx };
            foreach (Payload target in targets) WriteOne(inside, table, target, references, upserts);
            return true;
        });
        return WebApiResponse.NoContent();
    }

    void WriteOne(CallContext call, TableInfo table, Payload target, References references, bool upserts)
    {
        KeyArguments? key = target.Address is { } address ? KeyOf(table, address) : null;
        Row? found = key is not null ? key.Find(Store, table) : target.Id is { } id ? Store.Find(table.LogicalName, id)
            : ByAlternateKey(table, target, references);
        if (found is not null)
        {
            Payload changes = key?.Key is { } named ? target.Without(named.Columns) : target;
            payloads.Update(call, found.Id, changes.Without([table.PrimaryId]), references, null);
            return;
        }
        if (!upserts)
            throw target.Id is { } missing ? Failure.NotFound(table.LogicalName, missing)
                : Failure.InvalidArgument($"Each target of UpdateMultiple needs its '{table.PrimaryId}'.");
        payloads.Create(call, key is null ? target : target.WithKey(key), references);
    }

    // A target without id may be known by the values of an alternate key.
    Row? ByAlternateKey(TableInfo table, Payload target, References references)
    {
        RowValues values = target.Resolve(references);
        return table.Keys.Where(k => k.Columns.All(c => values.Value(c) is not null)).Select(k => Store[table.LogicalName].FindByKey(k, c => values.Value(c)))
            .FirstOrDefault(r => r is not null);
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
