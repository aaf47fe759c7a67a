using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Conditions;
using CrmBehavior.Engine.Rules;
using CrmBehavior.Engine.Scores;

namespace CrmBehavior.Engine.Explain;

/// <summary>Why a definition stands as it does for a contact.</summary>
internal static class Explanation
{
    public static Evidence Of(CompiledDefinition definition, View view)
    {
        if (definition is ConditionalDefinition conditional) return conditional.When.Explain(view);
        var score = (CompiledScore)definition;
        double value = score.ValueOf(view.Contact).At(view.Now);
        return new Evidence(new ScoreIs(score.Source.Name, NumberTest.AtLeast(score.HasGrades ? score.MarkOf(score.GradeOf(value)) : value)), true) { Number = value };
    }
}
