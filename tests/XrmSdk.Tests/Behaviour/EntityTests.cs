using System;
using System.Collections.Generic;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace XrmSdk.Tests.Behaviour;

/// <summary>Behaviours of the original that a first guess gets wrong.</summary>
public sealed class EntityTests
{
    static readonly Guid Id = new("cc000000-0000-4000-8000-000000000005");

    [Fact]
    public void References_are_equal_by_table_id_and_keys_and_not_by_name()
    {
        new EntityReference("contact", Id) { Name = "Ada" }.ShouldBe(new EntityReference("contact", Id) { Name = "Ben", RowVersion = "1" });
        new EntityReference("contact", Id).ShouldNotBe(new EntityReference("account", Id));
        new EntityReference("contact", Id).ShouldNotBe(new EntityReference("contact", Guid.Empty));
        new EntityReference("contact", "x_code", "A").ShouldBe(new EntityReference("contact", "x_code", "A"));
        new EntityReference("contact", "x_code", "A").ShouldNotBe(new EntityReference("contact", "x_code", "B"));
        new EntityReference("contact", "x_code", "A").ShouldNotBe(new EntityReference("contact", "x_other", "A"));
        new EntityReference("contact").ShouldNotBe(new EntityReference("contact", "x_code", "A"));
        new EntityReference("contact", "x_code", "A").ShouldNotBe(new EntityReference("contact"));
        new EntityReference("contact", Id).GetHashCode().ShouldBe(new EntityReference("contact", Id).GetHashCode());
        new EntityReference().GetHashCode().ShouldBe(new EntityReference().GetHashCode());
    }

    [Fact]
    public void Values_are_equal_by_value()
    {
        new OptionSetValue(1).ShouldBe(new OptionSetValue(1));
        new OptionSetValue(1).ShouldNotBe(new OptionSetValue(2));
        new Money(1.50m).ShouldBe(new Money(1.5m));
        new Relationship("a") { PrimaryEntityRole = EntityRole.Referenced }.ShouldNotBe(new Relationship("a"));
        new Relationship("a").ShouldBe(new Relationship("a"));
    }

    [Fact]
    public void Missing_and_null_columns_read_as_the_default()
    {
        var row = new Entity("contact") { ["cleared"] = null };

        row.GetAttributeValue<int>("missing").ShouldBe(0);
        row.GetAttributeValue<int?>("cleared").ShouldBeNull();
        row.Contains("cleared").ShouldBeTrue();
        Should.Throw<KeyNotFoundException>(() => row["missing"]);
        Should.Throw<InvalidCastException>(() => new Entity { ["a"] = "text" }.GetAttributeValue<int>("a"));
        Should.Throw<ArgumentNullException>(() => row.GetAttributeValue<int>(null!)).ParamName.ShouldBe("attributeLogicalName");
    }

    [Fact]
    public void Row_as_the_same_type_is_a_copy()
    {
        var row = new Entity("contact", Id) { ["a"] = 1, RowVersion = "7" };
        row.FormattedValues["a"] = "one";

        Entity copy = row.ToEntity<Entity>();

        copy.ShouldNotBeSameAs(row);
        copy["a"] = 2;
        row["a"].ShouldBe(1);
        (copy.Id, copy.LogicalName, copy.RowVersion, copy.FormattedValues["a"]).ShouldBe((Id, "contact", "7", "one"));
    }

    [Fact]
    public void Reference_of_a_row_has_its_keys()
    {
        EntityReference reference = new Entity("contact", "x_code", "A").ToEntityReference();

        reference.ShouldBe(new EntityReference("contact", "x_code", "A"));
    }

    [Fact]
    public void Collection_behaves_as_a_dictionary_that_it_is_not()
    {
        var columns = new AttributeCollection { { "a", 1 } };

        Should.Throw<ArgumentException>(() => columns.Add("a", 2));
        columns["a"] = 3;
        columns.AddRange((IEnumerable<KeyValuePair<string, object>>)null!);
        columns.Contains("a").ShouldBeTrue();
        columns.TryGetValue("b", out object missing).ShouldBeFalse();
        missing.ShouldBeNull();
        columns.Remove("a").ShouldBeTrue();
        columns.Count.ShouldBe(0);
        columns.ShouldNotBeAssignableTo<IDictionary<string, object>>();
    }
}
