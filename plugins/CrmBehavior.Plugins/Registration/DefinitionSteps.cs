using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Definitions;

namespace CrmBehavior.Plugins.Registration;

/// <summary>Guards of definitions and of their published versions. All are synchronous: a refusal keeps the row as it was.</summary>
static class DefinitionSteps
{
    internal static IEnumerable<PluginStep> All()
    {
        string[] guarded = DefinitionColumns.Guarded.ToArray();
        yield return new PluginStep("927fc3dc-6f42-4b43-9acf-cdacfb925cd0", "CrmBehavior: check new definition",
            typeof(DefinitionSaved), "Create", CrmNames.Definition, PipelineStage.PreOperation, StepMode.Synchronous);
        yield return new PluginStep("73d00f50-4eba-46bb-9ce9-1bfb4ab0b786", "CrmBehavior: check changed definition",
                typeof(DefinitionSaved), "Update", CrmNames.Definition, PipelineStage.PreOperation, StepMode.Synchronous)
            .On(guarded)
            .With(StepImage.Before("910714ed-48d0-4f2e-bc20-54e13b34ab4f", guarded));
        yield return new PluginStep("3103817a-703b-4ddb-b2ed-9c99d8b9b14f", "CrmBehavior: first version of a definition created live",
            typeof(DefinitionCreatedLive), "Create", CrmNames.Definition, PipelineStage.PostOperation, StepMode.Synchronous);
        yield return new PluginStep("954bcab6-1a1a-4063-8c11-ea30bc970626", "CrmBehavior: keep published definition",
                typeof(DefinitionDeleted), "Delete", CrmNames.Definition, PipelineStage.PreOperation, StepMode.Synchronous)
            .With(StepImage.Before("c5cdadd0-fdd7-4690-a315-940d7bcb880e", DefinitionColumns.Name, DefinitionColumns.Version));
        yield return new PluginStep("0e33aa0e-db1d-40c9-9467-a618e4e400d4", "CrmBehavior: versions come by publishing",
            typeof(VersionChanged), "Create", CrmNames.DefinitionVersion, PipelineStage.PreOperation, StepMode.Synchronous);
        yield return new PluginStep("5ea8ab52-679b-4296-bda3-1361d2792a0c", "CrmBehavior: keep published version unchanged",
                typeof(VersionChanged), "Update", CrmNames.DefinitionVersion, PipelineStage.PreOperation, StepMode.Synchronous)
            .On(VersionColumns.All.ToArray());
        yield return new PluginStep("9101ba29-acc4-42a8-9af0-254803e47e1d", "CrmBehavior: keep published version",
            typeof(VersionChanged), "Delete", CrmNames.DefinitionVersion, PipelineStage.PreOperation, StepMode.Synchronous);
    }
}
