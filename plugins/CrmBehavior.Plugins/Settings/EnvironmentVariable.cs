using System.Linq;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Settings;

/// <summary>Reads settings of the environment, each time anew: a plugin keeps nothing.</summary>
static class EnvironmentVariable
{
    /// <summary>The current value, else the default, else null.</summary>
    internal static string? Read(IOrganizationService rows, string schemaName)
    {
        var definitions = new QueryExpression("environmentvariabledefinition") { ColumnSet = new ColumnSet("defaultvalue"), TopCount = 1 };
        definitions.Criteria.AddCondition("schemaname", ConditionOperator.Equal, schemaName);
        Entity? definition = rows.RetrieveMultiple(definitions).Entities.FirstOrDefault();
        if (definition == null) return null;

        var values = new QueryExpression("environmentvariablevalue") { ColumnSet = new ColumnSet("value"), TopCount = 1 };
        values.Criteria.AddCondition("environmentvariabledefinitionid", ConditionOperator.Equal, definition.Id);
        Entity? current = rows.RetrieveMultiple(values).Entities.FirstOrDefault();
        string? value = current?.GetAttributeValue<string>("value");
        return string.IsNullOrEmpty(value) ? definition.GetAttributeValue<string>("defaultvalue") : value;
    }
}
