using System;
using System.Linq;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>A name is used once per kind among the definitions that are not retired.</summary>
static class UniqueName
{
    internal static void Check(IOrganizationService rows, DefinitionDocument document, Guid self)
    {
        var query = new QueryExpression(CrmNames.Definition) { ColumnSet = new ColumnSet(false), TopCount = 1 };
        query.Criteria.AddCondition(DefinitionColumns.Kind, ConditionOperator.Equal, document.Kind);
        query.Criteria.AddCondition(DefinitionColumns.Name, ConditionOperator.Equal, document.Name);
        query.Criteria.AddCondition(DefinitionColumns.State, ConditionOperator.Equal, 0);
        query.Criteria.AddCondition(DefinitionColumns.Id, ConditionOperator.NotEqual, self);
        if (rows.RetrieveMultiple(query).Entities.Any())
        {
            throw new InvalidPluginExecutionException(
                "There is already a " + document.Kind + " named \"" + document.Name + "\" (crmb_json, /name). "
                + "Choose another name, or edit or retire that one.");
        }
    }
}
