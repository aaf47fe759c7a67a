using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Capture;

namespace CrmBehavior.Plugins.Registration;

/// <summary>Consent that people note down in the CRM, told to the bus. A record of consent is added and never changed, so Create is enough.</summary>
static class ConsentSteps
{
    internal static IEnumerable<PluginStep> All()
    {
        yield return new PluginStep("549b4366-2bbb-48f0-aa8d-4790933f629b", "CrmBehavior: consent recorded",
                typeof(ConsentRecorded), "Create", CrmNames.Consent, PipelineStage.PostOperation, StepMode.Asynchronous)
            .With(StepImage.AfterCreate("b50df863-4c08-4f07-8d40-dd2d2a81f184", ConsentColumns.Told.ToArray()));
    }
}
