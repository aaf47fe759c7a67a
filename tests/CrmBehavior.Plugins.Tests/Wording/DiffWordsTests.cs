using System.Linq;
using CrmBehavior.Plugins.Json;
using CrmBehavior.Plugins.Wording;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Wording;

public sealed class DiffWordsTests
{
    [Theory]
    [InlineData("""{"when":{"count":{"gte":3}}}""", """{"when":{"count":{"gte":5}}}""", "when › count › gte: 3 became 5")]
    [InlineData("""{"a":1}""", """{"a":1,"tag":"Hot"}""", "tag: \"Hot\" was added")]
    [InlineData("""{"a":1,"tag":"Hot"}""", """{"a":1}""", "tag: \"Hot\" was removed")]
    [InlineData("""{"a":true}""", """{"a":null}""", "a: true became null")]
    [InlineData("""{"a":{"b":1}}""", """{"a":[1]}""", "a: {b: 1} became [1]")]
    [InlineData("""{"weekday":["mon"]}""", """{"weekday":["mon","tue"]}""", "weekday: [\"mon\"] became [\"mon\", \"tue\"]")]
    [InlineData("1", "2", "the definition: 1 became 2")]
    public void Change_is_told_in_a_sentence(string before, string after, string expected)
    {
        Words(before, after).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{ "b": [1, 2], "a": 1 }""")]
    [InlineData("""{"a":5}""", """{"a":5.0}""")]
    [InlineData("""{"a":"é"}""", """{"a":"\u00e9"}""")]
    [InlineData("[]", "[]")]
    public void Other_ways_to_write_the_same_are_no_change(string before, string after)
    {
        Words(before, after).ShouldBe("No change.");
    }

    [Fact]
    public void Steps_are_told_by_their_ids()
    {
        const string Before = """{"steps":[{"id":"wait","wait":"3d"},{"id":"tag","addTag":"A"},{"id":"old","addTag":"B"}]}""";
        const string After = """{"steps":[{"id":"wait","wait":"2d"},{"id":"mail","sendEmail":{"template":"x"}},{"id":"tag","addTag":"A"}]}""";

        Words(Before, After).ShouldBe("""
            step "wait" › wait: "3d" became "2d"
            step "mail" was added after "wait"
            step "old" was removed
            """);
    }

    [Fact]
    public void Step_added_first_and_step_moved_are_told_by_their_place()
    {
        const string Before = """{"steps":[{"id":"a"},{"id":"b"},{"id":"c"}]}""";
        const string After = """{"steps":[{"id":"new"},{"id":"c"},{"id":"a"},{"id":"b"}]}""";

        Words(Before, After).ShouldBe("""
            step "new" was added at the beginning
            step "c" was moved after "new"
            """);
    }

    [Fact]
    public void Step_moved_to_the_beginning_is_told_so()
    {
        Words("""{"steps":[{"id":"a"},{"id":"b"},{"id":"c"}]}""", """{"steps":[{"id":"c"},{"id":"a"},{"id":"b"}]}""")
            .ShouldBe("step \"c\" was moved to the beginning");
    }

    [Fact]
    public void Steps_inside_steps_are_told_by_the_way_to_them()
    {
        const string Before = """
            {"steps":[{"id":"b","branch":[{"name":"big","if":{"trait":"ltv","gte":1},"then":[{"id":"m","addTag":"A"}]},{"name":"small","then":[]}]},
             {"id":"w","waitFor":{"event":"x"},"then":[{"id":"t","addTag":"A"}],"else":[]}]}
            """;
        const string After = """
            {"steps":[{"id":"b","branch":[{"name":"big","if":{"trait":"ltv","gte":2},"then":[{"id":"m","addTag":"B"}]},{"name":"small","then":[{"id":"n"}]}]},
             {"id":"w","waitFor":{"event":"x"},"then":[],"else":[{"id":"t","addTag":"A"}]}]}
            """;

        Words(Before, After).ShouldBe("""
            step "b" › branch "big" › if › gte: 1 became 2
            step "b" › branch "big" › then › step "m" › addTag: "A" became "B"
            step "b" › branch "small" › then › step "n" was added at the beginning
            step "w" › then › step "t" was removed
            step "w" › else › step "t" was added at the beginning
            """);
    }

    [Fact]
    public void Grades_and_caps_are_told_by_their_names()
    {
        Words("""{"grades":[{"name":"hot","from":60}]}""", """{"grades":[{"name":"hot","from":70},{"name":"warm","from":20}]}""").ShouldBe("""
            grade "hot" › from: 60 became 70
            grade "warm" was added after "hot"
            """);
    }

    [Fact]
    public void Lists_without_names_are_told_by_place()
    {
        const string Before = """{"points":[{"event":"a","add":1},{"event":"b","add":2},{"event":"c","add":3}]}""";

        Words(Before, """{"points":[{"event":"a","add":1},{"event":"b","add":9},{"event":"c","add":3}]}""").ShouldBe("points 2 › add: 2 became 9");
        Words(Before, """{"points":[{"event":"a","add":1},{"event":"x","add":5},{"event":"b","add":2},{"event":"c","add":3}]}""")
            .ShouldBe("points 2: {event: \"x\", add: 5} was added");
        Words(Before, """{"points":[{"event":"b","add":2},{"event":"c","add":3}]}""").ShouldBe("points 1: {event: \"a\", add: 1} was removed");
    }

    [Fact]
    public void Lists_in_which_a_name_comes_twice_are_told_by_place()
    {
        Words("""{"exit":[{"name":"a","after":"1d"},{"name":"a","after":"2d"}]}""", """{"exit":[{"name":"a","after":"1d"},{"name":"a","after":"3d"}]}""")
            .ShouldBe("exit 2 › after: \"2d\" became \"3d\"");
    }

    [Fact]
    public void Long_texts_are_cut_to_where_they_begin_to_differ()
    {
        string start = string.Concat(Enumerable.Repeat("<p>Hello</p>", 50));

        string words = Words($$"""{"html":"{{start}}<b>Buy</b>{{start}}"}""", $$"""{"html":"{{start}}<b>See</b>{{start}}"}""");

        words.Length.ShouldBeLessThan(200);
        words.ShouldContain("<b>Buy</b>");
        words.ShouldContain("became …");
        words.ShouldContain("<b>See</b>");
    }

    [Fact]
    public void Many_changes_fit_the_column_and_the_rest_is_counted()
    {
        string Document(int value) => "{" + string.Join(",", Enumerable.Range(0, 1_000).Select(i => $"\"column{i}\":{value}")) + "}";

        string words = Words(Document(1), Document(2));

        words.Length.ShouldBeLessThanOrEqualTo(DiffWords.MaxLength);
        string[] lines = words.Split('\n');
        lines[0].ShouldBe("column0: 1 became 2");
        lines[^1].ShouldBe($"… and {1_000 - (lines.Length - 1)} more changes");
    }

    [Fact]
    public void One_sentence_that_is_too_long_is_counted()
    {
        string key = new('k', 5_000);

        Words("{}", $$"""{"{{key}}":1}""").ShouldBe("… and 1 more change");
    }

    [Fact]
    public void Long_lists_are_compared_in_short_memory()
    {
        string Document(int count) => "{\"steps\":[" + string.Join(",", Enumerable.Range(0, count).Select(i => $"{{\"id\":\"s{i}\"}}")) + "]}";

        Words(Document(5_000), Document(5_001)).ShouldBe("step \"s5000\" was added after \"s4999\"");
    }

    static string Words(string before, string after) => DiffWords.Between(JsonReader.Read(before), JsonReader.Read(after));
}
