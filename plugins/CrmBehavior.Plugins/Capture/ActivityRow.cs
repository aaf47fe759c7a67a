using System.Collections.Generic;
using System.Linq;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Capture;

/// <summary>An activity as far as an event tells of it: what was sent, over what the image shows, over what is stored.</summary>
sealed class ActivityRow
{
    readonly Entity? target;

    ActivityRow(Entity? target, Entity? stored, bool incomplete)
    {
        this.target = target;
        Stored = stored;
        Incomplete = incomplete;
    }

    /// <summary>The image, or what was read in its place.</summary>
    internal Entity? Stored { get; }

    /// <summary>The platform left out both what was sent and the image.</summary>
    internal bool Incomplete { get; }

    internal static ActivityRow Read(PluginCall call)
    {
        Entity? after = call.After;
        bool incomplete = call.Target == null && after == null;
        return new ActivityRow(call.Target, after ?? Load(call), incomplete);
    }

    /// <summary>A column's value, or the default where nobody knows it.</summary>
    internal T? Value<T>(string column)
    {
        if (target != null && target.Attributes.TryGetValue(column, out object? sent)) return sent is T written ? written : default;
        return Stored != null && Stored.Attributes.TryGetValue(column, out object? kept) && kept is T value ? value : default;
    }

    /// <summary>The parties in every list of them that was sent; null when none was.</summary>
    internal IReadOnlyList<Entity>? Parties()
    {
        IEnumerable<object> values = (target?.Attributes.Values ?? []).Concat(Stored?.Attributes.Values ?? []);
        EntityCollection[] lists = values.OfType<EntityCollection>().ToArray();
        return lists.Length == 0 ? null : lists.SelectMany(list => list.Entities).ToArray();
    }

    // A query rather than Retrieve: a row that is gone meanwhile is no error.
    static Entity? Load(PluginCall call)
    {
        string table = call.Context.PrimaryEntityName;
        bool directed = table is "email" or "phonecall";
        var query = new QueryExpression(table) { ColumnSet = new ColumnSet(ActivityColumns.Read(directed).ToArray()), TopCount = 1 };
        query.Criteria.AddCondition("activityid", ConditionOperator.Equal, call.RowId);
        return call.AsSystem().RetrieveMultiple(query).Entities.FirstOrDefault();
    }
}
