using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Bus;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>
/// What an administrator would do after the import, done by the sandbox: roles for the seeded users, values of environment variables,
/// address and key of the service endpoint. What is set already stays as it is.
/// </summary>
internal static class EnvironmentSettings
{
    const string UserRoles = "systemuserroles_association";

    const string ServiceUrlVariable = "crmb_ServiceUrl";

    /// <summary>Does it; <paramref name="variables"/> are values that came with the import.</summary>
    public static void Apply(
        RowStore store, RowTransaction tx, MessageBus bus, Solution solution, string serviceUrl, IReadOnlyDictionary<string, string> variables)
    {
        foreach ((Guid user, string word) in new[] { (SeedIds.Marketer, "Marketer"), (SeedIds.Salesperson, "Salesperson"),
            (SeedIds.SecondSalesperson, "Salesperson"), (SeedIds.ProductAdministrator, "Administrator"), (SeedIds.Service, "Service Account") })
            foreach (Role role in solution.Roles.Where(r => r.Name.EndsWith(word, StringComparison.OrdinalIgnoreCase)))
                if (!store.Links(UserRoles).Contains(user, role.Id)) tx.AddLink(UserRoles, user, role.Id);
        SetVariable(store, tx, "crmb_ServiceUser", SeedIds.Service.ToString(), variables);
        SetVariable(store, tx, "crmb_DefaultOwner", SeedIds.Administrator.ToString(), variables);
        SetVariable(store, tx, ServiceUrlVariable, serviceUrl, variables);
        SetVariable(store, tx, SecretVault.ServiceKeyVariable, SecretVault.ServiceKeyReference, variables);
        foreach ((string name, string value) in variables)
            if (name is not ("crmb_ServiceUser" or "crmb_DefaultOwner" or ServiceUrlVariable or SecretVault.ServiceKeyVariable))
                SetVariable(store, tx, name, value, variables);
        foreach (ServiceEndpoint endpoint in solution.ServiceEndpoints) Connect(store, tx, bus, endpoint.Id);
    }

    /// <summary>After a restart the service may be elsewhere on this machine; an address of an administrator's own stays.</summary>
    public static void Refresh(RowStore store, RowTransaction tx, string serviceUrl)
    {
        Row? value = store["environmentvariablevalue"].All.FirstOrDefault(v => v.Text("schemaname") == ServiceUrlVariable);
        if (value?.Text("value") is { } url && url != serviceUrl && url.StartsWith("http://localhost:", StringComparison.Ordinal))
            SetVariable(store, tx, ServiceUrlVariable, serviceUrl, new Dictionary<string, string> { [ServiceUrlVariable] = serviceUrl });
    }

    static void SetVariable(RowStore store, RowTransaction tx, string name, string standard, IReadOnlyDictionary<string, string> given)
    {
        if (store["environmentvariabledefinition"].All.FirstOrDefault(d => d.Text("schemaname") == name) is not { } definition) return;
        Row? present = store["environmentvariablevalue"].All.FirstOrDefault(v => v.Lookup("environmentvariabledefinitionid")?.Id == definition.Id);
        bool isGiven = given.TryGetValue(name, out string? value);
        if (present is not null && !isGiven) return;
        RowValues values = present?.ToValues() ?? [];
        TableInfo table = store.Schema["environmentvariablevalue"];
        Guid id = present?.Id ?? Guid.CreateVersion7(store.Clock.GetUtcNow());
        values["environmentvariablevalueid"] = id;
        values["environmentvariabledefinitionid"] = new Lookup("environmentvariabledefinition", definition.Id);
        values["schemaname"] = name;
        values["value"] = isGiven ? value : standard;
        values["ownerid"] = new Lookup("systemuser", SeedIds.Administrator);
        values["statecode"] = 0;
        values["statuscode"] = 1;
        values["createdon"] = store.Clock.WholeSecond;
        values["modifiedon"] = store.Clock.WholeSecond;
        var row = new Row(table.LogicalName, id, store.NextVersion(), present?.StorageId
            ?? store.NextStorageId(), [.. values.Select(v => new KeyValuePair<string, object?>(table.Columns[v.Key].Name, v.Value))]);
        if (present is null) tx.Insert(row);
        else tx.Replace(present, row);
    }

    static void Connect(RowStore store, RowTransaction tx, MessageBus bus, Guid endpointId)
    {
        Row before = store.Find("serviceendpoint", endpointId)!;
        if (before.Text("saskey") is not null) return;
        RowValues values = before.ToValues();
        values["path"] = MessageBus.EventQueue;
        values["namespaceaddress"] = "sb://localhost/";
        values["saskeyname"] = bus.KeyName;
        values["saskey"] = bus.Key;
        values["issaskeyset"] = true;
        tx.Replace(before, new Row(
            before.Table, before.Id, store.NextVersion(), before.StorageId,
                [.. values.Select(v => new KeyValuePair<string, object?>(store.Schema[before.Table].Columns[v.Key].Name, v.Value))]));
    }
}
