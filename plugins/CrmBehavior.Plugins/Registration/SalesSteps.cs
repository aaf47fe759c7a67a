using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Plugins.Capture;
using CrmBehavior.Plugins.Sales;

namespace CrmBehavior.Plugins.Registration;

/// <summary>Leads, opportunities and campaign responses, told to the bus; in the solution <c>CrmBehaviorSales</c>.</summary>
static class SalesSteps
{
    internal static IEnumerable<PluginStep> All() => Leads().Concat(Opportunities()).Concat(Responses());

    static IEnumerable<PluginStep> Leads()
    {
        string[] columns = SalesColumns.Lead.ToArray();
        yield return Step("3ad6eace-a460-4a48-bb40-c017ddf2e9b4", "lead created", typeof(LeadChanged), "Create", "lead").With(StepImage.AfterCreate("e91e3862-ca26-40ca-86d3-93dd47180959", With(columns)));
        yield return Step("73530a70-2c8f-45a4-80ed-e1a2fcfc2643", "lead updated", typeof(LeadChanged), "Update", "lead").On(columns)
            .With(StepImage.Before("296d3b99-97f3-4757-9192-85f58dbd24a1", SalesColumns.State), StepImage.AfterUpdate("5a4f748f-faf4-435b-a948-51a17cb053e6", With(columns)));
        yield return Step("7a5299b6-71c9-48b5-bbf6-015f305d5a6c", "lead deleted", typeof(LeadChanged), "Delete", "lead")
            .With(StepImage.Before("09d5a01c-bc06-422f-be1f-534dce1f2d15", SalesColumns.Contact, SalesColumns.Address));
    }

    static IEnumerable<PluginStep> Opportunities()
    {
        string[] columns = SalesColumns.Opportunity.ToArray();
        yield return Step("72b76904-970c-4c67-8f10-21d5b9516c9e", "opportunity created", typeof(OpportunityChanged), "Create", "opportunity")
            .With(StepImage.AfterCreate("266ac83e-0ceb-4965-b7ce-154ee3cbc289", With(columns)));
        yield return Step("8505e1c7-3bdd-44cf-98dd-45d8e553809a", "opportunity updated", typeof(OpportunityChanged), "Update", "opportunity").On(columns)
            .With(StepImage.Before("d09f37c0-f3d0-46ad-8191-248f0490954b", SalesColumns.State), StepImage.AfterUpdate("c3e9bd8e-2551-42fc-8d4a-fd324f46c908", With(columns)));
    }

    static IEnumerable<PluginStep> Responses()
    {
        string[] image = ActivityColumns.Read(directed: false).Concat(SalesColumns.Response).ToArray();
        yield return Step("09c80d88-5441-44d9-98a0-f57d1ec3ae49", "campaign response created", typeof(CampaignAnswered), "Create", "campaignresponse")
            .With(StepImage.AfterCreate("2d5c025d-ce5f-472a-bd16-0041a3ffbf62", image));
        yield return Step("683a50c5-666f-41d6-a3d6-5664a7669793", "campaign response closed", typeof(CampaignAnswered), "Update", "campaignresponse").On(SalesColumns.State)
            .With(StepImage.Before("6e01d6ee-456b-4d7d-9d83-6b86e04ad846", SalesColumns.State), StepImage.AfterUpdate("8380746b-945c-40a1-9188-9bb1fec59e5f", image));
    }

    static PluginStep Step(string id, string name, Type pluginType, string message, string table) =>
        new PluginStep(id, "CrmBehavior: " + name, pluginType, message, table, PipelineStage.PostOperation, StepMode.Asynchronous);

    static string[] With(string[] columns) => columns.Concat([SalesColumns.RowVersion]).ToArray();
}
