using System;
using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Calls a custom API over HTTP: parameters from the body (actions) or the address (functions), the answer as JSON.</summary>
internal sealed class CustomApiCall(Organization organization)
{
    public WebApiResponse Run(WebApiRequest request, string name, TableInfo? table, Guid id, string? arguments)
    {
        CallContext call = request.Call;
        Row? api = Read(call, () => organization.Apis.Find(name));
        int binding = id != Guid.Empty ? 1 : table is not null ? 2 : 0;
        if (api is null || (api.Int("bindingtype") ?? 0) != binding || table is not null && api.Text("boundentitylogicalname") != table.LogicalName)
            throw Failure.NoSuchSet(name);
        bool function = api["isfunction"] is true;
        if (function != request.IsGet) throw WebApi.NotAllowed(request);
        List<KeyValuePair<string, object>> parameters = Read(call, () =>
        {
            var reader = new ApiArguments(
                organization, new References(organization.Store, request.ServiceRoot, request.ContentIds), organization.Apis.Parameters(api, request: true), name);
            return function ? reader.FromAddress(KeyArguments.OfFunction(arguments, request.Query)) : reader.FromBody(request.JsonOrEmpty());
        });
        IReadOnlyList<KeyValuePair<string, object>> answers = organization.Apis.Run(call, name, table, id, parameters);
        IReadOnlyList<Row> promised = Read(call, () => organization.Apis.Parameters(api, request: false));
        return promised.Count == 0 ? WebApiResponse.NoContent() : ApiAnswer.Of(request, organization.Store.Schema, name, promised, answers);
    }

    T Read<T>(CallContext call, Func<T> read) => call.Transaction is null ? organization.Store.Read(read) : read();
}
