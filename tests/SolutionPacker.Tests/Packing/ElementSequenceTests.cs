using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Packing;

/// <summary>The packed XML against the sequences of the platform's schema, written down here apart from the packer.</summary>
public sealed class ElementSequenceTests
{
    const string Top =
        "Entities Roles Workflows FieldSecurityProfiles Templates RibbonDiffXml IsvConfig RelationshipRoles ConnectionRoles "
        + "SiteMap EntityMaps EntityRelationships OrganizationSettings optionsets Reports RoutingRules ChannelPropertyGroups "
        + "ConvertRules MobileOfflineProfiles Slas ChannelAccessProfiles ChannelAccessProfileRules Dashboards "
        + "InteractionCentricDashboards Dialogs WebResources CustomControls SolutionPluginAssemblies SdkMessageProcessingSteps "
        + "ServiceEndpoints AppModuleSiteMaps AppModules EntityDataProviders EntityDataSources Languages";

    static readonly XElement Customizations = SolutionFiles.FromZip(Repository.BuiltZip(managed: true)).Customizations.Root!;

    [Fact]
    public void Sections_stand_in_the_order_of_the_schema() => InOrder(Customizations, Top);

    [Fact]
    public void Parts_of_a_table_stand_in_the_order_of_the_schema()
    {
        foreach (XElement entity in Section("Entities")) InOrder(entity, "Name EntityInfo FormXml SavedQueries RibbonDiffXml Visualizations");
    }

    [Fact]
    public void A_table_names_itself_before_its_columns_and_its_set_behind_them()
    {
        foreach (XElement entity in Section("Entities").Elements("EntityInfo").Elements("entity").Where(e => e.Element("EntitySetName") is not null))
        {
            entity.Elements().Take(5).Select(e => e.Name.LocalName)
                .ShouldBe(["LocalizedNames", "LocalizedCollectionNames", "Descriptions", "attributes", "EntitySetName"]);
        }
    }

    [Fact]
    public void Parts_of_a_step_stand_in_the_order_of_the_schema()
    {
        foreach (XElement step in Section("SdkMessageProcessingSteps"))
        {
            InOrder(
                step,
                "PluginTypeName PluginTypeId PrimaryEntity SecondaryEntity AsyncAutoDelete Configuration Description FilteringAttributes "
                + "ImpersonatingUserIdName InvocationSource Mode Rank SdkMessageId EventHandler EventHandlerTypeCode Stage IsCustomizable "
                + "IsHidden SupportedDeployment IntroducedVersion SdkMessageProcessingStepImages");
            step.Element("StateCode").ShouldBeNull("steps have no state in a solution");
        }
    }

    [Fact]
    public void Parts_of_a_service_endpoint_stand_in_the_order_of_the_schema()
    {
        foreach (XElement endpoint in Section("ServiceEndpoints"))
        {
            InOrder(
                endpoint,
                "ConnectionMode Contract Description Path SolutionNamespace UserClaim IsCustomizable AuthType MessageFormat "
                + "NamespaceAddress NamespaceFormat SASKeyName Url");
        }
    }

    [Fact]
    public void Parts_of_a_web_resource_stand_in_the_order_of_the_schema()
    {
        foreach (XElement resource in Section("WebResources"))
        {
            InOrder(
                resource,
                "WebResourceId Name DisplayName Description SilverlightVersion LanguageCode WebResourceType IntroducedVersion "
                + "IsEnabledForMobileClient IsAvailableForMobileOffline DependencyXml IsCustomizable CanBeDeleted IsHidden FileName");
        }
    }

    [Fact]
    public void Forms_have_tabs_header_footer_and_navigation_in_this_order()
    {
        foreach (XElement form in Section("Entities").Descendants("systemform").Elements("form")) InOrder(form, "tabs header footer Navigation");
    }

    [Fact]
    public void The_languages_come_last_and_are_english()
        => Customizations.Elements().Last().ToString(SaveOptions.DisableFormatting).ShouldBe("<Languages><Language>1033</Language></Languages>");

    static IEnumerable<XElement> Section(string name) => Customizations.Element(name)!.Elements().ToList().ShouldNotBeNull();

    static void InOrder(XElement parent, string sequence)
    {
        List<int> places = parent.Elements().Select(e => Array.IndexOf(sequence.Split(' '), e.Name.LocalName)).ToList();
        places.ShouldNotBeEmpty();
        places.ShouldNotContain(-1);
        places.ShouldBe(places.Order());
    }
}
