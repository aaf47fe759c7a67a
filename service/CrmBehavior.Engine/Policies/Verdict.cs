using CrmBehavior.Engine.Decisions;

namespace CrmBehavior.Engine.Policies;

/// <summary>What becomes of a message.</summary>
internal enum Fate
{
    /// <summary>It goes out.</summary>
    Send,

    /// <summary>It is dropped.</summary>
    Drop,

    /// <summary>It is put off, and asked again.</summary>
    Defer,

    /// <summary>A person sees it first.</summary>
    Hold,
}

/// <summary>The answer of the policies.</summary>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Rule">Which rule decided, as the line says it; null when it goes out.</param>
/// <param name="Until">Until when it is put off or held.</param>
/// <param name="By">policy/rule, or null where no policy says it.</param>
/// <param name="Winner">The message that counts, or null.</param>
/// <param name="SendByDefault">Of a held one: whether it goes out when nobody answers.</param>
internal readonly record struct Verdict(Fate Fate, string? Rule = null, long Until = 0, string? By = null, Winner? Winner = null, bool SendByDefault = false)
{
    public static Verdict Send { get; } = new(Fate.Send);

    public static Verdict Drop(string rule, string? by = null, Winner? winner = null) => new(Fate.Drop, rule, 0, by, winner);
}
