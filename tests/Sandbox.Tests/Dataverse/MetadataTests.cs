using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using System.Xml.Linq;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

[Collection(SharedSandbox.Name)]
public sealed class MetadataTests(SandboxFixture sandbox)
{
    Crm Crm => sandbox.Crm;

    [Fact]
    public async Task Table_tells_its_set_keys_and_navigation_properties()
    {
        JsonNode table = (await Crm.GetAsync(
            "EntityDefinitions(LogicalName='crmb_contactscore')?$select=EntitySetName,PrimaryIdAttribute&$expand=Keys($select=KeyAttributes),ManyToOneRelationships($select=ReferencingEntityNavigationPropertyName;$filter=ReferencingAttribute eq 'crmb_contactid')")).Json;
        table["EntitySetName"]!.GetValue<string>().ShouldBe("crmb_contactscores");
        table["Keys"]!.AsArray().Single()!["KeyAttributes"]!.AsArray().Select(a => a!.GetValue<string>()).ShouldBe(["crmb_contactid", "crmb_name"]);
        table["ManyToOneRelationships"]!.AsArray().Single()!["ReferencingEntityNavigationPropertyName"]!.GetValue<string>().ShouldBe("crmb_contactid");
        table.AsObject().ContainsKey("Attributes").ShouldBeFalse();
    }

    [Fact]
    public async Task Activity_tells_the_navigation_property_of_its_regarding_contact()
    {
        CrmAnswer answer = await Crm.GetAsync("RelationshipDefinitions?$filter=ReferencingEntity eq 'crmb_touchpoint' and ReferencedEntity eq 'contact'");
        answer.Rows.Single()!["ReferencingEntityNavigationPropertyName"]!.GetValue<string>().ShouldBe("regardingobjectid_contact_crmb_touchpoint");
    }

    [Fact]
    public async Task Choices_come_with_values_and_labels()
    {
        JsonNode status = (await Crm.GetAsync(
            "EntityDefinitions(LogicalName='crmb_definition')/Attributes(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)")).Json;
        status["OptionSet"]!["Options"]!.AsArray()
            .Select(o => (o!["Value"]!.GetValue<int>(), o["Label"]!["UserLocalizedLabel"]!["Label"]!.GetValue<string>(), o["State"]!.GetValue<int>()))
            .ShouldBe([(1, "Draft", 0), (410330001, "Live", 0), (410330002, "Paused", 0), (2, "Retired", 1)], ignoreOrder: true);
    }

    [Fact]
    public async Task Attributes_are_cast_and_filtered_by_type()
    {
        (await Crm.GetAsync("EntityDefinitions(LogicalName='contact')/Attributes/Microsoft.Dynamics.CRM.MoneyAttributeMetadata?$select=LogicalName"))
            .Column("LogicalName").ShouldContain("creditlimit");
        (await Crm.GetAsync("EntityDefinitions(LogicalName='crmb_tag')/Attributes?$select=LogicalName&$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'State'")).Column("LogicalName").ShouldBe(["statecode"]);
    }

    [Fact]
    public async Task Tools_that_generate_code_find_the_members_they_ask_for()
    {
        (await Crm.GetAsync("EntityDefinitions(LogicalName='contact')/Attributes?$select=LogicalName&$filter=AttributeOf eq null and IsValidForRead eq true"))
            .Column("LogicalName").ShouldContain("lastname");
        JsonNode table = (await Crm.GetAsync("EntityDefinitions(LogicalName='contact')?$select=IsCustomizable,TableType,Description,IsBPFEntity,Privileges")).Json;
        (table["IsCustomizable"]!["Value"]!.GetValue<bool>(), table["TableType"]!.GetValue<string>()).ShouldBe((true, "Standard"));
        table["Privileges"]!.AsArray().Select(p => p!["Name"]!.GetValue<string>()).ShouldContain("prvAppendToContact");
        JsonNode flag = (await Crm.GetAsync(
            "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='donotemail')/Microsoft.Dynamics.CRM.BooleanAttributeMetadata?$select=LogicalName,DefaultValue&$expand=OptionSet($select=TrueOption,FalseOption)")).Json;
        flag["OptionSet"]!["TrueOption"]!["Label"]!["UserLocalizedLabel"]!["Label"]!.GetValue<string>().ShouldBe("Do Not Allow");
        (await Crm.GetAsync("GlobalOptionSetDefinitions(Name='crmb_reviewanswer')/Microsoft.Dynamics.CRM.OptionSetMetadata?$select=Options")).Json["Options"]!
            .AsArray().Count.ShouldBeGreaterThan(2);
        (await Crm.GetAsync("RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata?$select=IntersectEntityName&$filter=SchemaName eq 'crmb_contact_tag'"))
            .Column("IntersectEntityName").ShouldBe(["crmb_contact_tag"]);
        string id = (await Crm.GetAsync("EntityDefinitions(LogicalName='crmb_tag')?$select=LogicalName")).Json["MetadataId"]!.GetValue<string>();
        (await Crm.GetAsync($"EntityDefinitions({id})/Attributes(LogicalName='crmb_name')/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=MaxLength,FormatName"))
            .Json["FormatName"]!["Value"]!.GetValue<string>().ShouldBe("Text");
    }

    [Theory]
    [InlineData("EntityDefinitions(LogicalName='nosuch')", 404)]
    [InlineData("EntityDefinitions?$select=NoSuch", 400)]
    [InlineData("EntityDefinitions?$filter=LogicalName like 'x'", 400)]
    [InlineData("EntityDefinitions(LogicalName='contact')/NoSuch", 404)]
    public async Task Definition_that_is_not_there_is_told(string path, int status) => (await Crm.GetAsync(path)).Status.ShouldBe(status);

    [Fact]
    public async Task Csdl_has_every_table_with_its_columns()
    {
        XDocument csdl = XDocument.Parse((await Crm.GetAsync("$metadata")).Text);
        XElement score = csdl.Descendants().Single(e => e.Name.LocalName == "EntityType" && e.Attribute("Name")?.Value == "crmb_contactscore");
        score.Elements().Where(e => e.Name.LocalName == "Property").Select(e => e.Attribute("Name")!.Value).ShouldContain("_crmb_contactid_value");
        csdl.Descendants().Where(e => e.Name.LocalName == "EntitySet").Select(e => e.Attribute("Name")!.Value).ShouldContain("crmb_touchpoints");
    }

    [Fact]
    public async Task Organisation_functions_answer()
    {
        JsonNode who = (await Crm.GetAsync("WhoAmI")).Json;
        JsonNode organization = (await Crm.GetAsync("RetrieveCurrentOrganization(AccessType=@p1)?@p1=Microsoft.Dynamics.CRM.EndpointAccessType'Default'")).Json;
        organization["Detail"]!["OrganizationId"]!.GetValue<string>().ShouldBe(who["OrganizationId"]!.GetValue<string>());
        (await Crm.GetAsync("RetrieveVersion()")).Json["Version"]!.GetValue<string>().ShouldStartWith("9.2.");
        string service = (await Crm.As("sandbox:service").GetAsync("WhoAmI")).Json["UserId"]!.GetValue<string>();
        (await Crm.GetAsync("RetrieveEnvironmentVariableValue(DefinitionSchemaName='crmb_ServiceUser')")).Json["Value"]!.GetValue<string>().ShouldBe(service);
        (await Crm.GetAsync("RetrieveEnvironmentVariableValue(DefinitionSchemaName='nosuch')")).Status.ShouldBe(404);
        (await Crm.GetAsync("sdkmessagefilters?$select=primaryobjecttypecode&$filter=sdkmessageid/name eq 'UpsertMultiple' and primaryobjecttypecode eq 'crmb_contactscore'")).Rows.Count.ShouldBe(1);
    }
}
