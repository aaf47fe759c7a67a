using System.Collections;
using Microsoft.Xrm.Sdk.Query;
using Shouldly;
using Xunit;

namespace XrmSdk.Tests.Behaviour;

/// <summary>Which constructor the compiler takes decides what is asked; the wrong one gives other rows and no error.</summary>
public sealed class QueryTests
{
    [Fact]
    public void Array_of_numbers_is_several_values_in_a_constructor()
    {
        new ConditionExpression("a", ConditionOperator.In, new[] { 1, 2, 3 }).Values.ShouldBe([1, 2, 3]);
        new ConditionExpression("a", ConditionOperator.In, (ICollection)new[] { "x", "y" }).Values.ShouldBe(["x", "y"]);
    }

    [Fact]
    public void Array_of_numbers_is_one_value_when_added_to_a_filter()
    {
        var filter = new FilterExpression();

        filter.AddCondition("a", ConditionOperator.In, new[] { 1, 2, 3 });

        filter.Conditions[0].Values.ShouldHaveSingleItem().ShouldBe(new[] { 1, 2, 3 });
    }

    [Fact]
    public void Table_goes_before_the_column_where_both_are_given()
    {
        var filter = new FilterExpression(LogicalOperator.Or);

        filter.AddCondition("contact", "a", ConditionOperator.Null);
        filter.AddCondition("a", ConditionOperator.Equal, 1);

        (filter.Conditions[0].EntityName, filter.Conditions[0].AttributeName, filter.Conditions[0].Values.Count).ShouldBe(("contact", "a", 0));
        filter.Conditions[1].EntityName.ShouldBeNull();
        filter.Conditions[1].Values.ShouldBe([1]);
    }

    [Fact]
    public void No_columns_is_no_error()
    {
        new ColumnSet((string[])null!).Columns.ShouldBeEmpty();
        new ColumnSet().AllColumns.ShouldBeFalse();
        new ColumnSet(true).AllColumns.ShouldBeTrue();
        new ColumnSet("a", "b").Columns.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Query_begins_with_an_empty_filter_page_and_column_set()
    {
        var query = new QueryExpression("contact");

        query.Criteria.Conditions.ShouldBeEmpty();
        query.ColumnSet.Columns.ShouldBeEmpty();
        query.PageInfo.PageNumber.ShouldBe(0);
        query.TopCount.ShouldBeNull();
    }

    [Fact]
    public void Link_begins_where_the_query_or_link_is()
    {
        var query = new QueryExpression("contact");

        LinkEntity account = query.AddLink("account", "parentcustomerid", "accountid");
        LinkEntity owner = account.AddLink("systemuser", "ownerid", "systemuserid", JoinOperator.LeftOuter);

        (account.LinkFromEntityName, account.JoinOperator).ShouldBe(("contact", JoinOperator.Inner));
        (owner.LinkFromEntityName, owner.JoinOperator).ShouldBe(("account", JoinOperator.LeftOuter));
        query.LinkEntities.ShouldHaveSingleItem().LinkEntities.ShouldHaveSingleItem().ShouldBeSameAs(owner);
    }
}
