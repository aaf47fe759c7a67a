using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Engine.Explain;

/// <summary>How one definition stands for one contact at an instant, and why. Data; words are made of it elsewhere.</summary>
/// <param name="Source">The definition.</param>
/// <param name="At">As of when, milliseconds since 1970.</param>
public abstract record DefinitionStanding(Definition Source, long At);

/// <summary>How a signal stands.</summary>
/// <param name="Source">The signal.</param>
/// <param name="At">As of when.</param>
/// <param name="IsActive">Whether it is active.</param>
/// <param name="When">Its condition with what was observed.</param>
/// <param name="ActiveUntil">The end of its least activity, where that is still to come; else null.</param>
public sealed record SignalStanding(Definition Source, long At, bool IsActive, Evidence When, long? ActiveUntil) : DefinitionStanding(Source, At);

/// <summary>How a segment stands.</summary>
/// <param name="Source">The segment.</param>
/// <param name="At">As of when.</param>
/// <param name="IsIn">Whether the contact is in it.</param>
/// <param name="When">Its condition with what was observed.</param>
public sealed record SegmentStanding(Definition Source, long At, bool IsIn, Evidence When) : DefinitionStanding(Source, At);

/// <summary>How a score stands.</summary>
/// <param name="Source">The score.</param>
/// <param name="At">As of when.</param>
/// <param name="Value">Its value.</param>
/// <param name="Grade">Its grade, or null where the score has none.</param>
/// <param name="Next">The next higher grade with the points that are missing, or null when there is none.</param>
/// <param name="Falls">The grade that time alone leads to with the instant, or null when time changes nothing.</param>
public sealed record ScoreStanding(Definition Source, long At, double Value, string? Grade, MissingPoints? Next, GradeChange? Falls) : DefinitionStanding(Source, At);

/// <summary>What is missing to a grade.</summary>
/// <param name="Grade">The grade.</param>
/// <param name="Points">How many points, as of now.</param>
public sealed record MissingPoints(string Grade, double Points);

/// <summary>A grade to which time alone leads.</summary>
/// <param name="Grade">The grade.</param>
/// <param name="At">When.</param>
public sealed record GradeChange(string Grade, long At);
