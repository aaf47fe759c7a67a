using System;
using System.Collections.Generic;

namespace CrmBehavior.Engine.Tests.Journeys;

/// <summary>A line, or its absence, is against the language.</summary>
internal sealed class ModelException(string message) : Exception(message);

/// <summary>An input as the model sees it.</summary>
internal sealed record ModelInput(string Name, long At, string? Order, string? Tier)
{
    public int Arrival { get; set; }
}

internal enum ModelRest
{
    None,
    Wait,
    WaitFor,
    Deferred,
}

/// <summary>One enrollment as the model follows it.</summary>
internal sealed class ModelRun(JourneyMap journey, int entry, string key, long start)
{
    public JourneyMap Journey { get; } = journey;

    public int Entry { get; } = entry;

    public string Key { get; } = key;

    public StepMap? Position { get; set; } = journey.First;

    public HashSet<string> Taken { get; } = [];

    public ModelRest Rest { get; set; }

    public long Until { get; set; }

    public long? FirstTried;

    public bool HasCome { get; set; }

    public bool HasGoal { get; private set; }

    /// <summary>The now of the input that reached the goal.</summary>
    public long GoalAt { get; private set; }

    public bool IsConverted { get; set; }

    public bool IsOver { get; set; }

    public bool IsWatched { get; set; }

    /// <summary>Whether a later enrollment with the same key has begun, so that the goal is no longer watched.</summary>
    public bool IsForgotten { get; set; }

    public long GoalEnd => Journey.GoalWithin is { } within ? start + within : long.MaxValue;

    bool hasLeft;

    public void See(ModelInput input, long now)
    {
        if (Journey.HasKey && input.Order != null && input.Order != Key) return;
        if (input.Name == "g" && Journey.HasGoal && !HasGoal) (HasGoal, GoalAt) = (!IsOver || (IsWatched && now < GoalEnd), now);
        if (input.Name == "x" && Journey.LeavesAtX) hasLeft = true;
        if (input.Name == "c" && Rest == ModelRest.WaitFor) HasCome = true;
    }

    /// <summary>The reason of the first exit that is true, or null.</summary>
    public string? Left(long now) => hasLeft ? "left" : Journey.ExitAfter is { } after && now >= start + after ? "late" : null;
}
