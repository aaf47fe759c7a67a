using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Capture;
using CrmBehavior.Plugins.Reviews;

namespace CrmBehavior.Plugins.Registration;

/// <summary>Reviews: the check of an answer, and telling it to the bus.</summary>
static class ReviewSteps
{
    internal static IEnumerable<PluginStep> All()
    {
        yield return new PluginStep("cf3aaf23-e15f-417e-9d5c-65544cdc2b23", "CrmBehavior: check answer of a review",
                typeof(ReviewAnswered), "Update", CrmNames.Review, PipelineStage.PreOperation, StepMode.Synchronous)
            .On(ReviewColumns.Guarded.ToArray())
            .With(StepImage.Before("7a40ab3c-9dfe-4995-bd34-4c6f2e74d79b", ReviewColumns.Guarded.ToArray()));
        yield return new PluginStep("950d3f3a-f8aa-46be-ac70-c57a45b9ecb0", "CrmBehavior: review answered",
                typeof(ReviewDecided), "Update", CrmNames.Review, PipelineStage.PostOperation, StepMode.Asynchronous)
            .On(ReviewColumns.Answer)
            .With(StepImage.Before("56ea8d7d-2d54-4970-97c3-ca1702e86c86", ReviewColumns.Answer), StepImage.AfterUpdate("8ce8e6f4-ab0a-4584-a662-f7229173bcb8", ReviewColumns.Told.ToArray()));
    }
}
