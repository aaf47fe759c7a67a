using System.Linq;
using CrmBehavior.Engine.Rules;

namespace CrmBehavior.Definitions.Checks;

/// <summary>Whether a condition can only hold when another does too, as far as that can be read from their form.</summary>
internal static class Implication
{
    /// <summary>True when <paramref name="then"/> surely holds wherever <paramref name="when"/> does.</summary>
    public static bool Holds(Condition when, Condition then) =>
        ConditionKey.Of(when) == ConditionKey.Of(then)
        || (then is AnyOf any && any.Conditions.Any(c => Holds(when, c)))
        || (then is AllOf each && each.Conditions.All(c => Holds(when, c)))
        || (when is AllOf all && all.Conditions.Any(c => Holds(c, then)))
        || (when is AnyOf one && one.Conditions.All(c => Holds(c, then)))
        || (when, then) switch
        {
            (EventCount a, EventCount b) => IsSame(a.Event, b.Event) && (b.Within == null || a.Within <= b.Within) && IsAtLeast(a.Count, b.Count),
            (ScoreIs a, ScoreIs b) => a.Score == b.Score && IsAtLeast(a.Is, b.Is),
            _ => false,
        };

    /// <summary>Lower bounds, the first as high as the second or higher.</summary>
    static bool IsAtLeast(NumberTest a, NumberTest b) =>
        a.Comparisons is [{ Operator: Operator.Gte or Operator.Gt } more] && b.Comparisons is [{ Operator: Operator.Gte or Operator.Gt } less]
        && (more.Numbers[0] > less.Numbers[0] || (more.Numbers[0] == less.Numbers[0] && (more.Operator == less.Operator || more.Operator == Operator.Gt)));

    static bool IsSame(EventPattern a, EventPattern b) =>
        ConditionKey.Of(new EventCount(a, null, NumberTest.AtLeast(1))) == ConditionKey.Of(new EventCount(b, null, NumberTest.AtLeast(1)));
}
