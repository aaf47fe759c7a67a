using System;
using System.Globalization;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Json;
using CrmBehavior.Plugins.Wording;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>
/// The published versions of a definition. Only this adds one, in the name of who publishes, so that the row itself says who and when;
/// <see cref="VersionChanged"/> refuses every other.
/// </summary>
static class VersionLog
{
    /// <summary>Adds the next version; its number is the answer. The caller holds a lock on the definition.</summary>
    internal static int Append(IOrganizationService rows, Guid definition, string name, string json, string reason)
    {
        Entity? latest = Latest(rows, definition);
        int version = (latest?.GetAttributeValue<int>(VersionColumns.Version) ?? 0) + 1;
        rows.Create(new Entity(CrmNames.DefinitionVersion)
        {
            [VersionColumns.Name] = name + " v" + version.ToString(CultureInfo.InvariantCulture),
            [VersionColumns.Definition] = new EntityReference(CrmNames.Definition, definition),
            [VersionColumns.Version] = version,
            [VersionColumns.Json] = json,
            [VersionColumns.Reason] = reason,
            [VersionColumns.Diff] = latest == null ? "First version." : Diff(latest, json),
        });
        return version;
    }

    static string Diff(Entity latest, string json) =>
        DiffWords.Between(JsonReader.Read(latest.GetAttributeValue<string>(VersionColumns.Json)), JsonReader.Read(json));

    static Entity? Latest(IOrganizationService rows, Guid definition)
    {
        var query = new QueryExpression(CrmNames.DefinitionVersion) { ColumnSet = new ColumnSet(VersionColumns.Version, VersionColumns.Json), TopCount = 1 };
        query.Criteria.AddCondition(VersionColumns.Definition, ConditionOperator.Equal, definition);
        query.AddOrder(VersionColumns.Version, OrderType.Descending);
        return rows.RetrieveMultiple(query).Entities.FirstOrDefault();
    }
}
