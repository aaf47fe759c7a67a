using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using CrmBehavior.Engine.Explain;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Decisions;

/// <summary>What the engine has decided: one line of the decision log. Effects beyond the process are carried out elsewhere.</summary>
public sealed class Decision
{
    long at, causeAt, ordinal;
    string contactId = "", definition = "", kind = "", effect = "";
    string? outcome;
    int version;
    Evidence? because;
    JourneyPart? part;

    JourneyPart Part => part ??= new JourneyPart();

    /// <summary>Whether it has anything that only decisions of journeys have.</summary>
    internal bool IsOfJourney => part != null;

    /// <summary>When, milliseconds since 1970.</summary>
    public required long At { get => at; init => at = value; }

    /// <summary>About whom.</summary>
    public required string ContactId { get => contactId; init => contactId = value; }

    /// <summary>Name of the definition that decided.</summary>
    public required string Definition { get => definition; init => definition = value; }

    /// <summary>Its kind: <c>signal</c>, <c>segment</c>, <c>score</c>, <c>journey</c>.</summary>
    public required string Kind { get => kind; init => kind = value; }

    /// <summary>Its version; 0 where there are none.</summary>
    public int Version { get => version; init => version = value; }

    /// <summary>What: <c>fired ended entered left graded</c>, or one of the journeys' effects.</summary>
    public required string Effect { get => effect; init => effect = value; }

    /// <summary>The grade, arm, reason or rule, as the effect has it.</summary>
    public string? Outcome { get => outcome; init => outcome = value; }

    /// <summary>Number of the enrollment.</summary>
    public int? Entry { get => part?.Entry; init => Part.Entry = value; }

    /// <summary>Key of the enrollment, in keyed journeys.</summary>
    public string? Key { get => part?.Key; init => Part.Key = value; }

    /// <summary>Id of the step.</summary>
    public string? Step { get => part?.Step; init => Part.Step = value; }

    /// <summary>The step kind of an action.</summary>
    public string? Action { get => part?.Action; init => Part.Action = value; }

    /// <summary>The action's value as written, unrendered.</summary>
    public JsonElement? Args { get => part?.Args; init => Part.Args = value; }

    /// <summary>Until when a step or message rests.</summary>
    public long? Until { get => part?.Until; init => Part.Until = value; }

    /// <summary>The rule that decided on a message: policy/rule.</summary>
    public string? By { get => part?.By; init => Part.By = value; }

    /// <summary>The message that went out before, and counts.</summary>
    public Winner? Winner { get => part?.Winner; init => Part.Winner = value; }

    /// <summary>Why: the condition with what was observed. Null unless asked for.</summary>
    public Evidence? Because { get => because; init => because = value; }

    /// <summary>Why the contact came into the journey, in words, as it was then. Null where nobody keeps them.</summary>
    public string? Why { get => part?.Why; init => Part.Why = value; }

    /// <summary>Properties of the event that triggered the enrollment, as JSON; for rendering. Null where there are none.</summary>
    public byte[]? Trigger { get => part?.Trigger; init => Part.Trigger = value; }

    /// <summary>When the cause happened; a message's age counts from there.</summary>
    public long CauseAt { get => causeAt; init => causeAt = value; }

    /// <summary>A number of the contact's own, counting all its decisions.</summary>
    public long Ordinal { get => ordinal; init => ordinal = value; }

    /// <summary>
    /// The decision's id: the same whenever the same inputs lead to it, in whatever batch, process or store; no two decisions share one.
    /// </summary>
    public Guid Id
    {
        get
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', ContactId, Kind, Definition, Effect, At, Ordinal));
            ulong high = StableHash.Of(text), low = StableHash.Of(text, high);
            Span<byte> bytes = stackalloc byte[16];
            BitConverter.TryWriteBytes(bytes, high);
            BitConverter.TryWriteBytes(bytes[8..], low);
            // Marked as a version 8 UUID (RFC 9562): made by a rule of one's own.
            bytes[7] = (byte)((bytes[7] & 0x0F) | 0x80);
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            return new Guid(bytes);
        }
    }

    /// <summary>A decision that is filled again and again, for sinks that keep none.</summary>
    internal static Decision Blank() => new() { At = 0, ContactId = "", Definition = "", Kind = "", Effect = "" };

    /// <summary>Makes it a decision of a signal, segment or score.</summary>
    internal Decision Fill(long at, string contactId, Definitions.Definition source, string effect, string? outcome, Evidence? because, long causeAt, long ordinal)
    {
        (this.at, this.contactId, definition, kind, version) = (at, contactId, source.Name, source.Kind, source.Version);
        (this.effect, this.outcome, this.because, this.causeAt, this.ordinal) = (effect, outcome, because, causeAt, ordinal);
        return this;
    }
}

/// <summary>What only decisions of journeys have. Kept apart, because most decisions are of signals, segments and scores.</summary>
internal sealed class JourneyPart
{
    public int? Entry { get; set; }

    public string? Key { get; set; }

    public string? Step { get; set; }

    public string? Action { get; set; }

    public JsonElement? Args { get; set; }

    public long? Until { get; set; }

    public string? By { get; set; }

    public Winner? Winner { get; set; }

    public string? Why { get; set; }

    public byte[]? Trigger { get; set; }
}

/// <summary>The message that went out before.</summary>
/// <param name="Definition">Whose it was.</param>
/// <param name="Step">Which step's.</param>
/// <param name="At">When.</param>
public readonly record struct Winner(string Definition, string Step, long At);

/// <summary>Takes decisions as they are made, in order.</summary>
public interface IDecisionSink
{
    /// <summary>Whether decisions should carry why they were made; it costs.</summary>
    bool WantsBecause { get; }

    /// <summary>Whether it holds on to decisions. One that does not is handed the same object again and again, so that a decision costs no memory.</summary>
    bool KeepsDecisions => true;

    /// <summary>The evidence in words, to be kept with an enrollment as its reason; null to keep none.</summary>
    /// <param name="evidence">Why.</param>
    /// <returns>A sentence without its full stop, or null.</returns>
    string? InWords(Evidence evidence);

    /// <summary>Takes one.</summary>
    /// <param name="decision">The decision.</param>
    void Add(Decision decision);

    /// <summary>Takes note of a score that has scored, or changed its grade; no decision by itself.</summary>
    /// <param name="reading">Where it stands now.</param>
    void Note(in ScoreReading reading);
}

/// <summary>Where a score stands for a contact.</summary>
/// <param name="ContactId">Whose.</param>
/// <param name="Score">Name of the score.</param>
/// <param name="Value">Its value at <paramref name="At"/>; decays from there.</param>
/// <param name="At">Milliseconds since 1970.</param>
/// <param name="HalfLife">Milliseconds; 0 for no decay.</param>
/// <param name="Grade">Its grade, or null where the score has none.</param>
/// <param name="IsNewGrade">Whether the grade is another one than before.</param>
public readonly record struct ScoreReading(string ContactId, string Score, double Value, long At, long HalfLife, string? Grade, bool IsNewGrade);

/// <summary>Keeps decisions in a list.</summary>
/// <param name="because">Whether to keep why.</param>
public sealed class DecisionList(bool because = false) : IDecisionSink
{
    /// <summary>The decisions so far.</summary>
    public List<Decision> Decisions { get; } = [];

    /// <inheritdoc/>
    public bool WantsBecause => because;

    /// <inheritdoc/>
    public string? InWords(Evidence evidence) => null;

    /// <inheritdoc/>
    public void Add(Decision decision) => Decisions.Add(decision);

    /// <inheritdoc/>
    public void Note(in ScoreReading reading)
    {
    }
}
