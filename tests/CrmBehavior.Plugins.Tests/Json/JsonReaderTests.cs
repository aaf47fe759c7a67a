using System.Linq;
using CrmBehavior.Plugins.Json;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Json;

public sealed class JsonReaderTests
{
    [Fact]
    public void Document_is_read_with_the_place_of_every_value()
    {
        JsonNode root = JsonReader.Read("{\n  \"a\": [1, -2.5e+3, \"x\\u00e9\\n\\/\\ud83d\\ude80\"],\r\n  \"b\" : {\"c\":true,\"d\":false,\"e\":null}\n}");

        root.Kind.ShouldBe(JsonKind.Object);
        root.Members.Select(member => member.Key).ShouldBe(["a", "b"]);
        JsonNode list = root.Member("a")!;
        list.Items.Select(item => item.Text).ShouldBe(["1", "-2.5e+3", "xé\n/🚀"]);
        (list.Items[1].Line, list.Items[1].Column).ShouldBe((2, 12));
        JsonNode inner = root.Member("b")!;
        (inner.Line, inner.Column).ShouldBe((3, 9));
        inner.Members.Select(member => member.Value.Kind).ShouldBe([JsonKind.Boolean, JsonKind.Boolean, JsonKind.Null]);
        inner.Member("z").ShouldBeNull();
    }

    [Theory]
    [InlineData("", 1, 1, "", "the text ends where a value is due.")]
    [InlineData("  \n ", 2, 2, "", "the text ends where a value is due.")]
    [InlineData("{\"a\":}", 1, 6, "/a", "a value is missing before }.")]
    [InlineData("{\"a\" 1}", 1, 6, "/a", "a colon is missing after \"a\".")]
    [InlineData("{a:1}", 1, 2, "", "a name in double quotes is due here.")]
    [InlineData("{\"a\":1", 1, 7, "", "a comma or } is missing here.")]
    [InlineData("{\"a\":1,}", 1, 8, "", "a comma before } has nothing after it; remove it.")]
    [InlineData("[1 2]", 1, 4, "", "a comma or ] is missing here.")]
    [InlineData("[1,]", 1, 4, "", "a comma before ] has nothing after it; remove it.")]
    [InlineData("[,1]", 1, 2, "/0", "a value is missing before ,.")]
    [InlineData("{\"a\":[{\"b/c~d\":tru}]}", 1, 16, "/a/0/b~1c~0d", "only true, false and null are written without quotes.")]
    [InlineData("{\"a\":'x'}", 1, 6, "/a", "texts are written in double quotes.")]
    [InlineData("// x\n{}", 1, 1, "", "JSON has no comments; remove it.")]
    [InlineData("[abc]", 1, 2, "/0", "a begins no value; texts are written in double quotes.")]
    [InlineData("[\u0007]", 1, 2, "/0", "U+0007 begins no value; texts are written in double quotes.")]
    [InlineData("{} {}", 1, 4, "", "something follows the end of the document; remove it.")]
    [InlineData("[\"x]", 1, 2, "/0", "the text that begins here is not closed; end it with a double quote.")]
    [InlineData("[\"x\n\"]", 1, 2, "/0", "the text that begins here is not closed; end it with a double quote.")]
    [InlineData("[\"x\ty\"]", 1, 4, "/0", "U+0009 may not stand in a text; write it as an escape such as \\n or \\t.")]
    [InlineData("[\"\\x\"]", 1, 3, "/0", "JSON knows no such escape; write \\\\ for a backslash.")]
    [InlineData("[\"\\u12g4\"]", 1, 3, "/0", "\\u needs four hexadecimal digits.")]
    [InlineData("[\"\\u 123\"]", 1, 3, "/0", "\\u needs four hexadecimal digits.")]
    [InlineData("[\"a\\ud83d\"]", 1, 2, "/0", "the text contains half a surrogate pair; write the whole character.")]
    [InlineData("[\"\\ude80\"]", 1, 2, "/0", "the text contains half a surrogate pair; write the whole character.")]
    [InlineData("[\"\\u0000\"]", 1, 2, "/0", "the text contains NUL, which no store keeps; remove it.")]
    [InlineData("[01]", 1, 2, "/0", "a number does not begin with 0; leave it out.")]
    [InlineData("[-]", 1, 3, "/0", "a digit is missing here.")]
    [InlineData("[1.]", 1, 4, "/0", "a digit is missing here.")]
    [InlineData("[1e]", 1, 4, "/0", "a digit is missing here.")]
    [InlineData("[1e400]", 1, 2, "/0", "the number is too large.")]
    [InlineData("{\"a\":{\"x\":1,\n\"x\":2}}", 2, 1, "/a", "\"x\" is written twice in this object; keep one.")]
    public void Fault_is_told_with_its_place(string json, int line, int column, string pointer, string fault)
    {
        JsonSyntaxException thrown = Should.Throw<JsonSyntaxException>(() => JsonReader.Read(json));

        (thrown.Line, thrown.Column, thrown.Pointer).ShouldBe((line, column, pointer));
        thrown.Message.ShouldBe($"line {line}, column {column}{(pointer.Length == 0 ? "" : $" (in {pointer})")}: {fault}");
    }

    [Fact]
    public void Names_that_differ_only_in_case_are_two()
    {
        JsonReader.Read("""{"a":1,"A":2}""").Members.Count.ShouldBe(2);
    }

    [Fact]
    public void Name_written_twice_in_different_escapes_is_one()
    {
        Should.Throw<JsonSyntaxException>(() => JsonReader.Read("""{"a":1,"\u0061":2}""")).Message.ShouldContain("twice");
    }

    [Fact]
    public void Mark_of_an_editor_before_the_document_is_skipped()
    {
        JsonReader.Read("\uFEFF{}").Kind.ShouldBe(JsonKind.Object);
    }

    [Fact]
    public void Nesting_is_taken_up_to_the_limit()
    {
        JsonReader.Read(Nested(JsonReader.MaxDepth)).Kind.ShouldBe(JsonKind.Array);

        Should.Throw<JsonSyntaxException>(() => JsonReader.Read(Nested(JsonReader.MaxDepth + 1))).Message.ShouldContain("deeper than 64");
        Should.Throw<JsonSyntaxException>(() => JsonReader.Read(new string('[', 1_000_000))).Message.ShouldContain("deeper than 64");
    }

    [Theory]
    [InlineData("5", "5.0", true)]
    [InlineData("5", "50e-1", true)]
    [InlineData("0", "-0", true)]
    [InlineData("0.1", "0.10000000000000001", true)]
    [InlineData("5", "6", false)]
    public void Numbers_written_differently_may_be_one(string one, string other, bool same)
    {
        JsonNumber.Same(one, other).ShouldBe(same);
    }

    static string Nested(int depth) => new string('[', depth) + "1" + new string(']', depth);
}
