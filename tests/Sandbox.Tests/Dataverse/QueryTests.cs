using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

/// <summary>Five contacts, asked in many ways.</summary>
public sealed class QueryTests : IClassFixture<QueryTests.People>
{
    readonly People people;

    public QueryTests(People people) => this.people = people;

    Crm Crm => people.Sandbox.Crm;

    [Theory]
    [InlineData("firstname eq 'ADA'", "Ada")]
    [InlineData("firstname ne 'Ada' and lastname ne null", "Bob,Cy,Di,Eve")]
    [InlineData("contains(lastname,'OV')", "Ada")]
    [InlineData("startswith(firstname,'b') or endswith(firstname,'ve')", "Bob,Eve")]
    [InlineData("not contains(firstname,'a')", "Bob,Cy,Di,Eve")]
    [InlineData("crmb_score gt 20 and crmb_score le 40", "Cy,Di")]
    [InlineData("crmb_score eq null", "Eve")]
    [InlineData("crmb_score ne null", "Ada,Bob,Cy,Di")]
    [InlineData("donotemail eq true", "Di")]
    [InlineData("preferredcontactmethodcode eq 2", "Bob")]
    [InlineData("crmb_lastseen ge 2026-01-03T00:00:00Z", "Cy,Di")]
    [InlineData("birthdate eq 1990-05-06", "Ada")]
    [InlineData("firstname eq lastname", "Eve")]
    [InlineData("parentcustomerid_account/name eq 'Contoso'", "Ada,Bob")]
    [InlineData("Contact_Tasks/any(t:t/subject eq 'call')", "Ada")]
    [InlineData("Contact_Tasks/any()", "Ada,Bob")]
    [InlineData("not Contact_Tasks/any(t:contains(t/subject,'c'))", "Cy,Di,Eve")]
    [InlineData("Contact_Tasks/all(t:t/prioritycode eq 1)", "Ada,Bob,Cy,Di,Eve")]
    [InlineData("crmb_contact_tag/any(t:t/crmb_name eq 'vip')", "Cy")]
    [InlineData("Microsoft.Dynamics.CRM.In(PropertyName='firstname',PropertyValues=['Ada','Di'])", "Ada,Di")]
    [InlineData("Microsoft.Dynamics.CRM.NotIn(PropertyName='firstname',PropertyValues=[\"Ada\",\"Di\"])", "Bob,Cy,Eve")]
    [InlineData("Microsoft.Dynamics.CRM.Between(PropertyName='crmb_score',PropertyValues=['20','30'])", "Bob,Cy")]
    [InlineData("Microsoft.Dynamics.CRM.On(PropertyName='crmb_lastseen',PropertyValue='2026-01-02')", "Bob")]
    [InlineData("Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=1)", "Ada,Bob,Cy,Di,Eve")]
    [InlineData("Microsoft.Dynamics.CRM.OlderThanXDays(PropertyName='createdon',PropertyValue=1)", "")]
    [InlineData("Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid')", "Ada,Bob,Cy,Di,Eve")]
    [InlineData("lastname eq 'O''Brien'", "Bob")]
    public async Task Filter_finds_whom_it_should(string filter, string names) =>
        string.Join(',', (await Rows($"$select=firstname&$orderby=firstname&$filter={Uri.EscapeDataString(filter)}")).Column("firstname")).ShouldBe(names);

    [Theory]
    [InlineData("$filter=nosuch eq 1", "Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.contact'.")]
    [InlineData("$select=nosuch", "Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.contact'.")]
    [InlineData("$orderby=nosuch", "nosuch")]
    [InlineData("$expand=nosuch", "nosuch")]
    [InlineData("$filter=firstname eq", "expression expected at position 12")]
    [InlineData("$skip=1", "$skip is not supported")]
    [InlineData("$search=x", "$search is not supported")]
    [InlineData("$filter=crmb_score add 1 eq 2", "only columns and values can be compared")]
    public async Task Query_that_cannot_be_is_400_with_the_reason(string query, string reason)
    {
        CrmAnswer answer = await Crm.GetAsync("contacts?" + query);
        (answer.Status, answer.Code).ShouldBe((400, "0x80060888"), answer.Text);
        answer.Message.ShouldNotBeNull().ToLowerInvariant().ShouldContain(reason.ToLowerInvariant());
    }

    [Fact]
    public async Task Order_puts_empty_first_and_top_takes_the_best()
    {
        (await Rows("$select=firstname&$orderby=crmb_score")).Column("firstname").ShouldBe(["Eve", "Ada", "Bob", "Cy", "Di"]);
        (await Rows("$select=firstname&$orderby=crmb_score desc&$top=2")).Column("firstname").ShouldBe(["Di", "Cy"]);
        (await Rows("$select=firstname&$orderby=_parentcustomerid_value desc,firstname desc&$top=1")).Rows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Count_is_told_beside_the_rows_and_alone()
    {
        CrmAnswer answer = await Rows("$select=firstname&$count=true&$top=2");
        answer.Json["@odata.count"]!.GetValue<int>().ShouldBe(5);
        answer.Rows.Count.ShouldBe(2);
        (await Crm.GetAsync($"contacts/$count?$filter=jobtitle eq '{people.Mark}'")).Text.TrimStart('\uFEFF').ShouldBe("5");
    }

    [Fact]
    public async Task Pages_hold_every_row_once_in_order()
    {
        CrmAnswer page = await Crm.GetAsync(
            $"contacts?$select=firstname&$orderby=firstname desc&$filter=jobtitle eq '{people.Mark}'", ("Prefer", "odata.maxpagesize=2"));
        string names = "";
        int pages = 1;
        while (true)
        {
            names += string.Concat(page.Column("firstname"));
            if (page.Json["@odata.nextLink"] is not { } next) break;
            next.GetValue<string>().ShouldContain("$skiptoken=%3Ccookie%20pagenumber%3D%22");
            page = await Crm.GetAsync(next.GetValue<string>(), ("Prefer", "odata.maxpagesize=2"));
            pages++;
        }
        (names, pages).ShouldBe(("EveDiCyBobAda", 3));
    }

    [Fact]
    public async Task Page_is_found_again_when_its_order_was_forgotten()
    {
        CrmAnswer page = await Crm.GetAsync(
            $"contacts?$select=firstname&$orderby=firstname&$filter=jobtitle eq '{people.Mark}'", ("Prefer", "odata.maxpagesize=3"));
        string next = page.Json["@odata.nextLink"]!.GetValue<string>();
        for (int i = 0; i < 20; i++) await Crm.GetAsync($"contacts?$select=firstname&$filter=jobtitle eq '{people.Mark}'", ("Prefer", "odata.maxpagesize=1"));
        (await Crm.GetAsync(next, ("Prefer", "odata.maxpagesize=3"))).Column("firstname").ShouldBe(["Di", "Eve"]);
    }

    [Fact]
    public async Task Malformed_page_token_is_refused() =>
        (await Crm.GetAsync("contacts?$skiptoken=nonsense")).Status.ShouldBe(400);

    [Fact]
    public async Task Apply_groups_and_aggregates()
    {
        CrmAnswer answer = await Crm.GetAsync(
            $"contacts?$apply=filter(jobtitle eq '{people.Mark}' and crmb_score ne null)/groupby((donotemail),aggregate($count as n,crmb_score with sum as total,crmb_score with max as best))");
        answer.Status.ShouldBe(200, answer.Text);
        JsonNode no = answer.Rows.Single(r => !r!["donotemail"]!.GetValue<bool>())!;
        (no["n"]!.GetValue<int>(), no["total"]!.GetValue<decimal>(), no["best"]!.GetValue<decimal>()).ShouldBe((3, 60m, 30m));
    }

    [Fact]
    public async Task Fetch_joins_filters_orders_and_pages()
    {
        string xml = $"""
            <fetch count="1" page="1" returntotalrecordcount="true"><entity name="contact"><attribute name="firstname"/>
            <filter><condition attribute="jobtitle" operator="eq" value="{people.Mark}"/></filter><order attribute="firstname" descending="true"/>
            <link-entity name="account" from="accountid" to="parentcustomerid" alias="a"><attribute name="name"/><filter><condition attribute="name" operator="like" value="Con%"/></filter></link-entity>
            </entity></fetch>
            """;
        CrmAnswer answer = await Crm.GetAsync("contacts?fetchXml=" + Uri.EscapeDataString(xml), ("Prefer", "odata.include-annotations=\"*\""));
        JsonNode row = answer.Rows.ShouldHaveSingleItem()!;
        (row["firstname"]!.GetValue<string>(), row["a.name"]!.GetValue<string>()).ShouldBe(("Bob", "Contoso"));
        answer.Json["@Microsoft.Dynamics.CRM.morerecords"]!.GetValue<bool>().ShouldBeTrue();
        answer.Json["@Microsoft.Dynamics.CRM.totalrecordcount"]!.GetValue<int>().ShouldBe(2);
        answer.Json["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"]!.GetValue<string>().ShouldStartWith("<cookie pagenumber=\"2\"");
        (await Crm.GetAsync("contacts?fetchXml=" + Uri.EscapeDataString(xml.Replace("page=\"1\"", "page=\"2\"", StringComparison.Ordinal)))).Column("firstname")
            .ShouldBe(["Ada"]);
    }

    [Theory]
    [InlineData("<link-entity name='task' from='regardingobjectid' to='contactid' link-type='outer' alias='t'/><filter><condition entityname='t' attribute='activityid' operator='null'/></filter>", "Cy,Di,Eve")]
    [InlineData("<link-entity name='crmb_contact_tag' from='contactid' to='contactid' intersect='true'><link-entity name='crmb_tag' from='crmb_tagid' to='crmb_tagid'><filter><condition attribute='crmb_name' operator='eq' value='VIP'/></filter></link-entity></link-entity>", "Cy")]
    [InlineData("<link-entity name='task' from='regardingobjectid' to='contactid' link-type='exists'/>", "Ada,Bob")]
    [InlineData("<filter type='or'><condition attribute='crmb_score' operator='lt' value='20'/><condition attribute='firstname' operator='in'><value>Eve</value><value>Nobody</value></condition></filter>", "Ada,Eve")]
    [InlineData("<filter><condition attribute='createdon' operator='today'/><condition attribute='firstname' operator='begins-with' value='e'/></filter>",
        "Eve")]
    [InlineData("<filter><condition attribute='crmb_lastseen' operator='on-or-before' value='2026-01-02'/></filter>", "Ada,Bob")]
    public async Task Fetch_finds_whom_it_should(string inner, string names)
    {
        string xml = $"<fetch distinct='true'><entity name='contact'><attribute name='firstname'/><order attribute='firstname'/><filter><condition attribute='jobtitle' operator='eq' value='{people.Mark}'/></filter>{inner}</entity></fetch>";
        CrmAnswer answer = await Crm.GetAsync("contacts?fetchXml=" + Uri.EscapeDataString(xml));
        answer.Status.ShouldBe(200, answer.Text);
        string.Join(',', answer.Column("firstname")).ShouldBe(names);
    }

    [Fact]
    public async Task Fetch_aggregates_by_group()
    {
        string xml = $"<fetch aggregate='true'><entity name='contact'><attribute name='donotemail' groupby='true' alias='g'/><attribute name='contactid' aggregate='count' alias='n'/><attribute name='crmb_score' aggregate='avg' alias='mean'/><order alias='n' descending='true'/><filter><condition attribute='jobtitle' operator='eq' value='{people.Mark}'/></filter></entity></fetch>";
        CrmAnswer answer = await Crm.GetAsync("contacts?fetchXml=" + Uri.EscapeDataString(xml));
        answer.Rows.Select(r => (r!["g"]!.GetValue<bool>(), r["n"]!.GetValue<int>(), r["mean"]!.GetValue<decimal>()))
            .ShouldBe([(false, 4, 20m), (true, 1, 40m)]);
    }

    [Theory]
    [InlineData("<fetch><entity name='nosuch'/></fetch>", "0x80041102")]
    [InlineData("<fetch><entity name='contact'><attribute name='nosuch'/></entity></fetch>", "0x80041103")]
    [InlineData("<fetch><entity", "0x80041113")]
    public async Task Fetch_that_cannot_be_is_refused_with_the_platforms_code(string xml, string code)
    {
        CrmAnswer answer = await Crm.GetAsync("contacts?fetchXml=" + Uri.EscapeDataString(xml));
        (answer.Status, answer.Code).ShouldBe((400, code));
    }

    Task<CrmAnswer> Rows(string query)
    {
        string own = $"jobtitle eq '{people.Mark}'";
        string all = query.Contains("$filter=", StringComparison.Ordinal)
            ? query.Replace("$filter=", $"$filter={Uri.EscapeDataString(own)} and (", StringComparison.Ordinal) + ")" : query + "&$filter=" + own;
        return Crm.GetAsync("contacts?" + all);
    }

    /// <summary>The contacts, told from others by their job title.</summary>
    public sealed class People : IAsyncLifetime
    {
        public SandboxFixture Sandbox { get; } = new();

        public string Mark { get; } = "mark" + Guid.NewGuid().ToString("N")[..8];

        public async Task InitializeAsync()
        {
            await Sandbox.InitializeAsync();
            Crm crm = Sandbox.Crm;
            Guid account = await crm.CreateAsync("accounts", new JsonObject { ["name"] = "Contoso" });
            Guid ada = await crm.CreateAsync("contacts", Person("Ada", "Lovelace", 10m, "2026-01-01T12:00:00Z", account, ("birthdate", "1990-05-06")));
            Guid bob = await crm.CreateAsync("contacts", Person("Bob", "O'Brien", 20m, "2026-01-02T12:00:00Z", account, ("preferredcontactmethodcode", 2)));
            Guid cy = await crm.CreateAsync("contacts", Person("Cy", "C", 30m, "2026-01-03T12:00:00Z", null));
            await crm.CreateAsync("contacts", Person("Di", "D", 40m, "2026-01-04T12:00:00Z", null, ("donotemail", true)));
            await crm.CreateAsync("contacts", Person("Eve", "Eve", null, null, null));
            await crm.CreateAsync("tasks", new JsonObject { ["subject"] = "call", ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({ada})" });
            await crm.CreateAsync("tasks", new JsonObject { ["subject"] = "cycle", ["regardingobjectid_contact_task@odata.bind"] = $"/contacts({bob})" });
            Guid tag = await crm.CreateAsync("crmb_tags", new JsonObject { ["crmb_name"] = "VIP" });
            (await crm.PostAsync($"contacts({cy})/crmb_contact_tag/$ref", new JsonObject { ["@odata.id"] = $"crmb_tags({tag})" })).Status.ShouldBe(204);
        }

        JsonObject Person(string first, string last, decimal? score, string? seen, Guid? account, params (string Name, JsonNode Value)[] more)
        {
            var row = new JsonObject { ["firstname"] = first, ["lastname"] = last, ["jobtitle"] = Mark };
            if (score is not null) row["crmb_score"] = score;
            if (seen is not null) row["crmb_lastseen"] = seen;
            if (account is { } id) row["parentcustomerid_account@odata.bind"] = $"/accounts({id})";
            foreach ((string name, JsonNode value) in more) row[name] = value;
            return row;
        }

        public Task DisposeAsync() => Sandbox.DisposeAsync();
    }
}
