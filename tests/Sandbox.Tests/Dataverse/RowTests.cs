using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

[Collection(SharedSandbox.Name)]
public sealed class RowTests(SandboxFixture sandbox)
{
    const string Missing = "00000000-0000-0000-0000-0000000000aa";

    Crm Crm => sandbox.Crm;

    [Theory]
    [InlineData("")]
    [InlineData("sandbox:nobody")]
    [InlineData("eyJhbGciOi")]
    public async Task Unknown_token_is_401_in_the_platforms_shape(string token)
    {
        CrmAnswer answer = await Crm.As(token).GetAsync("WhoAmI");
        answer.Status.ShouldBe(401);
        answer.Code.ShouldNotBeNull();
        answer.Message.ShouldNotBeNull();
    }

    [Fact]
    public async Task Created_row_has_an_address_times_owner_and_defaults()
    {
        CrmAnswer created = await Crm.PostAsync("contacts", new JsonObject { ["firstname"] = "Ada", ["lastname"] = "Lovelace" });
        created.Status.ShouldBe(204);
        created.Headers["OData-EntityId"].ShouldBe($"{Crm.Root}contacts({created.Id})");
        JsonNode row = (await Crm.GetAsync(
            $"contacts({created.Id})?$select=fullname,createdon,modifiedon,_ownerid_value,_createdby_value,statecode,statuscode,donotemail,preferredcontactmethodcode")).Json;
        row["fullname"]!.GetValue<string>().ShouldBe("Ada Lovelace");
        row["createdon"]!.GetValue<string>().ShouldMatch("^[0-9-]{10}T[0-9:]{8}Z$");
        row["_ownerid_value"]!.GetValue<string>().ShouldBe(row["_createdby_value"]!.GetValue<string>());
        (row["statecode"]!.GetValue<int>(), row["statuscode"]!.GetValue<int>()).ShouldBe((0, 1));
        row["donotemail"]!.GetValue<bool>().ShouldBeFalse();
        row["preferredcontactmethodcode"]!.GetValue<int>().ShouldBe(1);
        row["contactid"]!.GetValue<string>().ShouldBe(created.Id.ToString());
        row["@odata.etag"]!.GetValue<string>().ShouldStartWith("W/\"");
        row["@odata.context"]!.GetValue<string>().ShouldEndWith("/$entity");
    }

    [Fact]
    public async Task Own_id_is_taken_and_a_second_one_is_a_duplicate()
    {
        var row = new JsonObject { ["contactid"] = Guid.NewGuid().ToString(), ["lastname"] = "Own" };
        (await Crm.PostAsync("contacts", row)).Id.ToString().ShouldBe(row["contactid"]!.GetValue<string>());
        CrmAnswer second = await Crm.PostAsync("contacts", row);
        (second.Status, second.Code).ShouldBe((412, "0x80040237"));
    }

    [Fact]
    public async Task Representation_is_returned_when_preferred()
    {
        CrmAnswer created = await Crm.PostAsync("contacts?$select=lastname", new JsonObject { ["lastname"] = "Shown" }, ("Prefer", "return=representation"));
        created.Status.ShouldBe(201);
        created.Json["lastname"]!.GetValue<string>().ShouldBe("Shown");
        created.Json.AsObject().ContainsKey("firstname").ShouldBeFalse();
        CrmAnswer updated = await Crm.PatchAsync(
            $"contacts({created.Json["contactid"]})?$select=firstname", new JsonObject { ["firstname"] = "F" }, ("Prefer", "return=representation"));
        (updated.Status, updated.Json["firstname"]!.GetValue<string>()).ShouldBe((200, "F"));
    }

    [Fact]
    public async Task Patch_of_a_missing_row_makes_it_unless_if_match_says_no()
    {
        var id = Guid.NewGuid();
        CrmAnswer refused = await Crm.PatchAsync($"contacts({id})", new JsonObject { ["lastname"] = "X" }, ("If-Match", "*"));
        (refused.Status, refused.Code, refused.Message).ShouldBe((404, "0x80040217", $"contact With Id = {id} Does Not Exist"));
        (await Crm.PatchAsync($"contacts({id})", new JsonObject { ["lastname"] = "X" })).Status.ShouldBe(204);
        CrmAnswer exists = await Crm.PatchAsync($"contacts({id})", new JsonObject { ["lastname"] = "Y" }, ("If-None-Match", "*"));
        (exists.Status, exists.Code).ShouldBe((412, "0x80040237"));
        (await Crm.GetAsync($"contacts({id})?$select=lastname")).Json["lastname"]!.GetValue<string>().ShouldBe("X");
    }

    [Fact]
    public async Task Version_of_yesterday_does_not_overwrite()
    {
        Guid id = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "V" });
        string tag = (await Crm.GetAsync($"contacts({id})?$select=lastname")).Json["@odata.etag"]!.GetValue<string>();
        (await Crm.GetAsync($"contacts({id})?$select=lastname", ("If-None-Match", tag))).Status.ShouldBe(304);
        (await Crm.PatchAsync($"contacts({id})", new JsonObject { ["lastname"] = "W" }, ("If-Match", tag))).Status.ShouldBe(204);
        CrmAnswer late = await Crm.PatchAsync($"contacts({id})", new JsonObject { ["lastname"] = "X" }, ("If-Match", tag));
        (late.Status, late.Code).ShouldBe((412, "0x80060882"));
        (await Crm.DeleteAsync($"contacts({id})", ("If-Match", tag))).Status.ShouldBe(412);
        (await Crm.DeleteAsync($"contacts({id})")).Status.ShouldBe(204);
        (await Crm.GetAsync($"contacts({id})")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Single_column_is_read_written_and_cleared()
    {
        Guid id = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "P" });
        (await Crm.GetAsync($"contacts({id})/firstname")).Status.ShouldBe(204);
        (await Crm.SendAsync("PUT", $"contacts({id})/firstname", """{"value":"Q"}""")).Status.ShouldBe(204);
        (await Crm.GetAsync($"contacts({id})/firstname")).Json["value"]!.GetValue<string>().ShouldBe("Q");
        (await Crm.GetAsync($"contacts({id})/firstname/$value")).Text.ShouldBe("Q");
        (await Crm.DeleteAsync($"contacts({id})/firstname")).Status.ShouldBe(204);
        (await Crm.GetAsync($"contacts({id})?$select=firstname")).Json["firstname"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"nosuch":1}""", 400, "0x80048d19", "The property 'nosuch' does not exist on type")]
    [InlineData("""{"firstname":5}""", 400, "0x80048d19", "Cannot convert the literal '5' to the expected type 'Edm.String'")]
    [InlineData("""{"donotemail":"yes"}""", 400, "0x80048d19", "expected type 'Edm.Boolean'")]
    [InlineData("""{"crmb_lastseen":"yesterday"}""", 400, "0x80048d19", "expected type 'Edm.DateTimeOffset'")]
    [InlineData("""{"birthdate":"2020-01-01T00:00:00Z"}""", 400, "0x80048d19", "expected type 'Edm.Date'")]
    [InlineData("""{"preferredcontactmethodcode":99}""", 400, "0x8004431a", "Accepted Values: 1,2,3,4,5")]
    [InlineData("""{"_ownerid_value":"00000000-0000-0000-0000-000000000001"}""", 400, "0x80048d19", "Use Navigation properties instead")]
    [InlineData("""{"nosuch@odata.bind":"/contacts(00000000-0000-0000-0000-000000000001)"}""", 400, "0x80048d19", "An undeclared property 'nosuch'")]
    [InlineData("""{"parentcustomerid_account@odata.bind":"/accounts(00000000-0000-0000-0000-0000000000aa)"}""", 404, "0x80040217",
        "account With Id = 00000000-0000-0000-0000-0000000000aa Does Not Exist")]
    [InlineData("""{"statuscode":2}""", 400, "0x80048408", "2 is not a valid status code for state code contactState.Active on contact")]
    [InlineData("""{"lastname":"a\u0000b"}""", 400, "0x80040278", "lastname")]
    [InlineData("""{"lastname":"\ud800"}""", 400, "0x80040278", "lastname")]
    [InlineData("""{"lastname":""", 400, "0x80048d19", "not valid JSON")]
    public async Task Payload_the_platform_refuses_is_refused_with_its_code(string body, int status, string code, string message)
    {
        CrmAnswer answer = await Crm.SendAsync("POST", "contacts", body);
        (answer.Status, answer.Code).ShouldBe((status, code), answer.Text);
        answer.Message.ShouldNotBeNull().ShouldContain(message);
    }

    [Fact]
    public async Task Too_long_a_text_is_refused_and_the_longest_is_kept()
    {
        CrmAnswer answer = await Crm.PostAsync("contacts", new JsonObject { ["lastname"] = new string('x', 51) });
        (answer.Status, answer.Code).ShouldBe((400, "0x80044331"));
        answer.Message.ShouldBe(
            "A validation error occurred. The length of the 'lastname' attribute of the 'contact' entity exceeded the maximum allowed length of '50'.");
        (await Crm.PostAsync("contacts", new JsonObject { ["lastname"] = new string('x', 50) })).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Times_are_kept_to_the_second_and_decimals_to_their_places()
    {
        Guid id = await Crm.CreateAsync(
            "contacts", new JsonObject
            {
                ["lastname"] = "T",
                ["crmb_lastseen"] = "2026-03-04T05:06:07.999+02:00",
                ["crmb_rank"] = 1.23456789m,
                ["birthdate"] = "1990-02-03"
            });
        JsonNode row = (await Crm.GetAsync($"contacts({id})?$select=crmb_lastseen,crmb_rank,birthdate")).Json;
        row["crmb_lastseen"]!.GetValue<string>().ShouldBe("2026-03-04T03:06:07Z");
        row["crmb_rank"]!.GetValue<decimal>().ShouldBe(1.234568m);
        row["birthdate"]!.GetValue<string>().ShouldBe("1990-02-03");
    }

    [Fact]
    public async Task State_brings_its_status_and_back()
    {
        Guid id = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "S" });
        (await Crm.PatchAsync($"contacts({id})", new JsonObject { ["statecode"] = 1 })).Status.ShouldBe(204);
        (await Crm.GetAsync($"contacts({id})?$select=statuscode")).Json["statuscode"]!.GetValue<int>().ShouldBe(2);
        (await Crm.PatchAsync($"contacts({id})", new JsonObject { ["statecode"] = 0, ["statuscode"] = 1 })).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData("GET", "nosuchset", 404)]
    [InlineData("GET", "contacts(" + Missing + ")", 404)]
    [InlineData("DELETE", "contacts(" + Missing + ")", 404)]
    [InlineData("GET", "contacts(nosuch='x')", 400)]
    [InlineData("GET", "contacts(" + Missing + ")/nosuch", 404)]
    [InlineData("PUT", "contacts", 405)]
    [InlineData("POST", "WhoAmI", 405)]
    [InlineData("GET", "contacts(", 400)]
    public async Task Address_that_leads_nowhere_is_told(string method, string path, int status)
    {
        CrmAnswer answer = await Crm.SendAsync(method, path, method == "PUT" ? "{}" : null);
        answer.Status.ShouldBe(status, answer.Text);
        answer.Code.ShouldNotBeNull();
    }

    [Fact]
    public async Task Annotations_name_labels_tables_and_navigation_properties()
    {
        Guid account = await Crm.CreateAsync("accounts", new JsonObject { ["name"] = "Contoso" });
        Guid id = await Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "N", ["parentcustomerid_account@odata.bind"] = $"/accounts({account})" });
        CrmAnswer answer = await Crm.GetAsync($"contacts({id})?$select=_parentcustomerid_value,statuscode", ("Prefer", "odata.include-annotations=\"*\""));
        answer.Headers["Preference-Applied"].ShouldContain("odata.include-annotations");
        JsonNode row = answer.Json;
        row["_parentcustomerid_value@OData.Community.Display.V1.FormattedValue"]!.GetValue<string>().ShouldBe("Contoso");
        row["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"]!.GetValue<string>().ShouldBe("account");
        row["_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"]!.GetValue<string>().ShouldBe("parentcustomerid_account");
        row["statuscode@OData.Community.Display.V1.FormattedValue"]!.GetValue<string>().ShouldBe("Active");
        (await Crm.GetAsync($"contacts({id})?$select=statuscode")).Json.AsObject().ContainsKey("statuscode@OData.Community.Display.V1.FormattedValue")
            .ShouldBeFalse();
    }

    [Fact]
    public async Task Lookup_is_cleared_by_null_and_by_reference()
    {
        Guid account = await Crm.CreateAsync("accounts", new JsonObject { ["name"] = "A" });
        Guid id = await Crm.CreateAsync(
            "contacts", new JsonObject { ["lastname"] = "L", ["parentcustomerid_account@odata.bind"] = $"{Crm.Root}accounts({account})" });
        (await Crm.PatchAsync($"contacts({id})", new JsonObject { ["parentcustomerid_account@odata.bind"] = null })).Status.ShouldBe(204);
        (await Crm.GetAsync($"contacts({id})?$select=_parentcustomerid_value")).Json["_parentcustomerid_value"].ShouldBeNull();
        (await Crm.SendAsync("PUT", $"contacts({id})/parentcustomerid_account/$ref", $$"""{"@odata.id":"accounts({{account}})"}""")).Status.ShouldBe(204);
        (await Crm.GetAsync($"contacts({id})/parentcustomerid_account?$select=name")).Json["name"]!.GetValue<string>().ShouldBe("A");
        (await Crm.DeleteAsync($"contacts({id})/parentcustomerid_account/$ref")).Status.ShouldBe(204);
        (await Crm.GetAsync($"contacts({id})/parentcustomerid_account")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Deep_insert_makes_parent_and_children_or_nothing()
    {
        var row = new JsonObject
        {
            ["name"] = "Deep",
            ["primarycontactid"] = new JsonObject { ["lastname"] = "First" },
            ["contact_customer_accounts"] = new JsonArray(new JsonObject { ["lastname"] = "One" }, new JsonObject { ["lastname"] = "Two" }),
        };
        Guid id = await Crm.CreateAsync("accounts", row);
        JsonNode found = (await Crm.GetAsync(
            $"accounts({id})?$select=name&$expand=primarycontactid($select=lastname),contact_customer_accounts($select=lastname;$orderby=lastname desc;$top=1)")).Json;
        found["primarycontactid"]!["lastname"]!.GetValue<string>().ShouldBe("First");
        found["contact_customer_accounts"]!.AsArray()[0]!["lastname"]!.GetValue<string>().ShouldBe("Two");
        row["name"] = "Half";
        row["contact_customer_accounts"]!.AsArray()[1]!["lastname"] = new string('x', 51);
        (await Crm.PostAsync("accounts", row)).Status.ShouldBe(400);
        (await Crm.GetAsync("accounts?$filter=name eq 'Half'")).Rows.ShouldBeEmpty();
    }
}
