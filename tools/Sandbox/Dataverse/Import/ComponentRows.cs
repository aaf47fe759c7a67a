using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>Writes the components of a solution as rows of the platform's tables, and takes away those that it no longer has.</summary>
internal sealed class ComponentRows(RowStore store, RowTransaction tx, Guid solutionId, bool isManaged, bool activatesSteps)
{
    readonly HashSet<(string Table, Guid Id)> written = [];

    /// <summary>Writes every component.</summary>
    public void Write(Solution solution)
    {
        foreach (PluginAssembly assembly in solution.PluginAssemblies) Assembly(assembly);
        foreach (ServiceEndpoint endpoint in solution.ServiceEndpoints) Endpoint(endpoint);
        foreach (ProcessingStep step in solution.Steps) Step(step);
        foreach (EnvironmentVariable variable in solution.EnvironmentVariables) Variable(variable);
        foreach (CustomApi api in solution.CustomApis) Api(api);
        foreach (WebResource resource in solution.WebResources)
            Put("webresource", resource.Id,
                new()
                {
                    ["name"] = resource.Name,
                    ["displayname"] = resource.Label,
                    ["webresourcetype"] = resource.Type,
                    ["languagecode"] = 1033,
                    ["content"] = Convert.ToBase64String(resource.Content.Span)
                });
        foreach (Role role in solution.Roles) Role(role);
        foreach (View view in solution.Views)
            Put("savedquery", view.Id,
                new()
                {
                    ["name"] = view.Name,
                    ["returnedtypecode"] = view.Table,
                    ["querytype"] = view.QueryType,
                    ["isdefault"] = view.IsDefault,
                    ["fetchxml"] = view.FetchXml,
                    ["layoutxml"] = view.LayoutXml
                });
        foreach (Form form in solution.Forms)
            Put("systemform", form.Id,
                new()
                {
                    ["name"] = form.Name,
                    ["objecttypecode"] = form.Table,
                    ["type"] = form.Type switch { "quick" => 6, "quickCreate" => 7, "card" => 11, _ => 2 },
                    ["formxml"] = form.FormXml
                });
        foreach (Dashboard dashboard in solution.Dashboards)
            Put("systemform", dashboard.Id, new() { ["name"] = dashboard.Name, ["objecttypecode"] = "none", ["type"] = 0, ["formxml"] = dashboard.FormXml });
        foreach (Chart chart in solution.Charts)
            Put("savedqueryvisualization", chart.Id,
                new()
                {
                    ["name"] = chart.Name,
                    ["primaryentitytypecode"] = chart.Table,
                    ["datadescription"] = chart.DataXml,
                    ["presentationdescription"] = chart.PresentationXml
                });
        foreach (SiteMap map in solution.SiteMaps)
            Put("sitemap", Stable("sitemap:" + map.UniqueName),
                new() { ["sitemapname"] = map.Label, ["sitemapnameunique"] = map.UniqueName, ["sitemapxml"] = map.Xml });
        foreach (AppModule app in solution.AppModules)
            Put("appmodule", Stable("appmodule:" + app.UniqueName),
                new()
                {
                    ["name"] = app.Label,
                    ["uniquename"] = app.UniqueName,
                    ["clienttype"] = 4,
                    ["webresourceid"] = new Guid("953b9fac-1e5e-e611-80d6-00155ded156f")
                });
    }

    /// <summary>Removes rows of this solution that <see cref="Write"/> did not write; all of them when it was not called.</summary>
    public void RemoveOthers()
    {
        foreach (TableInfo table in store.Schema.Tables.Where(t => t.Columns.ContainsKey("solutionid") && t.LogicalName != "solution"))
            foreach (Row row in store[table.LogicalName].All.Where(r => r["solutionid"] is Guid id && id == solutionId && !written.Contains((r.Table, r.Id)))
                .ToList())
                Remove(row);
    }

    void Assembly(PluginAssembly assembly)
    {
        var name = new AssemblyName(assembly.FullName);
        Put("pluginassembly", assembly.Id, new()
        {
            ["name"] = name.Name,
            ["version"] = name.Version?.ToString(),
            ["culture"] = "neutral",
            ["publickeytoken"] = name.GetPublicKeyToken() is { Length: > 0 } token ? Convert.ToHexString(token).ToLowerInvariant() : "null",
            ["isolationmode"] = assembly.IsolationMode,
            ["sourcetype"] = 0,
            ["path"] = assembly.FileName,
            ["content"] = Convert.ToBase64String(assembly.Content.Span),
        });
        foreach (PluginType type in assembly.Types)
            Put("plugintype", type.Id, new()
            {
                ["name"] = type.Name,
                ["typename"] = type.Name,
                ["friendlyname"] = type.FriendlyName,
                ["assemblyname"] = name.Name,
                ["version"] = name.Version?.ToString(),
                ["pluginassemblyid"] = new Lookup("pluginassembly", assembly.Id),
            });
    }

    // Keys and addresses of an endpoint belong to the environment: what an administrator set stays.
    void Endpoint(ServiceEndpoint endpoint)
    {
        Row? before = store.Find("serviceendpoint", endpoint.Id);
        Put("serviceendpoint", endpoint.Id, new()
        {
            ["name"] = endpoint.Name,
            ["contract"] = endpoint.Contract,
            ["connectionmode"] = 1,
            ["authtype"] = endpoint.AuthType,
            ["messageformat"] = endpoint.MessageFormat,
            ["userclaim"] = endpoint.UserClaim,
            ["namespaceformat"] = 2,
            ["path"] = before?.Text("path") ?? endpoint.Path,
            ["namespaceaddress"] = before?.Text("namespaceaddress") ?? endpoint.NamespaceAddress,
            ["saskeyname"] = before?.Text("saskeyname") ?? endpoint.SasKeyName,
            ["saskey"] = before?.Text("saskey"),
        });
    }

    // A step comes switched off unless the import was told to activate; one that an administrator changed keeps its state and columns.
    void Step(ProcessingStep step)
    {
        string message = step.Message ?? store.Find("sdkmessage", step.MessageId)?.Text("name") ?? "";
        Row? before = store.Find("sdkmessageprocessingstep", step.Id);
        bool active = activatesSteps || before?.Int("statecode") == 0;
        Put("sdkmessageprocessingstep", step.Id, new()
        {
            ["name"] = step.Name,
            ["description"] = step.Description,
            ["configuration"] = step.Configuration,
            ["sdkmessageid"] = new Lookup("sdkmessage", step.MessageId),
            ["sdkmessagefilterid"] = step.Table is null ? null : new Lookup("sdkmessagefilter", GeneratedRows.FilterId(message, step.Table)),
            ["stage"] = step.Stage,
            ["mode"] = step.Mode,
            ["rank"] = step.Rank,
            ["filteringattributes"] = step.FilteringColumns.Count == 0 ? null : string.Join(',', step.FilteringColumns),
            ["asyncautodelete"] = step.AsyncAutoDelete,
            ["supporteddeployment"] = 0,
            ["eventhandler"] = step.ServiceEndpointId is { } endpoint ? new Lookup("serviceendpoint", endpoint)
                : new Lookup("plugintype", step.PluginTypeId ?? Guid.Empty),
            ["plugintypeid"] = step.PluginTypeId is { } type ? new Lookup("plugintype", type) : null,
            ["statecode"] = active ? 0 : 1,
            ["statuscode"] = active ? 1 : 2,
        });
        foreach (Row old in store["sdkmessageprocessingstepimage"].FindEqual(
            "sdkmessageprocessingstepid", new Lookup("sdkmessageprocessingstep", step.Id))?.ToList() ?? [])
            if (step.Images.All(i => i.Id != old.Id)) Remove(old);
        foreach (StepImage image in step.Images)
            Put("sdkmessageprocessingstepimage", image.Id, new()
            {
                ["name"] = image.Name,
                ["entityalias"] = image.Alias,
                ["imagetype"] = image.ImageType,
                ["messagepropertyname"] = image.MessageProperty,
                ["attributes"] = image.Columns.Count == 0 ? null : string.Join(',', image.Columns),
                ["sdkmessageprocessingstepid"] = new Lookup("sdkmessageprocessingstep", step.Id),
            });
    }

    void Variable(EnvironmentVariable variable)
    {
        Guid id = store["environmentvariabledefinition"].All.FirstOrDefault(d => d.Text("schemaname") == variable.SchemaName)?.Id
            ?? Stable("environmentvariable:" + variable.SchemaName);
        Put("environmentvariabledefinition", id, new()
        {
            ["schemaname"] = variable.SchemaName,
            ["displayname"] = variable.Label,
            ["description"] = variable.Description,
            ["type"] = variable.Type,
            ["defaultvalue"] = variable.DefaultValue,
            ["secretstore"] = variable.SecretStore,
            ["isrequired"] = variable.IsRequired,
        });
    }

    void Api(CustomApi api)
    {
        Guid id = Stable("customapi:" + api.UniqueName);
        Put("customapi", id, new()
        {
            ["uniquename"] = api.UniqueName,
            ["name"] = api.UniqueName,
            ["displayname"] = api.Label,
            ["description"] = api.Description,
            ["bindingtype"] = api.BindingType,
            ["boundentitylogicalname"] = api.BoundTable,
            ["isfunction"] = api.IsFunction,
            ["isprivate"] = api.IsPrivate,
            ["allowedcustomprocessingsteptype"] = api.AllowedStepType,
            ["executeprivilegename"] = api.ExecutePrivilege,
            ["plugintypeid"] = api.PluginTypeId is { } type ? new Lookup("plugintype", type) : null,
            ["sdkmessageid"] = new Lookup("sdkmessage", GeneratedRows.MessageId(api.UniqueName)),
        });
        foreach ((string table, IReadOnlyList<CustomApiParameter> parameters) in new[] { ("customapirequestparameter", api.Request),
            ("customapiresponseproperty", api.Response) })
            foreach (CustomApiParameter parameter in parameters)
                Put(table, Stable($"{table}:{api.UniqueName}:{parameter.UniqueName}"), new()
                {
                    ["uniquename"] = parameter.UniqueName,
                    ["name"] = parameter.UniqueName,
                    ["description"] = parameter.Description,
                    ["type"] = parameter.Type,
                    ["isoptional"] = table == "customapirequestparameter" ? parameter.IsOptional : null,
                    ["customapiid"] = new Lookup("customapi", id),
                });
    }

    void Role(Role role)
    {
        Put("role", role.Id, new() { ["name"] = role.Name, ["businessunitid"] = new Lookup("businessunit", SeedIds.BusinessUnit) });
        LinkRows links = store.Links("roleprivileges_association");
        bool roleFirst = store.Schema.ManyToMany.First(r => r.Name == "roleprivileges_association").FirstTable == "role";
        HashSet<Guid> wanted = [.. role.Privileges.Select(p => PrivilegeNames.IdOf(p.Name))];
        foreach (Guid privilege in links.Others(role.Id, roleFirst).Except(wanted).ToList())
            tx.RemoveLink("roleprivileges_association", roleFirst ? role.Id : privilege, roleFirst ? privilege : role.Id);
        foreach (Guid privilege in wanted)
            if (!links.Contains(roleFirst ? role.Id : privilege, roleFirst ? privilege : role.Id))
                tx.AddLink("roleprivileges_association", roleFirst ? role.Id : privilege, roleFirst ? privilege : role.Id);
    }

    /// <summary>Writes a row as it stands, without rules or steps: the platform's own tables.</summary>
    public void Put(string tableName, Guid id, RowValues values)
    {
        TableInfo table = store.Schema[tableName];
        written.Add((tableName, id));
        values["solutionid"] = solutionId;
        values["ismanaged"] = isManaged;
        Row? before = store.Find(tableName, id);
        RowValues all = before?.ToValues() ?? [];
        foreach ((string name, object? value) in values)
            if (table.Columns.TryGetValue(name, out Column? column)) all[column.Name] = value is int number ? ValueReader.Box(number) : value;
        all[table.PrimaryId] = id;
        if (before is null) Complete(table, all);
        SetIfThere(table, all, "modifiedon", store.Clock.WholeSecond);
        var row = new Row(tableName, id, store.NextVersion(), before?.StorageId ?? store.NextStorageId(), all);
        if (before is null) tx.Insert(row);
        else tx.Replace(before, row);
    }

    void Complete(TableInfo table, RowValues row)
    {
        SetIfThere(table, row, "createdon", store.Clock.WholeSecond);
        SetIfThere(table, row, "createdby", new Lookup("systemuser", SeedIds.SystemUser));
        SetIfThere(table, row, "modifiedby", new Lookup("systemuser", SeedIds.SystemUser));
        if (table.IsOwned) row.Default(table.Columns["ownerid"].Name, new Lookup("systemuser", SeedIds.Administrator));
        SetIfThere(table, row, "componentstate", 0);
        foreach (Column column in table.AllColumns)
            if (column.Default is { } standard && !row.ContainsKey(column.Name))
                row[column.Name] = column.Type == ColumnType.Bool ? ValueReader.Box(standard == 1) : ValueReader.Box(standard);
        if (table.State is not null && !row.ContainsKey("statecode"))
        {
            row[table.State.Name] = 0;
            if (table.Status is not null) row[table.Status.Name] = table.State.Options.FirstOrDefault(o => o.Value == 0)?.DefaultStatus ?? 1;
        }
    }

    void Remove(Row row)
    {
        TableInfo table = store.Schema[row.Table];
        foreach (ManyToMany both in table.Intersects)
        {
            bool first = both.FirstTable == row.Table;
            foreach (Guid other in store.Links(both.Name).Others(row.Id, first).ToList())
                tx.RemoveLink(both.Name, first ? row.Id : other, first ? other : row.Id);
        }
        foreach (OneToMany child in table.Children.Where(
            c => store.Schema[c.ReferencingTable].IndexedLookups.Contains(c.ReferencingColumn) && c.Delete == CascadeDelete.Cascade
                || c.ReferencingTable is "sdkmessageprocessingstepimage" or "environmentvariablevalue"))
            foreach (Row hanging in store[child.ReferencingTable].FindEqual(child.ReferencingColumn, new Lookup(row.Table, row.Id))?.ToList() ?? [])
                if (store.Find(hanging.Table, hanging.Id) is not null) Remove(hanging);
        // Jobs of a step that is gone run no more.
        if (row.Table == "sdkmessageprocessingstep")
            foreach (Row job in store["asyncoperation"].All.Where(j => j.Lookup("owningextensionid")?.Id == row.Id).ToList()) tx.Remove(job);
        tx.Remove(row);
    }

    static void SetIfThere(TableInfo table, RowValues row, string name, object? value)
    {
        if (table.Columns.TryGetValue(name, out Column? column)) row[column.Name] = value;
    }

    static Guid Stable(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
