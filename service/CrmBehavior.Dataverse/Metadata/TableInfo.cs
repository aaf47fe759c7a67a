using System;
using System.Collections.Generic;
using CrmBehavior.Contracts;

namespace CrmBehavior.Dataverse.Metadata;

/// <summary>What must be known of a table to write its rows.</summary>
/// <param name="Set">Entity set.</param>
/// <param name="LogicalName">Logical name.</param>
/// <param name="PrimaryId">Column of the primary key.</param>
/// <param name="IsActivity">Whether its rows are activities.</param>
sealed record TableInfo(string Set, string LogicalName, string PrimaryId, bool IsActivity)
{
    /// <summary>Status reason of a completed activity: of tasks 5, of all other kinds that are completed by us 2.</summary>
    public int CompletedStatus => LogicalName == "task" ? 5 : 2;

    static readonly Dictionary<string, TableInfo> Known = new(StringComparer.Ordinal)
    {
        ["contacts"] = new("contacts", "contact", "contactid", false),
        ["tasks"] = new("tasks", "task", "activityid", true),
        ["phonecalls"] = new("phonecalls", "phonecall", "activityid", true),
        [CrmNames.TouchpointSet] = new(CrmNames.TouchpointSet, CrmNames.Touchpoint, "activityid", true),
        [CrmNames.ContactScoreSet] = Own(CrmNames.ContactScoreSet, CrmNames.ContactScore),
        [CrmNames.TagSet] = Own(CrmNames.TagSet, CrmNames.Tag),
        [CrmNames.ReviewSet] = Own(CrmNames.ReviewSet, CrmNames.Review),
        [CrmNames.ConsentSet] = Own(CrmNames.ConsentSet, CrmNames.Consent),
        [CrmNames.StatisticSet] = Own(CrmNames.StatisticSet, CrmNames.Statistic),
        [CrmNames.DefinitionSet] = Own(CrmNames.DefinitionSet, CrmNames.Definition),
    };

    /// <summary>The table of a set that ships with the platform or with us, or null.</summary>
    public static TableInfo? Of(string set) => Known.GetValueOrDefault(set);

    static TableInfo Own(string set, string table) => new(set, table, table + "id", false);
}
