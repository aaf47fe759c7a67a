using System.Collections.Generic;
using CrmBehavior.Engine.Rules;

namespace CrmBehavior.Engine.Definitions;

/// <summary>What marketing staff author: one named unit of the language. Durations are milliseconds throughout.</summary>
/// <param name="Name">Kebab-case, unique per kind.</param>
public abstract record Definition(string Name)
{
    /// <summary>The kind as it is written: <c>signal</c>, <c>score</c>, …</summary>
    public abstract string Kind { get; }

    /// <summary>The published version in live use, from 1; 0 where there are no versions (replay).</summary>
    public int Version { get; init; }
}

/// <summary>What a behaviour means: fires when its condition becomes true, and is active while it holds and for a while after each firing.</summary>
/// <param name="Name">Kebab-case, unique per kind.</param>
/// <param name="When">The condition.</param>
/// <param name="For">How long it stays active at least after each firing; null for no longer than the condition holds.</param>
public sealed record SignalDefinition(string Name, Condition When, long? For) : Definition(Name)
{
    /// <inheritdoc/>
    public override string Kind => "signal";
}

/// <summary>Membership that follows a condition both ways.</summary>
/// <param name="Name">Kebab-case, unique per kind.</param>
/// <param name="When">The condition.</param>
/// <param name="Tag">The CRM tag that follows membership, or null.</param>
public sealed record SegmentDefinition(string Name, Condition When, string? Tag) : Definition(Name)
{
    /// <inheritdoc/>
    public override string Kind => "segment";
}

/// <summary>A number that events raise or lower and time decays.</summary>
/// <param name="Name">Kebab-case, unique per kind.</param>
/// <param name="HalfLife">Time in which the value halves; null for no decay.</param>
/// <param name="Min">Least value at scoring.</param>
/// <param name="Max">Greatest value at scoring.</param>
/// <param name="Points">What scores, in the order written.</param>
/// <param name="Grades">Named ranges by their lower end; may be empty.</param>
public sealed record ScoreDefinition(string Name, long? HalfLife, double Min, double Max, IReadOnlyList<PointRow> Points, IReadOnlyList<Grade> Grades) : Definition(Name)
{
    /// <inheritdoc/>
    public override string Kind => "score";
}

/// <summary>One row of a score: events that match add so much.</summary>
/// <param name="Event">Which events.</param>
/// <param name="Add">How much, also negative.</param>
/// <param name="Cap">At most so many times per time; null for always.</param>
public sealed record PointRow(EventPattern Event, double Add, PointCap? Cap);

/// <summary>At most <paramref name="Max"/> scorings in any time of length <paramref name="Per"/>.</summary>
/// <param name="Max">Greatest number.</param>
/// <param name="Per">Milliseconds.</param>
public sealed record PointCap(int Max, long Per);

/// <summary>A named range of a score.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">Its lower end.</param>
public sealed record Grade(string Name, double From);

/// <summary>A probability learned from history. Known to the language; learning it comes with a later release.</summary>
/// <param name="Name">Kebab-case, unique per kind.</param>
/// <param name="Goal">The event whose coming is foretold.</param>
/// <param name="Within">Within how long.</param>
public sealed record PredictionDefinition(string Name, EventPattern Goal, long Within) : Definition(Name)
{
    /// <inheritdoc/>
    public override string Kind => "prediction";
}

/// <summary>The text of a mail.</summary>
/// <param name="Name">Kebab-case, unique per kind.</param>
/// <param name="Category">What caps and cooldowns count it as; null for that of the journey.</param>
/// <param name="Purpose">What consent is asked for; <c>marketing</c> unless given. <c>transactional</c> passes the policies.</param>
/// <param name="Subject">Handlebars, not escaped.</param>
/// <param name="Html">Handlebars, escaped.</param>
/// <param name="Text">Handlebars, not escaped; null to derive it from <paramref name="Html"/>.</param>
/// <param name="Fallbacks">What stands for a missing value, by path.</param>
public sealed record TemplateDefinition(
    string Name, string? Category, string Purpose, string Subject, string Html, string? Text, IReadOnlyDictionary<string, string> Fallbacks) : Definition(Name)
{
    /// <inheritdoc/>
    public override string Kind => "template";

    /// <summary>Purpose of mails that a contract asks for, which need no consent.</summary>
    public const string Transactional = "transactional";
}
