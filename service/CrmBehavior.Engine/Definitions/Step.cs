using System.Collections.Generic;
using System.Text.Json;
using CrmBehavior.Engine.Rules;

namespace CrmBehavior.Engine.Definitions;

/// <summary>One step of a journey.</summary>
/// <param name="Id">Unique in the journey.</param>
public abstract record Step(string Id);

/// <summary>Rests for a time.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="For">Milliseconds, 0 for none.</param>
/// <param name="Until">A time of the day to wait for after that, or null.</param>
public sealed record WaitStep(string Id, long For, LocalTimeOfDay? Until) : Step(Id);

/// <summary>The next such wall time on such a day.</summary>
/// <param name="Time">Millisecond of the day.</param>
/// <param name="Days">The weekdays that count.</param>
/// <param name="Zone">IANA name, or null for the contact's.</param>
public sealed record LocalTimeOfDay(long Time, Weekdays Days, string? Zone);

/// <summary>Rests until an instant that the triggering event or the contact carries.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Property">Path in the triggering event's properties, or null.</param>
/// <param name="Trait">Name of the trait, or null.</param>
/// <param name="Offset">Milliseconds added to it.</param>
public sealed record WaitUntilStep(string Id, EventPath? Property, string? Trait, long Offset) : Step(Id);

/// <summary>Rests until a condition holds, at most so long.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Condition">Judged on what happens after the enrollment came here.</param>
/// <param name="AtMost">Milliseconds.</param>
/// <param name="Then">Steps when it holds.</param>
/// <param name="Else">Steps when time is up.</param>
public sealed record WaitForStep(string Id, Condition Condition, long AtMost, IReadOnlyList<Step> Then, IReadOnlyList<Step> Else) : Step(Id);

/// <summary>Takes the first arm whose condition is true.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Arms">The arms in the order written.</param>
/// <param name="Else">Steps when none is; null when there is no such arm.</param>
public sealed record BranchStep(string Id, IReadOnlyList<BranchArm> Arms, IReadOnlyList<Step>? Else) : Step(Id);

/// <summary>An arm of a branch.</summary>
/// <param name="Name">Its name, or null to be named by its number from 1.</param>
/// <param name="If">Its condition, judged on the whole history.</param>
/// <param name="Then">Its steps.</param>
public sealed record BranchArm(string? Name, Condition If, IReadOnlyList<Step> Then);

/// <summary>Takes an arm by a throw of the dice that anybody can repeat.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Arms">The arms in the order written.</param>
/// <param name="Bandit">Whether the service sets the weights from results.</param>
public sealed record SplitStep(string Id, IReadOnlyList<SplitArm> Arms, bool Bandit) : Step(Id);

/// <summary>An arm of a split.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its share of the sum of weights.</param>
/// <param name="Then">Its steps.</param>
public sealed record SplitArm(string Name, double Weight, IReadOnlyList<Step> Then);

/// <summary>Something that leaves the engine: a message that the policies are asked about, or a plain effect.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Action">The step kind as it is written: <c>sendEmail</c>, <c>addTag</c>, …</param>
/// <param name="Args">Its value as written, unrendered.</param>
public abstract record ActionStep(string Id, string Action, JsonElement Args) : Step(Id);

/// <summary>A mail, a task for sales, or a call of a webhook: passes the policies.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Action"><c>sendEmail</c>, <c>notifySales</c> or <c>webhook</c>.</param>
/// <param name="Args">Its value as written.</param>
/// <param name="Template">The template of a mail, else null.</param>
public sealed record MessageStep(string Id, string Action, JsonElement Args, string? Template) : ActionStep(Id, Action, Args)
{
    /// <summary>The channel that policies speak of: <c>email</c>, <c>task</c> or <c>webhook</c>.</summary>
    public string Channel => Action switch { "sendEmail" => "email", "notifySales" => "task", _ => "webhook" };
}

/// <summary>An effect that needs no permission: <c>addTag</c>, <c>removeTag</c>, <c>timeline</c>.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Action">The step kind.</param>
/// <param name="Args">Its value as written.</param>
public sealed record EffectStep(string Id, string Action, JsonElement Args) : ActionStep(Id, Action, Args);

/// <summary>Sets a column of the contact; the trait follows at once.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Args">Its value as written.</param>
/// <param name="Field">The trait.</param>
/// <param name="Value">Its new value: a JSON scalar, null to clear.</param>
public sealed record SetFieldStep(string Id, JsonElement Args, string Field, JsonElement Value) : ActionStep(Id, "setField", Args);

/// <summary>Adds to a score.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Args">Its value as written.</param>
/// <param name="Score">Which score.</param>
/// <param name="Add">How much.</param>
public sealed record AddScoreStep(string Id, JsonElement Args, string Score, double Add) : ActionStep(Id, "addScore", Args);

/// <summary>Asks another journey to take the contact in.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Args">Its value as written.</param>
/// <param name="Journey">Which journey.</param>
public sealed record EnrollStep(string Id, JsonElement Args, string Journey) : ActionStep(Id, "enroll", Args);

/// <summary>Pauses journeys for this contact.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Args">Its value as written.</param>
/// <param name="Journeys">Which journeys; null for all others.</param>
/// <param name="For">Milliseconds.</param>
public sealed record PauseStep(string Id, JsonElement Args, IReadOnlyList<string>? Journeys, long For) : ActionStep(Id, "pause", Args);

/// <summary>Rests until a person approves or rejects.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Args">The question as written.</param>
/// <param name="Deadline">Milliseconds after which the default holds.</param>
/// <param name="ApproveByDefault">Whether the default is to approve.</param>
/// <param name="Then">Steps when approved.</param>
/// <param name="Else">Steps when rejected.</param>
public sealed record ReviewStep(string Id, JsonElement Args, long Deadline, bool ApproveByDefault, IReadOnlyList<Step> Then, IReadOnlyList<Step> Else) : Step(Id);

/// <summary>Ends the enrollment.</summary>
/// <param name="Id">Unique in the journey.</param>
/// <param name="Reason">Outcome of the line that says so.</param>
public sealed record ExitStep(string Id, string Reason) : Step(Id);
