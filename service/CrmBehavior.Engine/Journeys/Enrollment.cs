using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Engine.Journeys;

/// <summary>Why an enrollment is not going on at the moment.</summary>
internal enum Rest : byte
{
    /// <summary>It is on its way.</summary>
    None,

    /// <summary>For a time.</summary>
    Wait,

    /// <summary>Until a condition holds, or time is up.</summary>
    WaitFor,

    /// <summary>Until a person answers, or the default holds.</summary>
    Review,

    /// <summary>Its message wants to go out and is to be decided in its turn.</summary>
    Message,

    /// <summary>Its message was put off until a time.</summary>
    Deferred,

    /// <summary>Its message is held for a person.</summary>
    Held,

    /// <summary>Until the input that its step raised has been handled.</summary>
    Raised,

    /// <summary>Until the journey is no longer paused.</summary>
    Paused,

    /// <summary>It has ended; only its goal is still watched.</summary>
    Ended,
}

/// <summary>One contact's way through one journey.</summary>
internal sealed class Enrollment(CompiledJourney journey, int entry, string key, long start)
{
    /// <summary>The journey, in the version that it began in.</summary>
    public CompiledJourney Journey { get; set; } = journey;

    /// <summary>Its number among the contact's enrollments in this journey, from 1.</summary>
    public int Entry { get; private set; } = entry;

    /// <summary>Value of the journey's key; empty in journeys without.</summary>
    public string Key { get; } = key;

    public long Start { get; } = start;

    public bool HasConverted { get; set; }

    public Rest Rest { get; set; }

    /// <summary>The step that it rests at, or takes next; null at the end.</summary>
    public CompiledStep? Step { get; set; }

    /// <summary>When a rest ends by time alone.</summary>
    public long Until { get; set; } = Instant.Never;

    /// <summary>From when on goal and exits look at what happens: its start, or when a new version brought others.</summary>
    public long SinceBegin { get; set; } = start;

    /// <summary>History since it began, as far as goal and exits ask for it.</summary>
    public NodeStore Since { get; } = new();

    /// <summary>History since it came to a `waitFor`.</summary>
    public NodeStore SinceArrival { get; } = new();

    /// <summary>When it came to the step that it rests at.</summary>
    public long Arrival { get; set; }

    /// <summary>When the input happened that brought it to its message; the message's age counts from there.</summary>
    public long CauseAt { get; set; }

    /// <summary>Raisings between an outside input or timer and what brought it to its message.</summary>
    public int CauseDepth { get; set; }

    /// <summary>When its message was first decided; <see cref="Instant.None"/> before.</summary>
    public long FirstTried { get; set; } = Instant.None;

    /// <summary>Whether its message has waited for the best hour.</summary>
    public bool HasWaitedForHour { get; set; }

    /// <summary>Whether its message has been seen by a person, or its review has run out in favour of sending.</summary>
    public bool IsReviewed { get; set; }

    /// <summary>The rule that holds its message: policy/rule.</summary>
    public string? HeldBy { get; set; }

    /// <summary>What holds of its review when nobody answers.</summary>
    public bool ApprovesByDefault { get; set; }

    /// <summary>The answer to its review.</summary>
    public bool? Answer { get; set; }

    /// <summary>Properties of the triggering event as JSON; empty where there was none, or nobody needs them.</summary>
    public byte[] Trigger { get; set; } = [];

    /// <summary>Properties that messages show of the event which a timer's absence is counted from.</summary>
    public byte[] Shown { get; set; } = [];

    /// <summary>Why the contact came in, in words; null where nobody keeps them.</summary>
    public string? Why { get; set; }

    // What follows matters within one instant only and is not stored.

    /// <summary>Inputs raised before this are not seen by goal and exits.</summary>
    public long BeginTick { get; set; }

    /// <summary>Inputs raised before this are not seen by the `waitFor`.</summary>
    public long ArrivalTick { get; set; }

    /// <summary>The input raised by its step.</summary>
    public long AwaitedTick { get; set; }

    /// <summary>All inputs to come are later; another evaluator, which counts anew, may handle them.</summary>
    public void EndInstant() => BeginTick = ArrivalTick = AwaitedTick = 0;

    /// <summary>The same enrollment as another contact counts it.</summary>
    public Enrollment Renumbered(int number)
    {
        var same = (Enrollment)MemberwiseClone();
        same.Entry = number;
        return same;
    }

    public bool IsRunning => Rest != Rest.Ended;

    /// <summary>Starts a fresh message at the step that it stands at.</summary>
    public void BeginMessage(long causeAt, int depth)
    {
        Rest = Rest.Message;
        CauseAt = causeAt;
        CauseDepth = depth;
        FirstTried = Instant.None;
        HasWaitedForHour = IsReviewed = false;
        HeldBy = null;
        Answer = null;
        Until = Instant.Never;
    }
}
