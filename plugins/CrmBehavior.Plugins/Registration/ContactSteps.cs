using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Plugins.Capture;

namespace CrmBehavior.Plugins.Registration;

/// <summary>Changes of contacts, told to the bus.</summary>
static class ContactSteps
{
    internal static IEnumerable<PluginStep> All()
    {
        string[] columns = ContactColumns.Published.ToArray();
        string[] image = columns.Concat([ContactColumns.RowVersion]).ToArray();
        yield return new PluginStep("8868e7ab-cc7d-453c-a2b3-f04cca6959bd", "CrmBehavior: contact created",
                typeof(ContactChanged), "Create", "contact", PipelineStage.PostOperation, StepMode.Asynchronous)
            .With(StepImage.AfterCreate("f1654a04-bcd6-4507-abea-f32f956c7a1c", image));
        yield return new PluginStep("9fa86613-862c-4af9-848d-bbb28ccc3f38", "CrmBehavior: contact updated",
                typeof(ContactChanged), "Update", "contact", PipelineStage.PostOperation, StepMode.Asynchronous)
            .On(columns)
            .With(StepImage.AfterUpdate("0bff0675-4f34-4f4e-ab14-09417b6271d1", image));
        yield return new PluginStep("ae4fc4ec-a43a-4ac3-b0ae-48aed5f48a80", "CrmBehavior: contact deleted",
            typeof(ContactChanged), "Delete", "contact", PipelineStage.PostOperation, StepMode.Asynchronous);
    }
}
