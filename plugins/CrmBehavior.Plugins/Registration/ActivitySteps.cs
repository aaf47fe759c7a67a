using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Plugins.Capture;

namespace CrmBehavior.Plugins.Registration;

/// <summary>Activities created and completed, told to the bus. Touchpoints have no step: they are the service's own words.</summary>
static class ActivitySteps
{
    internal static IEnumerable<PluginStep> All()
    {
        return For("email", "e-mail", directed: true,
                "a43716f0-bc6d-431f-bad3-1ae97c2afdb7", "f8794a3e-675a-4b0d-ab00-a37e50d5d2d9",
                "3eb5f603-8706-4deb-b09f-a2ababf468f6", "32b061eb-be71-41f1-9a2b-4470aa2d5c9d", "fbf3bc63-e34e-4656-95ac-ffaa91a67b63")
            .Concat(For("phonecall", "phone call", directed: true,
                "3966ba07-db8b-4020-815e-b052c76d83ee", "b19276ea-840f-4567-92bf-c2f772a7e943",
                "d2638b91-47f1-4c06-a97b-b34dab0bdf7a", "1a74bbba-2d0f-41a9-b548-5c7ff095b02a", "f3b2857a-25f0-46ef-98e8-494f2adc245c"))
            .Concat(For("appointment", "appointment", directed: false,
                "37a9388c-cd44-4b6a-b6d7-784384d87dbd", "d2f6633e-786f-46ce-b7fd-8712a2f74674",
                "c6e1f670-76ea-428a-8bc6-90853043d86b", "fc268bed-8da6-41cb-83ac-a6199cc13b86", "ae6ebd45-8ff5-446f-aa36-de945bf8c6cd"))
            .Concat(For("task", "task", directed: false,
                "7d13df7a-54e9-4406-a3b5-98d65584ee43", "df5860da-a871-4a77-a4a3-4834f732714b",
                "0308983f-f224-45dc-ade3-97a9293eac21", "c4936a0a-8502-4db7-a9cb-798823f60e32", "4fd79567-9547-4b02-951e-f1d26021c35c"));
    }

    static PluginStep[] For(string table, string word, bool directed, string createId, string createImageId, string updateId, string beforeId, string afterId)
    {
        string[] image = ActivityColumns.Read(directed).ToArray();
        return
        [
            new PluginStep(createId, "CrmBehavior: " + word + " created",
                    typeof(ActivityChanged), "Create", table, PipelineStage.PostOperation, StepMode.Asynchronous)
                .With(StepImage.AfterCreate(createImageId, image)),
            new PluginStep(updateId, "CrmBehavior: " + word + " completed",
                    typeof(ActivityChanged), "Update", table, PipelineStage.PostOperation, StepMode.Asynchronous)
                .On(ActivityColumns.State)
                .With(StepImage.Before(beforeId, ActivityColumns.State), StepImage.AfterUpdate(afterId, image)),
        ];
    }
}
