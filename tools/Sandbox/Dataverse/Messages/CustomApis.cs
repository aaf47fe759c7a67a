using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Plugins;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>Messages that solutions brought: checked against their declaration and run by their plugin, in one transaction.</summary>
internal sealed class CustomApis(Organization organization)
{
    RowStore Store => organization.Store;

    /// <summary>The declaration of that name; null when there is none. Call where rows can be read.</summary>
    public Row? Find(string name) => Store["customapi"].All.FirstOrDefault(a => a.Text("uniquename") == name);

    /// <summary>Its request parameters, or response properties, in order of name.</summary>
    public IReadOnlyList<Row> Parameters(Row api, bool request) =>
        [.. Store[request ? "customapirequestparameter" : "customapiresponseproperty"].All.Where(p => p.Lookup("customapiid")?.Id == api.Id)
            .OrderBy(p => p.Text("uniquename"), StringComparer.Ordinal)];

    /// <summary>Runs it; answers what it puts out.</summary>
    public IReadOnlyList<KeyValuePair<string,
        object>> Run(CallContext call, string name, TableInfo? table, Guid id, IEnumerable<KeyValuePair<string, object>> parameters)
    {
        if (call.Depth > CallContext.MaxDepth) throw Failure.TooDeep();
        Row api = Read(call, () => Find(name)) ?? throw new DataverseException(404, ErrorCodes.NoResource, $"Resource not found for the segment '{name}'.");
        List<KeyValuePair<string, object>> given = [.. parameters];
        foreach (Row wanted in Read(call, () => Parameters(api, request: true)))
            if (wanted["isoptional"] is not true && given.All(g => g.Key != wanted.Text("uniquename")))
                throw Failure.InvalidArgument($"The parameter '{wanted.Text("uniquename")}' of '{name}' is missing.");
        PipelineFrame frame = organization.Pipeline.Open(call, name, table, id, given);
        frame.BeforeValidation(null);
        return organization.Rows.InTransaction(call, tx =>
        {
            Row? row = null;
            if (table is not null && id != Guid.Empty)
            {
                row = Store.Find(table.LogicalName, id) ?? throw Failure.NotFound(table.LogicalName, id);
                Access.Demand(call.Caller, "Read", table, row);
            }
            if (api.Text("executeprivilegename") is { } privilege) Access.DemandNamed(call.Caller, privilege);
            frame.Before(tx, row);
            if (api.Lookup("plugintypeid") is { } plugin) frame.Main(tx, plugin.Id, row);
            frame.After(tx, row, null);
            return (IReadOnlyList<KeyValuePair<string, object>>)[.. frame.Context.OutputParameters];
        });
    }

    T Read<T>(CallContext call, Func<T> read) => call.Transaction is null ? Store.Read(read) : read();
}
