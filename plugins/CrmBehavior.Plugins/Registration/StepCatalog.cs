using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Plugins.Capture;
using CrmBehavior.Plugins.Definitions;
using CrmBehavior.Plugins.Questions;
using CrmBehavior.Plugins.Reviews;
using CrmBehavior.Plugins.Sales;
using CrmBehavior.Plugins.Tags;

namespace CrmBehavior.Plugins.Registration;

/// <summary>
/// Everything that the assembly registers. The solution's XML says the same and a test holds the two together. Ids never change once
/// shipped: an import finds the row to update by its id.
/// </summary>
public static class StepCatalog
{
    /// <summary>Id of the assembly's row, the same in every environment.</summary>
    public static Guid AssemblyId { get; } = new Guid("3abd405f-8d5e-462a-83a2-2ab7a2914f52");

    /// <summary>Every plugin class.</summary>
    public static IReadOnlyList<PluginTypeEntry> Types { get; } = Array.AsReadOnly(new[]
    {
        new PluginTypeEntry("861d8058-f88d-4466-8db6-48b116705502", typeof(ContactChanged)),
        new PluginTypeEntry("b3943b1d-21c5-43e0-bd2e-bed7623dc05e", typeof(ActivityChanged)),
        new PluginTypeEntry("4ba1f9e9-915b-4679-807b-3850b3c4886b", typeof(DefinitionSaved)),
        new PluginTypeEntry("a89ba11c-68fe-4959-9dd4-2781ba7801fd", typeof(DefinitionCreatedLive)),
        new PluginTypeEntry("ada1746c-0a92-4e34-a833-9a51afd8255a", typeof(DefinitionDeleted)),
        new PluginTypeEntry("3423e93d-6564-428d-a6d3-ea1d12e8d438", typeof(VersionChanged)),
        new PluginTypeEntry("d0f165f9-ae78-4e9a-b8ca-2927426c3b4d", typeof(ReviewAnswered)),
        new PluginTypeEntry("9edcf1cc-ad42-4ff1-8557-f7aaf811808d", typeof(ReviewDecided)),
        new PluginTypeEntry("f080da38-1422-4a3d-9cc8-0787f9d9026f", typeof(LeadChanged)),
        new PluginTypeEntry("80f09433-ab99-4bcf-b018-87910f954ed6", typeof(OpportunityChanged)),
        new PluginTypeEntry("b7669927-f584-4dc0-826c-12c62c50d77f", typeof(CampaignAnswered)),
        new PluginTypeEntry("db7fc73e-54b4-44a2-a4b3-a9c1d1e8e024", typeof(ConsentRecorded)),
        new PluginTypeEntry("5169f863-c915-42fe-b483-0b89da9bb0ec", typeof(DefinitionPublished)),
        new PluginTypeEntry("0158f121-d366-4332-828d-d03eade0013b", typeof(TagsSet)),
        new PluginTypeEntry("076cecd9-83a3-426d-95c8-0ae2b3dea7b0", typeof(ExplanationAsked)),
        new PluginTypeEntry("7e6213bb-bf52-44e8-a68b-77999b85266a", typeof(ValidationAsked)),
        new PluginTypeEntry("bbd99219-1880-48c0-88ef-fb70809c8228", typeof(BacktestAsked)),
        new PluginTypeEntry("1b97f0ef-bc60-4af3-aeb0-9a0153da8957", typeof(TestMailAsked)),
    });

    /// <summary>Every step of the solution <c>CrmBehavior</c>.</summary>
    public static IReadOnlyList<PluginStep> Steps { get; } =
        Array.AsReadOnly(ContactSteps.All().Concat(ActivitySteps.All()).Concat(DefinitionSteps.All()).Concat(ReviewSteps.All()).Concat(ConsentSteps.All()).ToArray());

    /// <summary>Every step of the solution <c>CrmBehaviorSales</c>, which needs the tables of Dynamics 365 Sales; its classes are in the same assembly.</summary>
    public static IReadOnlyList<PluginStep> SalesSteps { get; } = Array.AsReadOnly(Registration.SalesSteps.All().ToArray());

    /// <summary>Every custom API.</summary>
    public static IReadOnlyList<CustomApi> CustomApis { get; } = Array.AsReadOnly(Registration.CustomApis.All().ToArray());

    /// <summary>The id of a plugin class's row.</summary>
    public static Guid TypeId(Type pluginType) => Types.Single(entry => entry.Type == pluginType).Id;
}
