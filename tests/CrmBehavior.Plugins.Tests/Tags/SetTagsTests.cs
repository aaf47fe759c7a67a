using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Tags;

public sealed class SetTagsTests
{
    readonly PluginPlatform platform = new();
    readonly Guid ada;
    readonly Guid bob;

    public SetTagsTests()
    {
        ada = platform.Seed(new Entity("contact"));
        bob = platform.Seed(new Entity("contact"));
    }

    [Fact]
    public void Missing_tag_is_made_and_put_on()
    {
        Set(Pair(ada, add: ["Cart", "VIP"])).ShouldBe((2, "[]"));

        TagsOf(ada).ShouldBe(["Cart", "VIP"]);
        TagsOf(bob).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_so_already_is_not_counted()
    {
        Set(Pair(ada, add: ["Cart"]));

        Set(Pair(ada, add: ["Cart"], remove: ["VIP"]), Pair(bob, remove: ["Cart"])).ShouldBe((0, "[]"));

        TagsOf(ada).ShouldBe(["Cart"]);
        platform.All(CrmNames.Tag).Count().ShouldBe(1);
    }

    [Fact]
    public void Case_of_letters_does_not_tell_tags_apart()
    {
        Set(Pair(ada, add: ["Cart"]), Pair(bob, add: ["CART"])).ShouldBe((2, "[]"));
        Set(Pair(ada, add: ["cart "])).ShouldBe((0, "[]"));

        platform.All(CrmNames.Tag).ShouldHaveSingleItem();
    }

    [Fact]
    public void Removing_takes_off_and_keeps_the_tag()
    {
        Set(Pair(ada, add: ["Cart", "VIP"]), Pair(bob, add: ["Cart"]));

        Set(Pair(ada, remove: ["Cart"])).ShouldBe((1, "[]"));

        TagsOf(ada).ShouldBe(["VIP"]);
        TagsOf(bob).ShouldBe(["Cart"]);
        platform.All(CrmNames.Tag).Count().ShouldBe(2);
    }

    [Fact]
    public void Contact_that_is_gone_is_named_and_the_others_are_done()
    {
        Guid gone = Guid.NewGuid();

        Set(Pair(gone, add: ["Ghost"]), Pair(ada, add: ["Cart"])).ShouldBe((1, $"[\"{gone:D}\"]"));

        TagsOf(ada).ShouldBe(["Cart"]);
        platform.All(CrmNames.Tag).ShouldHaveSingleItem("a tag that nobody gets is not made");
    }

    [Fact]
    public void Later_of_two_pairs_holds()
    {
        Set(Pair(ada, add: ["Cart"]), Pair(ada, remove: ["cart"]), Pair(bob, remove: ["Cart"]), Pair(bob, add: ["Cart"])).ShouldBe((1, "[]"));

        TagsOf(ada).ShouldBeEmpty();
        TagsOf(bob).ShouldBe(["Cart"]);
    }

    [Fact]
    public void Thousand_contacts_take_few_calls_of_the_platform()
    {
        object[] pairs = [.. Enumerable.Range(0, 1000).Select(_ => Pair(platform.Seed(new Entity("contact")), add: ["Cart"], remove: ["VIP"]))];

        Set(pairs).ShouldBe((1000, "[]"));

        platform.Messages.ShouldBe(["Associate"]);
        platform.Queries.Count.ShouldBeLessThan(10);
    }

    [Fact]
    public void What_was_wanted_and_on_already_is_told()
    {
        Set(Pair(ada, add: ["Cart \"1\"", "VIP"]), Pair(bob, add: ["VIP"]));

        string there = (string)platform.Call(CrmNames.SetTags, ("Pairs", JsonSerializer.Serialize(new[] { Pair(ada, add: ["Cart \"1\"", "New"], remove: ["VIP"]), Pair(bob, remove: ["Cart"]) })))["There"];

        there.ShouldBe($$"""[{"contact":"{{ada}}","tag":"Cart \"1\""}]""");
    }

    [Fact]
    public void No_pairs_is_no_work() => Set().ShouldBe((0, "[]"));

    [Theory]
    [InlineData(null, "Pairs is empty; write for example")]
    [InlineData(" ", "Pairs is empty")]
    [InlineData("[", "Pairs, line 1, column 2")]
    [InlineData("{}", "Pairs, line 1, column 1: the pairs are a list")]
    [InlineData("[7]", "(in /0): a pair is an object")]
    [InlineData("""[{"add":["a"]}]""", "(in /0/contact): write the id")]
    [InlineData("""[{"contact":"ada","add":["a"]}]""", "(in /0/contact): write the id")]
    [InlineData("""[{"contact":"5b1d6f0e-3c52-4b8e-9d5a-41033c0de001","tags":["a"]}]""", "(in /0/tags): a pair has")]
    [InlineData("""[{"contact":"5b1d6f0e-3c52-4b8e-9d5a-41033c0de001","add":"a"}]""", "(in /0/add): write a list")]
    [InlineData("""[{"contact":"5b1d6f0e-3c52-4b8e-9d5a-41033c0de001","add":["a"," "]}]""", "(in /0/add/1): the name of a tag")]
    [InlineData("""[{"contact":"5b1d6f0e-3c52-4b8e-9d5a-41033c0de001","add":["a"],"remove":["A"]}]""", "both to be added and to be removed")]
    public void Wrong_pairs_are_refused_with_the_place(string? pairs, string sentence)
    {
        Should.Throw<InvalidPluginExecutionException>(() => platform.Call(CrmNames.SetTags, ("Pairs", pairs))).Message.ShouldContain(sentence);

        platform.All(CrmNames.Tag).ShouldBeEmpty();
    }

    [Fact]
    public void Name_longer_than_its_column_is_refused()
    {
        Should.Throw<InvalidPluginExecutionException>(() => Set(Pair(ada, add: [new string('x', 101)]))).Message.ShouldContain("1 to 100 characters");
        Set(Pair(ada, add: [new string('x', 100)])).ShouldBe((1, "[]"));
    }

    [Fact]
    public void More_than_a_thousand_pairs_are_refused() =>
        Should.Throw<InvalidPluginExecutionException>(() => Set([.. Enumerable.Repeat(Pair(ada, add: ["Cart"]), 1001)]))
            .Message.ShouldContain("these are 1001 pairs; one call takes at most 1000");

    (int Changed, string Missing) Set(params object[] pairs)
    {
        ParameterCollection answer = platform.Call(CrmNames.SetTags, ("Pairs", JsonSerializer.Serialize(pairs)));
        return ((int)answer["Changed"], (string)answer["Missing"]);
    }

    static object Pair(Guid contact, string[]? add = null, string[]? remove = null) => new { contact, add = add ?? [], remove = remove ?? [] };

    IEnumerable<string> TagsOf(Guid contact) => platform.All(CrmNames.ContactTag)
        .Where(link => (Guid)link["contactid"] == contact)
        .Select(link => platform.Row(CrmNames.Tag, (Guid)link["crmb_tagid"]).GetAttributeValue<string>("crmb_name"))
        .Order(StringComparer.Ordinal);
}
