using System;
using System.Collections.Frozen;
using System.Linq;
using Microsoft.OData.Edm;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Query.OData;

/// <summary>The platform's own functions in <c>$filter</c>, such as <c>Microsoft.Dynamics.CRM.In(PropertyName='x',PropertyValues=['a'])</c>.</summary>
internal static class QueryFunctions
{
    static readonly string[] WithoutValue =
    [
        "Today", "Yesterday", "Tomorrow", "Last7Days", "Next7Days", "ThisWeek", "LastWeek", "NextWeek", "ThisMonth", "LastMonth", "NextMonth", "ThisYear",
            "LastYear", "NextYear",
        "EqualUserId", "NotEqualUserId", "EqualBusinessId", "NotEqualBusinessId", "EqualUserTeams", "EqualUserOrUserTeams",
    ];

    static readonly string[] WithValue =
    [
        "LastXHours", "LastXDays", "LastXWeeks", "LastXMonths", "LastXYears", "NextXHours", "NextXDays", "NextXWeeks", "NextXMonths", "NextXYears",
        "OlderThanXMinutes", "OlderThanXHours", "OlderThanXDays", "OlderThanXWeeks", "OlderThanXMonths", "OlderThanXYears", "On", "NotOn", "OnOrAfter",
            "OnOrBefore",
    ];

    static readonly string[] WithValues = ["In", "NotIn", "Between", "NotBetween", "ContainValues", "DoesNotContainValues"];

    static readonly FrozenDictionary<string, ConditionOperator> Operators = WithoutValue.Concat(WithValue).Concat(WithValues)
        .ToFrozenDictionary(n => OrgModel.Namespace + "." + n, Enum.Parse<ConditionOperator>, StringComparer.Ordinal);

    /// <summary>The operator a function stands for; null when it is none of them.</summary>
    public static ConditionOperator? OperatorOf(string qualifiedName) => Operators.TryGetValue(qualifiedName, out ConditionOperator found) ? found : null;

    public static void AddTo(EdmModel model, IEdmEntityType root)
    {
        var text = EdmCoreModel.Instance.GetString(isNullable: true);
        var texts = new EdmCollectionTypeReference(new EdmCollectionType(text));
        foreach (string name in WithoutValue.Concat(WithValue).Concat(WithValues))
        {
            var function = new EdmFunction(
                OrgModel.Namespace, name, EdmCoreModel.Instance.GetBoolean(isNullable: false), isBound: true, entitySetPathExpression: null,
                    isComposable: false);
            function.AddParameter("entity", new EdmEntityTypeReference(root, isNullable: false));
            function.AddParameter("PropertyName", text);
            if (WithValue.Contains(name))
                function.AddParameter(
                    "PropertyValue", name.StartsWith("On", StringComparison.Ordinal) || name == "NotOn" ? text
                        : EdmCoreModel.Instance.GetInt64(isNullable: true));
            if (WithValues.Contains(name)) function.AddParameter("PropertyValues", texts);
            model.AddElement(function);
        }
    }
}
