using System;
using System.Linq;
using System.Threading;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Tests.Plugins;

/// <summary>What a customer's plugin might do at a step, chosen by the step's configuration; the tests register it in the sandbox.</summary>
public sealed class SamplePlugin(string configuration) : IPlugin
{
    public void Execute(IServiceProvider serviceProvider)
    {
        var context = (IPluginExecutionContext)serviceProvider.GetService(typeof(IPluginExecutionContext))!;
        var trace = (ITracingService)serviceProvider.GetService(typeof(ITracingService))!;
        var services = (IOrganizationServiceFactory)serviceProvider.GetService(typeof(IOrganizationServiceFactory))!;
        IOrganizationService user = services.CreateOrganizationService(context.UserId);
        trace.Trace("{0} at {1}", configuration, context.Stage);
        var target = context.InputParameters.TryGetValue("Target", out object? given) ? given as Entity : null;
        switch (configuration)
        {
            case "mark":
                target!["jobtitle"] = $"stage {context.Stage}, in transaction {context.IsInTransaction}, {context.SharedVariables.GetType().Name}";
                break;
            case "share":
                context.SharedVariables["word"] = "passed on";
                break;
            case "read":
                ParameterCollection shared = context.SharedVariables.Contains("word") ? context.SharedVariables : context.ParentContext.SharedVariables;
                target!["jobtitle"] = $"{shared["word"]} by {(ReferenceEquals(shared, context.SharedVariables) ? "itself" : "its parent")}" + (context.SharedVariables.Contains("tag")
                    ? " tag " + context.SharedVariables["tag"] : "");
                break;
            case "many":
                foreach (Entity one in ((EntityCollection)context.InputParameters["Targets"]).Entities)
                    one["jobtitle"] = $"{context.MessageName} of {((EntityCollection)context.InputParameters["Targets"]).Entities.Count}, {one.GetAttributeValue<string>("jobtitle")}";
                break;
            case "many after":
                user.Create(new Entity("task")
                {
                    ["subject"] = $"{context.MessageName} {(context.OutputParameters.TryGetValue("Ids", out object? ids) ? ((Guid[])ids).Length : 0)}",
                });
                break;
            case "retry":
                throw new InvalidPluginExecutionException(OperationStatus.Retry, "Not now.");
            case "refuse":
                throw new InvalidPluginExecutionException(OperationStatus.Failed, 4711, "Not on a Sunday.");
            case "break":
                throw new InvalidOperationException("broken");
            case "child":
                user.Create(new Entity(
                    "task")
                { ["subject"] = $"depth {context.Depth}", ["regardingobjectid"] = new EntityReference("contact", context.PrimaryEntityId) });
                break;
            case "child, then refuse":
                user.Create(new Entity("task") { ["subject"] = "undone" });
                throw new InvalidPluginExecutionException("Undone.");
            case "loop":
                user.Update(new Entity("contact", context.PrimaryEntityId) { ["nickname"] = "depth " + context.Depth });
                break;
            case "hang":
                new ManualResetEvent(initialState: false).WaitOne();
                break;
            case "swallow":
                try
                {
                    user.Create(new Entity("task") { ["prioritycode"] = new OptionSetValue(99) });
                }
                catch (Exception)
                {
                    trace.Trace("swallowed");
                }
                break;
            case "images":
                Entity before = context.PreEntityImages["before"];
                Entity after = context.PostEntityImages["after"];
                user.Create(new Entity("task")
                {
                    ["subject"] = $"{before.GetAttributeValue<string>("firstname")} to {after.GetAttributeValue<string>("firstname")}",
                    ["description"] = string.Join(
                        ",", before.Attributes.Keys.Order()) + " | " + after.FormattedValues["statuscode"] + " | " + after.GetAttributeValue<EntityReference>("ownerid").Name,
                });
                break;
            case "query":
                Query(services, user, context);
                break;
            case "bulk":
                user.Execute(new OrganizationRequest("CreateMultiple"));
                break;
        }
    }

    static void Query(IOrganizationServiceFactory services, IOrganizationService user, IPluginExecutionContext context)
    {
        var query = new QueryExpression("contact") { ColumnSet = new ColumnSet("firstname", "statuscode"), TopCount = 5 };
        query.Criteria.AddCondition("contactid", ConditionOperator.Equal, context.PrimaryEntityId);
        LinkEntity owner = query.AddLink("systemuser", "ownerid", "systemuserid");
        owner.EntityAlias = "owner";
        owner.Columns = new ColumnSet("fullname");
        Entity found = services.CreateOrganizationService(null).RetrieveMultiple(query).Entities.Single();
        EntityCollection fetched =
            user.RetrieveMultiple(
                new FetchExpression("<fetch aggregate='true'><entity name='contact'><attribute name='contactid' aggregate='count' alias='n'/></entity></fetch>"));
        Entity retrieved = user.Retrieve("contact", context.PrimaryEntityId, new ColumnSet(allColumns: true));
        user.Update(new Entity("contact", context.PrimaryEntityId)
        {
            ["description"] = $"{found.GetAttributeValue<string>("firstname")}, {found.GetAttributeValue<OptionSetValue>("statuscode").Value}, {((AliasedValue)found["owner.fullname"]).Value}, {(int)((AliasedValue)fetched.Entities[0]["n"]).Value > 0}, {retrieved.Attributes.Contains("nickname")}",
        });
    }
}
