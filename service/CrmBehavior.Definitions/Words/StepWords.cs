using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Definitions.Words;

/// <summary>Steps of journeys in plain English.</summary>
public static class StepWords
{
    /// <summary>A step without its arms: "Send the mail "cart"".</summary>
    /// <param name="step">A step.</param>
    /// <returns>The words, without full stop.</returns>
    public static string Of(Step step) => JourneyWords.Plain(step).TrimEnd('.', ':');
}
