using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>
/// Children stand in the order that the import demands; it validates by a schema of sequences (CustomizationsSolution.xsd) and refuses
/// the whole file for one element out of place.
/// </summary>
static class ElementOrder
{
    // Parent, and the order of its children.
    static readonly Dictionary<string, string[]> Sequences = new()
    {
        ["ImportExportXml"] = Words(
            "Entities Roles Workflows FieldSecurityProfiles Templates RibbonDiffXml IsvConfig RelationshipRoles ConnectionRoles "
            + "SiteMap EntityMaps EntityRelationships OrganizationSettings optionsets Reports RoutingRules ChannelPropertyGroups "
            + "ConvertRules MobileOfflineProfiles Slas ChannelAccessProfiles ChannelAccessProfileRules Dashboards "
            + "InteractionCentricDashboards Dialogs WebResources CustomControls SolutionPluginAssemblies SdkMessageProcessingSteps "
            + "ServiceEndpoints AppModuleSiteMaps AppModules EntityDataProviders EntityDataSources connectionreferences Languages"),
        ["Entity"] = Words("Name ObjectTypeCode EntityInfo FormXml SavedQueries RibbonDiffXml Visualizations"),
        ["SdkMessageProcessingStep"] = Words(
            "PluginTypeName PluginTypeId PrimaryEntity SecondaryEntity AsyncAutoDelete Configuration Description FilteringAttributes "
            + "ImpersonatingUserIdName InvocationSource Mode Rank SdkMessageId EventHandler EventHandlerTypeCode Stage IsCustomizable "
            + "IsHidden SupportedDeployment IntroducedVersion SdkMessageProcessingStepImages"),
        ["ServiceEndpoint"] = Words(
            "ConnectionMode Contract Description Path SolutionNamespace UserClaim IsCustomizable AuthType MessageFormat "
            + "NamespaceAddress NamespaceFormat SASKeyName Url"),
        ["WebResource"] = Words(
            "WebResourceId Name DisplayName Description SilverlightVersion LanguageCode WebResourceType IntroducedVersion "
            + "IsEnabledForMobileClient IsAvailableForMobileOffline DependencyXml IsCustomizable CanBeDeleted IsHidden FileName"),
        ["Address"] = Words(
            "AddressNumber AddressTypeCode City County Country Fax FreightTermsCode ImportSequenceNumber Latitude Line1 Line2 Line3 "
            + "Longitude Name PostalCode PostOfficeBox PrimaryContactName ShippingMethodCode StateOrProvince Telephone1 Telephone2 "
            + "Telephone3 TimeZoneRuleVersionNumber UPSZone UTCOffset UTCConversionTimeZoneCode"),
    };

    internal static IEnumerable<Finding> Check(LintSubject subject)
        => subject.Files.Customizations.Root!.DescendantsAndSelf().Concat(subject.Files.Manifest.Descendants("Address"))
            .SelectMany(e => Sequences.TryGetValue(e.Name.LocalName, out string[]? sequence) ? Children(e, sequence) : []);

    static IEnumerable<Finding> Children(XElement parent, string[] sequence)
    {
        int reached = 0;
        foreach (XElement child in parent.Elements())
        {
            string name = child.Name.LocalName;
            int place = Array.IndexOf(sequence, name);
            if (place < 0)
            {
                yield return LintSubject.At(
                    child, "unknown-element", $"{parent.Name.LocalName} has no element {name}{NearestName.Hint(name, sequence)}; the import refuses the file.");
            }
            else if (place < reached)
            {
                yield return LintSubject.At(
                    child, "element-order", $"{name} stands behind {sequence[reached]}; move it before that, or the import refuses the file.");
            }
            else reached = place;
        }
    }

    static string[] Words(string names) => names.Split(' ');
}
