using System;
using System.IO;
using System.Linq;
using System.Runtime.Serialization.Json;
using System.Text;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace XrmSdk.Tests.Wire;

/// <summary>
/// What a service endpoint receives, byte for byte. The platform writes some times with an offset for display (<c>+0000</c>), this one,
/// whose clock is UTC, without; readers take either.
/// </summary>
public sealed class RemoteContextTests
{
    [Fact]
    public void Contact_update_is_written_as_the_platform_writes_it()
    {
        Json(ContactUpdate()).ShouldBe(Golden("contact-update.json"));
    }

    [Fact]
    public void Every_kind_of_value_is_written_as_the_platform_writes_it()
    {
        var when = new DateTime(2026, 1, 5, 10, 0, 0, DateTimeKind.Utc);
        var context = new RemoteExecutionContext { MessageName = "Create", OperationCreatedOn = when };
        context.ParentContext = new RemoteExecutionContext { MessageName = "Upsert", OperationCreatedOn = when };
        var party = new Entity("activityparty") { ["partyid"] = new EntityReference("contact", Guid.Empty) };
        var target = new Entity("x_offer")
        {
            ["x_text"] = "a/b \"c\" é",
            ["x_id"] = new Guid("0f0e0d0c-0000-4000-8000-000000000001"),
            ["x_big"] = 9_007_199_254_740_993L,
            ["x_choices"] = new OptionSetValueCollection { new OptionSetValue(1), new OptionSetValue(2) },
            ["x_parties"] = new EntityCollection([party]) { EntityName = "activityparty" },
            ["x_alias"] = new AliasedValue("contact", "fullname", "Ada"),
            ["x_when"] = when.AddMilliseconds(7),
        };
        target.KeyAttributes["x_code"] = "A1";
        context.InputParameters["Target"] = target;
        context.InputParameters["Relationship"] = new Relationship("crmb_contact_tag") { PrimaryEntityRole = EntityRole.Referenced };
        context.InputParameters["RelatedEntities"] = new EntityReferenceCollection { new EntityReference("crmb_tag", Guid.Empty) { Name = "Hot" } };
        context.OutputParameters["id"] = Guid.Empty;

        Json(context).ShouldBe(Golden("every-kind-of-value.json"));
    }

    [Fact]
    public void Written_context_is_read_back()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Golden("contact-update.json")));
        var read = (RemoteExecutionContext)new DataContractJsonSerializer(typeof(RemoteExecutionContext)).ReadObject(stream)!;

        read.MessageName.ShouldBe("Update");
        read.OwningExtension.Name.ShouldBe("contact update");
        var target = (Entity)read.InputParameters["Target"];
        target.GetAttributeValue<string>("emailaddress1").ShouldBe("ada@example.com");
        target.GetAttributeValue<OptionSetValue>("statuscode").ShouldBe(new OptionSetValue(1));
        target.GetAttributeValue<Money>("creditlimit").Value.ShouldBe(250.00m);
        target.FormattedValues["statuscode"].ShouldBe("Active");
        read.PostEntityImages["AsynchronousStepPrimaryName"].LogicalName.ShouldBe("contact");
        ((IPluginExecutionContext)read).ParentContext.ShouldBeNull();
    }

    static RemoteExecutionContext ContactUpdate()
    {
        var user = new Guid("aa000000-0000-4000-8000-000000000003");
        var contact = new Guid("cc000000-0000-4000-8000-000000000005");
        var context = new RemoteExecutionContext
        {
            BusinessUnitId = new Guid("0f0e0d0c-0000-4000-8000-000000000001"),
            CorrelationId = new Guid("5b1f7a10-0000-4000-8000-000000000002"),
            Depth = 1,
            InitiatingUserId = user,
            IsolationMode = 1,
            MessageName = "Update",
            Mode = 1,
            OperationCreatedOn = new DateTime(2025, 11, 21, 10, 0, 0, DateTimeKind.Utc),
            OperationId = new Guid("dd000000-0000-4000-8000-000000000006"),
            OrganizationId = new Guid("ee000000-0000-4000-8000-000000000007"),
            OrganizationName = "contoso",
            OwningExtension = new EntityReference("sdkmessageprocessingstep", new Guid("ff000000-0000-4000-8000-000000000008")) { Name = "contact update" },
            PrimaryEntityId = contact,
            PrimaryEntityName = "contact",
            RequestId = new Guid("11000000-0000-4000-8000-000000000009"),
            SecondaryEntityName = "none",
            Stage = 40,
            UserId = user,
        };
        var target = new Entity("contact", contact)
        {
            ["emailaddress1"] = "ada@example.com",
            ["donotbulkemail"] = false,
            ["new_score"] = 12.5m,
            ["statuscode"] = new OptionSetValue(1),
            ["parentcustomerid"] = new EntityReference("account", new Guid("bb000000-0000-4000-8000-000000000004")),
            ["creditlimit"] = new Money(250.00m),
            ["modifiedon"] = new DateTime(2025, 11, 21, 10, 0, 0, DateTimeKind.Utc),
            ["jobtitle"] = null,
        };
        target.RowVersion = "12345";
        target.FormattedValues["statuscode"] = "Active";
        context.InputParameters["Target"] = target;
        context.PostEntityImages["AsynchronousStepPrimaryName"] = new Entity("contact", contact);
        context.SharedVariables["IsAutoTransact"] = true;
        return context;
    }

    static string Json(RemoteExecutionContext context)
    {
        using var stream = new MemoryStream();
        new DataContractJsonSerializer(typeof(RemoteExecutionContext)).WriteObject(stream, context);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // The samples are broken into lines to be read by people; the wire has none.
    static string Golden(string file) =>
        string.Concat(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Wire", file)).Select(line => line.TrimStart()));
}
