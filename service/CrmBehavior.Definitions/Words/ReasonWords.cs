namespace CrmBehavior.Definitions.Words;

/// <summary>The reasons of decision lines in plain English.</summary>
public static class ReasonWords
{
    /// <summary>Why a trigger fired in vain.</summary>
    /// <param name="reason">Outcome of a <c>refused</c> line.</param>
    /// <returns>A clause.</returns>
    public static string Refused(string reason) => DecisionWords.Refused(reason);

    /// <summary>Why a message did not go out.</summary>
    /// <param name="rule">Outcome of a <c>suppressed</c> or <c>deferred</c> line.</param>
    /// <returns>A clause.</returns>
    public static string Message(string rule) => DecisionWords.MessageRule(rule);
}
