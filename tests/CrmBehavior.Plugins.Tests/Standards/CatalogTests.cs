using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using CrmBehavior.Plugins.Registration;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Standards;

public sealed class CatalogTests
{
    static readonly Assembly Plugins = typeof(StepCatalog).Assembly;

    static readonly PluginStep[] All = [.. StepCatalog.Steps, .. StepCatalog.SalesSteps];

    [Fact]
    public void Catalogue_lists_every_plugin_class_and_no_other()
    {
        Plugins.GetExportedTypes().Where(type => typeof(IPlugin).IsAssignableFrom(type) && !type.IsAbstract)
            .ShouldBe(StepCatalog.Types.Select(entry => entry.Type), ignoreOrder: true);
    }

    [Fact]
    public void Every_plugin_class_is_used()
    {
        All.Select(step => step.PluginType).Concat(StepCatalog.CustomApis.Select(api => api.PluginType)).Distinct()
            .ShouldBe(StepCatalog.Types.Select(entry => entry.Type), ignoreOrder: true);
    }

    [Fact]
    public void Every_plugin_class_can_be_made_by_the_platform_and_comes_from_the_one_base()
    {
        foreach (PluginTypeEntry entry in StepCatalog.Types)
        {
            entry.Type.IsSealed.ShouldBeTrue();
            entry.Type.BaseType.ShouldBe(typeof(PluginBase));
            Activator.CreateInstance(entry.Type).ShouldBeAssignableTo<IPlugin>();
            StepCatalog.TypeId(entry.Type).ShouldBe(entry.Id);
        }
    }

    [Fact]
    public void Ids_are_given_once()
    {
        IEnumerable<Guid> ids = StepCatalog.Types.Select(entry => entry.Id)
            .Concat(All.Select(step => step.Id))
            .Concat(All.SelectMany(step => step.Images).Select(image => image.Id))
            .Concat(StepCatalog.CustomApis.Select(api => api.Id))
            .Concat(StepCatalog.CustomApis.SelectMany(api => api.Request.Concat(api.Response)).Select(field => field.Id))
            .Append(StepCatalog.AssemblyId);

        ids.ShouldBeUnique();
        ids.ShouldNotContain(Guid.Empty);
    }

    [Fact]
    public void Update_steps_name_their_columns_and_others_have_none()
    {
        foreach (PluginStep step in All)
            step.FilteringColumns.Any().ShouldBe(step.Message == "Update", step.Name);
    }

    [Fact]
    public void Asynchronous_steps_run_after_and_leave_no_job_rows()
    {
        foreach (PluginStep step in All.Where(step => step.Mode == StepMode.Asynchronous))
        {
            step.Stage.ShouldBe(PipelineStage.PostOperation, step.Name);
            step.AsyncAutoDelete.ShouldBeTrue(step.Name);
        }
    }

    [Fact]
    public void Whatever_posts_to_the_bus_is_asynchronous()
    {
        // A synchronous post stays when the transaction rolls back.
        All.Where(step => step.PluginType.Namespace is "CrmBehavior.Plugins.Capture" or "CrmBehavior.Plugins.Sales").ShouldAllBe(step => step.Mode == StepMode.Asynchronous);
    }

    [Fact]
    public void Images_are_ones_that_the_platform_can_give()
    {
        foreach (PluginStep step in All)
        {
            foreach (StepImage image in step.Images)
            {
                image.Columns.ShouldNotBeEmpty();
                if (image.Kind == ImageKind.Before) step.Message.ShouldNotBe("Create", step.Name);
                if (image.Kind == ImageKind.After) step.Stage.ShouldBe(PipelineStage.PostOperation, step.Name);
                if (image.Kind == ImageKind.After) step.Message.ShouldNotBe("Delete", step.Name);
                image.MessageProperty.ShouldBe(step.Message == "Create" ? "Id" : "Target", step.Name);
            }

            step.Images.Select(image => image.Alias).ShouldBeUnique();
        }
    }

    [Fact]
    public void One_message_of_a_table_runs_a_plugin_at_most_once()
    {
        All.Select(step => (step.Table, step.Message, step.Stage, step.PluginType)).ShouldBeUnique();
    }

    [Fact]
    public void Only_the_second_solution_needs_tables_of_sales()
    {
        string[] sales = ["lead", "opportunity", "campaignresponse"];

        StepCatalog.Steps.Select(step => step.Table).ShouldNotContain(table => sales.Contains(table));
        StepCatalog.SalesSteps.Select(step => step.Table).Distinct().ShouldBe(sales, ignoreOrder: true);
    }

    [Fact]
    public void No_step_is_on_a_message_for_several_rows()
    {
        // The platform raises Create and Update for each row of a Multiple call too; a step on both would tell of every row twice.
        All.Select(step => step.Message).Distinct().ShouldBeSubsetOf(["Create", "Update", "Delete"]);
    }

    [Fact]
    public void Published_contact_columns_are_the_steps_filter()
    {
        PluginStep step = All.Single(step => step.Table == "contact" && step.Message == "Update");

        string.Join(" ", step.FilteringColumns).ShouldBe(
            "firstname lastname fullname emailaddress1 telephone1 mobilephone jobtitle parentcustomerid address1_city address1_country ownerid statecode "
            + "masterid donotemail donotbulkemail preferredcontactmethodcode crmb_timezone");
    }

    [Fact]
    public void Plugin_classes_have_no_fields()
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (Type type in StepCatalog.Types.Select(entry => entry.Type).Append(typeof(PluginBase)))
            type.GetFields(Own).Where(field => !field.IsLiteral).ShouldBeEmpty(type.Name);
    }

    [Fact]
    public void Nothing_static_can_change()
    {
        const BindingFlags Own = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        IEnumerable<FieldInfo> changeable = Plugins.GetTypes()
            .Where(type => type.Namespace?.StartsWith("CrmBehavior", StringComparison.Ordinal) == true && !type.Name.StartsWith('<'))
            .SelectMany(type => type.GetFields(Own))
            .Where(field => !field.IsLiteral && !field.IsInitOnly);

        changeable.ShouldBeEmpty();
    }
}
