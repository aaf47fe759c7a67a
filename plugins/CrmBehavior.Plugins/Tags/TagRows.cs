using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Tags;

/// <summary>The rows of tags by name, contacts by id, and which tag is on which contact.</summary>
static class TagRows
{
    internal const string Contact = "contact";
    const string ContactId = "contactid";
    const string TagId = "crmb_tagid";
    const string Name = "crmb_name";

    // The database takes some two thousand parameters in one statement.
    const int ValuesPerQuery = 500;

    /// <summary>Those of the contacts that are there and that the caller may read.</summary>
    internal static HashSet<Guid> Contacts(IOrganizationService rows, IReadOnlyList<Guid> ids) =>
        new HashSet<Guid>(Read(rows, Contact, [ContactId], ContactId, ids.Cast<object>().ToArray()).Select(row => row.Id));

    /// <summary>Ids of the tags that are there, whatever the case of their letters.</summary>
    internal static Dictionary<string, Guid> Tags(IOrganizationService rows, IReadOnlyList<string> names)
    {
        var found = new Dictionary<string, Guid>(StringComparer.OrdinalIgnoreCase);
        foreach (Entity row in Read(rows, CrmNames.Tag, [Name], Name, names.Cast<object>().ToArray())) found[row.GetAttributeValue<string>(Name).Trim()] = row.Id;
        return found;
    }

    /// <summary>Adds a tag.</summary>
    internal static Guid Create(IOrganizationService rows, string name) => rows.Create(new Entity(CrmNames.Tag) { [Name] = name });

    /// <summary>The contacts that have a tag, of those given.</summary>
    internal static HashSet<Guid> Tagged(IOrganizationService rows, Guid tag, IReadOnlyList<Guid> contacts)
    {
        var query = new ConditionExpression(TagId, ConditionOperator.Equal, tag);
        return new HashSet<Guid>(Read(rows, CrmNames.ContactTag, [ContactId], ContactId, contacts.Cast<object>().ToArray(), query)
            .Select(row => row.GetAttributeValue<Guid>(ContactId)));
    }

    static IEnumerable<Entity> Read(
        IOrganizationService rows, string table, string[] columns, string column, object[] values, ConditionExpression? also = null)
    {
        for (int start = 0; start < values.Length; start += ValuesPerQuery)
        {
            // Each value finds at most one row, so that an answer never goes beyond one page.
            var query = new QueryExpression(table) { ColumnSet = new ColumnSet(columns) };
            query.Criteria.AddCondition(column, ConditionOperator.In, values.Skip(start).Take(ValuesPerQuery).ToArray());
            if (also != null) query.Criteria.AddCondition(also);
            foreach (Entity row in rows.RetrieveMultiple(query).Entities) yield return row;
        }
    }
}
