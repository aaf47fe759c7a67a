using System.Collections.Generic;
using System.Linq;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Capture;

/// <summary>The people an activity is about: the regarding contact, else each contact among the parties.</summary>
static class ActivityContacts
{
    const string Contact = "contact";
    const string Party = "partyid";

    /// <summary>Lower-case ids, each once.</summary>
    internal static IReadOnlyList<string> Of(PluginCall call, ActivityRow row)
    {
        if (row.Value<EntityReference>(ActivityColumns.Regarding) is { LogicalName: Contact } regarding) return [EventStart.Id(regarding.Id)];
        return People(call, row).Where(person => person.LogicalName == Contact).Select(person => EventStart.Id(person.Id)).Distinct().ToArray();
    }

    /// <summary>Whoever is among the parties, of whatever table.</summary>
    internal static IReadOnlyList<EntityReference> People(PluginCall call, ActivityRow row) =>
        (row.Parties() ?? Stored(call))
            .Select(party => party.GetAttributeValue<EntityReference>(Party))
            .Where(person => person != null)
            .ToArray();

    static DataCollection<Entity> Stored(PluginCall call)
    {
        var query = new QueryExpression("activityparty") { ColumnSet = new ColumnSet(Party) };
        query.Criteria.AddCondition("activityid", ConditionOperator.Equal, call.RowId);
        return call.AsSystem().RetrieveMultiple(query).Entities;
    }
}
