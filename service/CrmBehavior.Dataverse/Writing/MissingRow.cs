using System;
using System.Text.RegularExpressions;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>
/// What "does not exist" means for a row: that it, or the contact it is about, is gone, so that nothing is left to do; or that something
/// else it names is missing (an owner who was deleted), which a person must mend.
/// </summary>
static partial class MissingRow
{
    public static CrmResult ResultOf(RowUnit unit, CrmFault fault)
    {
        if (!fault.IsGone || fault.IsTransient) return fault.ToResult();
        bool namesAny = false;
        foreach (ValueMatch match in Id().EnumerateMatches(fault.Message))
        {
            var id = Guid.Parse(fault.Message.AsSpan(match.Index, match.Length));
            if (id == unit.Id || IsAbout(unit, id)) return new CrmResult(CrmOutcome.Gone, fault.Reason);
            namesAny = true;
        }
        return new CrmResult(namesAny ? CrmOutcome.Refused : CrmOutcome.Gone, fault.Reason);
    }

    static bool IsAbout(RowUnit unit, Guid contact)
    {
        string address = $"contacts({contact:D})";
        foreach (object? value in unit.Columns.Values)
            if (value is string text && text.EndsWith(address, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    [GeneratedRegex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")]
    private static partial Regex Id();
}
