using System;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Capture;

public sealed class EchoTests
{
    readonly PluginPlatform platform = new();

    [Fact]
    public void Own_write_is_not_told_and_another_users_is()
    {
        ServiceUser(value: platform.User.ToString("B"), defaultValue: null);

        Guid id = platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });
        platform.Posts.ShouldBeEmpty();

        platform.User = Guid.NewGuid();
        platform.Rows.Update(new Entity("contact", id) { ["lastname"] = "King" });
        PostedEvent.Only(platform).Name.ShouldBe("contact_updated");
    }

    [Fact]
    public void Write_of_a_customers_plugin_upon_our_own_is_told()
    {
        ServiceUser(value: platform.User.ToString(), defaultValue: null);
        platform.Depth = 2;

        platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        platform.Posts.Count.ShouldBe(1);
        platform.Queries.ShouldBeEmpty("depth alone decides, nothing needs to be read");
    }

    [Fact]
    public void Own_deletion_is_not_told()
    {
        ServiceUser(value: platform.User.ToString(), defaultValue: null);

        platform.Rows.Delete("contact", platform.Seed(new Entity("contact")));

        platform.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Own_task_is_not_told_and_another_users_is()
    {
        ServiceUser(value: platform.User.ToString(), defaultValue: null);
        var regarding = new EntityReference("contact", Guid.NewGuid());

        platform.Rows.Create(new Entity("task") { ["regardingobjectid"] = regarding });
        platform.Posts.ShouldBeEmpty();

        platform.User = Guid.NewGuid();
        platform.Rows.Create(new Entity("task") { ["regardingobjectid"] = regarding });
        platform.Posts.Count.ShouldBe(1);
    }

    [Fact]
    public void Default_of_the_variable_counts_where_it_has_no_value()
    {
        ServiceUser(value: null, defaultValue: platform.User.ToString());

        platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        platform.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Value_of_the_variable_goes_before_its_default()
    {
        ServiceUser(value: Guid.NewGuid().ToString(), defaultValue: platform.User.ToString());

        platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        platform.Posts.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Empty_variable_is_nobody(string value)
    {
        ServiceUser(value, defaultValue: null);
        platform.User = Guid.Empty;

        platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        platform.Posts.Count.ShouldBe(1);
    }

    [Fact]
    public void Malformed_variable_is_nobody_and_the_trace_says_what_to_write()
    {
        ServiceUser(value: "the service", defaultValue: null);

        platform.Rows.Create(new Entity("contact") { ["lastname"] = "Lovelace" });

        platform.Posts.Count.ShouldBe(1);
        platform.Traces.ShouldContain(
            "Environment variable crmb_ServiceUser holds \"the service\", which is no id; write the systemuserid of the service's application user.");
    }

    void ServiceUser(string? value, string? defaultValue)
    {
        Guid definition = platform.Seed(new Entity("environmentvariabledefinition")
        {
            ["schemaname"] = CrmNames.ServiceUserVariable,
            ["defaultvalue"] = defaultValue,
        });
        if (value == null) return;
        platform.Seed(new Entity("environmentvariablevalue")
        {
            ["environmentvariabledefinitionid"] = new EntityReference("environmentvariabledefinition", definition),
            ["value"] = value,
        });
    }
}
