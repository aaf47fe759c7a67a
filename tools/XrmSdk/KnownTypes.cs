using System;
using System.Collections.Generic;
using Microsoft.Xrm.Sdk.Query;

namespace Microsoft.Xrm.Sdk;

/// <summary>Types that may stand where a data contract says <c>object</c>.</summary>
static class KnownTypes
{
    static readonly Type[] Values =
    [
        typeof(Entity), typeof(EntityReference), typeof(EntityCollection), typeof(EntityReferenceCollection), typeof(Relationship),
        typeof(OptionSetValue), typeof(OptionSetValueCollection), typeof(Money), typeof(AliasedValue),
        typeof(QueryExpression), typeof(QueryByAttribute), typeof(FetchExpression), typeof(ColumnSet),
        typeof(Guid[]), typeof(int[]), typeof(string[]), typeof(object[]),
    ];

    internal static IEnumerable<Type> All() => Values;
}
