using System.Collections.Generic;

namespace CrmBehavior.Plugins.Capture;

/// <summary>Columns that e-mails, phone calls, appointments and tasks share.</summary>
static class ActivityColumns
{
    internal const string Subject = "subject";
    internal const string Owner = "ownerid";
    internal const string Regarding = "regardingobjectid";
    internal const string State = "statecode";

    /// <summary>True for outgoing; only on e-mails and phone calls.</summary>
    internal const string Direction = "directioncode";

    /// <summary>What an event tells of an activity, and what orders it.</summary>
    internal static IEnumerable<string> Read(bool directed)
    {
        yield return Subject;
        yield return Owner;
        yield return Regarding;
        yield return State;
        if (directed) yield return Direction;
        yield return ContactColumns.RowVersion;
    }
}
