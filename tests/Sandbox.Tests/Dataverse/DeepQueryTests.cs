using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

/// <summary>Queries over several tables, aggregates, and their limits.</summary>
[Collection(SharedSandbox.Name)]
public sealed class DeepQueryTests(SandboxFixture sandbox) : IAsyncLifetime
{
    readonly string mark = "d" + Guid.NewGuid().ToString("N")[..12];
    Guid account, ada, bob;

    Crm Crm => sandbox.Crm;

    public async Task InitializeAsync()
    {
        account = await Crm.CreateAsync("accounts", new JsonObject { ["name"] = mark });
        ada = await ContactAsync("Ada", 3);
        bob = await ContactAsync("Bob", 1);
        await ContactAsync("Cy", 0);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Expansion_inside_another_comes_by_pages_with_a_link_of_its_own()
    {
        (string, string) two = ("Prefer", "odata.maxpagesize=2");
        CrmAnswer answer = await Crm.GetAsync(
            $"accounts?$select=name&$filter=name eq '{mark}'&$expand=contact_customer_accounts($select=firstname;$orderby=firstname;$expand=Contact_Tasks($select=subject))", two);
        answer.Status.ShouldBe(200, answer.Text);
        JsonArray contacts = answer.Rows.Single()!["contact_customer_accounts"]!.AsArray();
        contacts.Select(c => (c!["firstname"]!.GetValue<string>(), c["Contact_Tasks"]!.AsArray().Count)).ShouldBe([("Ada", 2), ("Bob", 1), ("Cy", 0)]);
        CrmAnswer rest = await Crm.GetAsync(contacts[0]!["Contact_Tasks@odata.nextLink"]!.GetValue<string>(), two);
        rest.Rows.Count.ShouldBe(1);
        rest.Json["@odata.nextLink"].ShouldBeNull();
        contacts[0]!["Contact_Tasks"]!.AsArray().Concat(rest.Rows).Select(t => t!["subject"]!.GetValue<string>()).Order()
            .ShouldBe(["Ada 0", "Ada 1", "Ada 2"]);
    }

    [Theory]
    [InlineData("contact_customer_accounts($expand=crmb_contact_tag)", "many-to-many")]
    [InlineData("contact_customer_accounts($expand=Contact_Tasks($top=1))", "$top and $orderby")]
    [InlineData("contact_customer_accounts($expand=Contact_Tasks($orderby=subject))", "$top and $orderby")]
    [InlineData("contact_customer_accounts($skip=1)", "$expand takes")]
    [InlineData("nosuch", "nosuch")]
    public async Task Expansion_that_the_platform_does_not_do_is_refused(string expand, string problem)
    {
        CrmAnswer answer = await Crm.GetAsync($"accounts?$select=name&$expand={expand}");
        (answer.Status, answer.Code).ShouldBe((400, "0x80060888"));
        answer.Message.ShouldNotBeNull().ShouldContain(problem);
    }

    [Fact]
    public async Task Related_rows_come_by_pages()
    {
        (string, string) two = ("Prefer", "odata.maxpagesize=2");
        CrmAnswer first = await Crm.GetAsync($"contacts({ada})/Contact_Tasks?$select=subject&$orderby=subject&$count=true", two);
        (first.Rows.Count, first.Json["@odata.count"]!.GetValue<int>()).ShouldBe((2, 3));
        CrmAnswer second = await Crm.GetAsync(first.Json["@odata.nextLink"]!.GetValue<string>(), two);
        first.Column("subject").Concat(second.Column("subject")).ShouldBe(["Ada 0", "Ada 1", "Ada 2"]);
        second.Json["@odata.nextLink"].ShouldBeNull();
    }

    [Theory]
    [InlineData("any", "<condition attribute='subject' operator='eq' value='Ada 1'/>", "Ada")]
    [InlineData("not all", "<condition attribute='subject' operator='eq' value='Ada 1'/>", "Ada")]
    [InlineData("not any", "<condition attribute='subject' operator='eq' value='Ada 1'/>", "Bob,Cy")]
    [InlineData("all", "<condition attribute='subject' operator='eq' value='Ada 1'/>", "Bob")]
    [InlineData("any", "", "Ada,Bob")]
    [InlineData("not any", "", "Cy")]
    public async Task Link_inside_a_filter_asks_about_related_rows(string type, string condition, string names)
    {
        string filter = condition.Length == 0 ? "" : $"<filter>{condition}</filter>";
        CrmAnswer answer = await FetchAsync("contacts",
            $"<fetch><entity name='contact'><attribute name='firstname'/><order attribute='firstname'/><filter><condition attribute='lastname' operator='eq' value='{mark}'/><link-entity name='task' from='regardingobjectid' to='contactid' link-type='{type}'>{filter}</link-entity></filter></entity></fetch>");
        answer.Column("firstname").ShouldBe(names.Split(','));
    }

    [Fact]
    public async Task Outer_join_keeps_rows_without_a_match_and_inner_does_not()
    {
        string Query(string type) =>
            $"<fetch><entity name='contact'><attribute name='firstname'/><order attribute='firstname'/><filter><condition attribute='lastname' operator='eq' value='{mark}'/></filter><link-entity name='task' from='regardingobjectid' to='contactid' link-type='{type}' alias='t'><attribute name='subject'/></link-entity></entity></fetch>";
        (await FetchAsync("contacts", Query("inner"))).Column("firstname").ShouldBe(["Ada", "Ada", "Ada", "Bob"]);
        CrmAnswer outer = await FetchAsync("contacts", Query("outer"));
        outer.Column("firstname").ShouldBe(["Ada", "Ada", "Ada", "Bob", "Cy"]);
        outer.Rows[4]!["t.subject"].ShouldBeNull();
        (await FetchAsync("contacts", Query("inner").Replace("<fetch>", "<fetch distinct='true'>", StringComparison.Ordinal)
            .Replace("<attribute name='subject'/>", "", StringComparison.Ordinal))).Column("firstname").ShouldBe(["Ada", "Bob"]);
    }

    [Theory]
    [InlineData("this-fiscal-year", null, true)]
    [InlineData("last-fiscal-year", null, false)]
    [InlineData("this-fiscal-period", null, true)]
    [InlineData("next-x-fiscal-periods", "2", false)]
    [InlineData("last-x-days", "1", true)]
    [InlineData("olderthan-x-minutes", "30", false)]
    [InlineData("today", null, true)]
    [InlineData("in-fiscal-year", "1999", false)]
    public async Task Relative_dates_of_FetchXML_are_known(string operation, string? value, bool found) =>
        (await FetchAsync("contacts",
            $"<fetch><entity name='contact'><attribute name='firstname'/><filter><condition attribute='contactid' operator='eq' value='{ada}'/><condition attribute='createdon' operator='{operation}'{(value is null ? "" : $" value='{value}'")}/></filter></entity></fetch>"))
            .Rows.Count.ShouldBe(found ? 1 : 0);

    [Fact]
    public async Task FetchXML_pages_by_its_cookie()
    {
        const string annotations = "odata.include-annotations=\"Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords\"";
        string Query(int page, string cookie) =>
            $"<fetch count='2' page='{page}'{cookie}><entity name='contact'><attribute name='firstname'/><order attribute='firstname'/><filter><condition attribute='lastname' operator='eq' value='{mark}'/></filter></entity></fetch>";
        CrmAnswer first = await FetchAsync("contacts", Query(1, ""), ("Prefer", annotations));
        first.Json["@Microsoft.Dynamics.CRM.morerecords"]!.GetValue<bool>().ShouldBeTrue();
        var outer = System.Xml.Linq.XElement.Parse(first.Json["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"]!.GetValue<string>());
        string inner = Uri.UnescapeDataString(Uri.UnescapeDataString(outer.Attribute("pagingcookie")!.Value));
        CrmAnswer second = await FetchAsync(
            "contacts", Query(int.Parse(outer.Attribute("pagenumber")!.Value, System.Globalization.CultureInfo.InvariantCulture),
                $" paging-cookie='{System.Security.SecurityElement.Escape(inner)}'"), ("Prefer", annotations));
        first.Column("firstname").Concat(second.Column("firstname")).ShouldBe(["Ada", "Bob", "Cy"]);
        second.Json["@Microsoft.Dynamics.CRM.morerecords"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Apply_filters_groups_aggregates_and_filters_the_groups()
    {
        string own = $"filter(regardingobjectid_contact_task/lastname eq '{mark}')";
        CrmAnswer groups = await Crm.GetAsync(
            $"tasks?$apply={own}/filter(statecode eq 0)/groupby((_regardingobjectid_value),aggregate($count as n,subject with countdistinct as d))/filter(n gt 1)");
        groups.Status.ShouldBe(200, groups.Text);
        JsonNode group = groups.Rows.Single()!;
        (group["_regardingobjectid_value"]!.GetValue<Guid>(), group["n"]!.GetValue<int>(), group["d"]!.GetValue<int>()).ShouldBe((ada, 3, 3));
        (await Crm.GetAsync($"tasks?$apply={own}/groupby((regardingobjectid_contact_task/firstname),aggregate($count as n))")).Rows
            .Select(r => r!["n"]!.GetValue<int>()).Order().ShouldBe([1, 3]);
        CrmAnswer one = await Crm.GetAsync($"contacts?$apply=filter(lastname eq '{mark}')/aggregate(numberofchildren with sum as s,numberofchildren with max as m,numberofchildren with average as a)");
        (one.Rows.Single()!["s"]!.GetValue<int>(), one.Rows.Single()!["m"]!.GetValue<int>()).ShouldBe((4, 3));
        (await Crm.GetAsync("tasks?$apply=groupby((statecode))/groupby((statecode))")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Values_may_stand_in_parameter_aliases()
    {
        (await Crm.GetAsync($"contacts?$select=firstname&$filter=lastname eq @l and firstname eq @f&@l='{mark}'&@f='Ada'")).Column("firstname").ShouldBe(["Ada"]);
        (await Crm.GetAsync($"contacts?$select=firstname&$filter=startswith(lastname,@l)&$orderby=firstname&@l='{mark}'")).Rows.Count.ShouldBe(3);
        (await Crm.GetAsync("contacts?$filter=lastname eq @l")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Deep_insert_makes_rows_below_rows()
    {
        CrmAnswer made = await Crm.PostAsync("accounts", new JsonObject
        {
            ["name"] = mark + " deep",
            ["contact_customer_accounts"] = new JsonArray(new JsonObject
            {
                ["lastname"] = mark + " deep",
                ["Contact_Tasks"] = new JsonArray(new JsonObject { ["subject"] = "one" }, new JsonObject { ["subject"] = "two" }),
            }),
        });
        made.Status.ShouldBe(204, made.Text);
        (await Crm.GetAsync($"tasks?$select=subject&$orderby=subject&$filter=regardingobjectid_contact_task/lastname eq '{mark} deep'")).Column("subject")
            .ShouldBe(["one", "two"]);
    }

    Task<CrmAnswer> FetchAsync(string set, string xml, params (string, string)[] headers) =>
        Crm.GetAsync($"{set}?fetchXml={Uri.EscapeDataString(xml)}", headers);

    async Task<Guid> ContactAsync(string name, int tasks)
    {
        Guid id = await Crm.CreateAsync("contacts", new JsonObject
        {
            ["firstname"] = name,
            ["lastname"] = mark,
            ["numberofchildren"] = tasks,
            ["parentcustomerid_account@odata.bind"] = $"/accounts({account})",
        });
        for (int i = 0; i < tasks; i++)
            await Crm.CreateAsync("tasks", new JsonObject { ["subject"] = $"{name} {i}", ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({id})" });
        return id;
    }
}
