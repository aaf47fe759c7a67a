using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;

namespace CrmBehavior.Plugins.Tests.Definitions;

/// <summary>What a marketer does with definition rows.</summary>
sealed class Authoring
{
    internal const string Vip = """{"kind":"segment","name":"vip","when":{"trait":"tier","gte":3}}""";

    internal PluginPlatform Platform { get; } = new();

    internal Guid Create(string? json, int? status = null, Action<Entity>? also = null)
    {
        var row = new Entity(CrmNames.Definition) { ["crmb_json"] = json };
        if (status != null) row["statuscode"] = new OptionSetValue(status.Value);
        also?.Invoke(row);
        return Platform.Rows.Create(row);
    }

    /// <summary>A definition in a status, brought there the way people do.</summary>
    internal Guid InStatus(int status, string json = Vip)
    {
        Guid id = Create(json, status is DefinitionStatus.Live or DefinitionStatus.Paused ? DefinitionStatus.Live : null);
        if (status is DefinitionStatus.Paused or DefinitionStatus.Retired) SetStatus(id, status);
        return id;
    }

    internal void Write(Guid id, params (string Column, object? Value)[] columns)
    {
        var row = new Entity(CrmNames.Definition, id);
        foreach ((string column, object? value) in columns) row[column] = value;
        Platform.Rows.Update(row);
    }

    internal void SetStatus(Guid id, int status) => Write(id, ("statuscode", new OptionSetValue(status)));

    internal int Publish(Guid id, string? reason = "because") => Platform.Publish(id, reason);

    internal Entity Row(Guid id) => Platform.Row(CrmNames.Definition, id);

    internal int Status(Guid id) => Row(id).GetAttributeValue<OptionSetValue>("statuscode").Value;

    internal int State(Guid id) => Row(id).GetAttributeValue<OptionSetValue>("statecode").Value;

    internal int? Version(Guid id) => Row(id).GetAttributeValue<int?>("crmb_version");

    internal Entity[] Versions(Guid id) => [.. Platform.All(CrmNames.DefinitionVersion)
        .Where(version => version.GetAttributeValue<EntityReference>("crmb_definitionid").Id == id)
        .OrderBy(version => version.GetAttributeValue<int>("crmb_version"))];

    /// <summary>The sentence of a refusal; nothing was written.</summary>
    internal string Refused(Action act)
    {
        string[] before = [.. Snapshot()];
        string message = Should.Throw<InvalidPluginExecutionException>(act).Message;
        Snapshot().ShouldBe(before);
        return message;
    }

    IEnumerable<string> Snapshot() =>
        from table in new[] { CrmNames.Definition, CrmNames.DefinitionVersion }
        from row in Platform.All(table)
        from column in row.Attributes
        let value = column.Value is OptionSetValue choice ? choice.Value : column.Value is EntityReference reference ? reference.Id : column.Value
        orderby row.Id, column.Key
        select row.Id + " " + column.Key + " " + value;
}
