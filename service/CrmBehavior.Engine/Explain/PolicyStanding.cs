using System.Collections.Generic;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Engine.Explain;

/// <summary>How a contact stands with the rules of a policy.</summary>
/// <param name="Source">The policy.</param>
/// <param name="At">As of when.</param>
/// <param name="Rules">Its rules in the order in which they are asked; first what no policy says: the address, the contact's wishes.</param>
public sealed record PolicyStanding(Definition Source, long At, IReadOnlyList<RuleStanding> Rules) : DefinitionStanding(Source, At);

/// <summary>How one rule stands.</summary>
/// <param name="Rule">As a suppressed message names it: <c>blocked doNotEmail doNotBulkEmail consent holdout review quietHours sendTime cooldown cap</c>.</param>
/// <param name="By">policy/rule; null where no policy says it.</param>
/// <param name="Blocks">Whether a message that it is about would not go out now.</param>
public sealed record RuleStanding(string Rule, string? By, bool Blocks)
{
    /// <summary>Until when it blocks, where time alone ends that; else null.</summary>
    public long? Until { get; init; }

    /// <summary>How many messages count against a cap.</summary>
    public int? Used { get; init; }

    /// <summary>The latest message that counts, or null.</summary>
    public Winner? Latest { get; init; }

    /// <summary>A condition behind it with what was observed, or null.</summary>
    public Evidence? Evidence { get; init; }

    /// <summary>What the contact said about consent; null when nothing, or where the rule is another.</summary>
    public bool? Consent { get; init; }
}
