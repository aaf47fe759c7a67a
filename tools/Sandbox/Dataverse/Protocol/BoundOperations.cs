using System;
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
    readonly BulkOperations bulk = new(organization, payloads);

    readonly QueueRows queues = new(organization.Store, organization.Rows);

    RowStore Store => organization.Store;

    public WebApiResponse OnSet(WebApiRequest request, TableInfo table, string name, string? arguments)
    {
        switch (name)
        {
            case "CreateMultiple": return bulk.Create(request, table);
            case "UpdateMultiple": return bulk.Write(request, table, upserts: false);
            case "UpsertMultiple": return bulk.Write(request, table, upserts: true);
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
            case "AddToQueue" when table.LogicalName == "queue":
                Guid item = queues.Add(request.Call, row, request.Json());
                return WebApiResponse.Write(200, json =>
                {
                    json.WriteStartObject();
                    json.WriteString("@odata.context", request.ServiceRoot + "$metadata#Microsoft.Dynamics.CRM.AddToQueueResponse");
                    json.WriteString("QueueItemId", item);
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
}
