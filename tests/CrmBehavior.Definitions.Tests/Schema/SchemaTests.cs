using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Definitions.Schema;
using Shouldly;
using Xunit;

namespace CrmBehavior.Definitions.Tests.Schema;

/// <summary>The schema takes what the reader takes, and refuses what is wrong by its form alone.</summary>
public sealed class SchemaTests
{
    static readonly SchemaCheck Schema = new(JsonDocument.Parse(LanguageSchema.Text()).RootElement);

    static string[] Files(string folder) => [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.json").Order(StringComparer.Ordinal)];

    [Fact]
    public void Schema_takes_every_definition_that_the_reader_takes()
    {
        foreach (string file in Files("Words").Concat(Files("Around"))) Schema.Of(JsonDocument.Parse(File.ReadAllText(file)).RootElement).ShouldBeEmpty(file);
        foreach (string file in Files("Scenarios"))
        {
            foreach (JsonElement definition in JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("definitions").EnumerateArray()) Schema.Of(definition).ShouldBeEmpty($"{file} {definition}");
        }
    }

    [Theory]
    [InlineData("key-misspelt")]
    [InlineData("kind-capital")]
    [InlineData("name-with-spaces")]
    [InlineData("condition-two-forms")]
    [InlineData("condition-form-misspelt")]
    [InlineData("window-in-words")]
    [InlineData("count-as-text")]
    [InlineData("filter-operator-unknown")]
    [InlineData("sum-tested-for-equality")]
    [InlineData("step-unknown")]
    [InlineData("step-two-things")]
    [InlineData("wait-for-without-at-most")]
    [InlineData("policy-cap-zero")]
    [InlineData("entry-rollout-percent")]
    [InlineData("exit-both")]
    [InlineData("template-without-html")]
    public void Schema_refuses_what_is_wrong_by_its_form(string mistake) =>
        Schema.Of(JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Mistakes", mistake + ".json"))).RootElement).ShouldNotBeEmpty();
}
