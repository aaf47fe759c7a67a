using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Definitions;
using Shouldly;
using Xunit;

namespace CrmBehavior.Definitions.Tests;

/// <summary>
/// Definitions in plain English, as somebody has signed them: every form and kind, the benchmark's definitions, and those of the stories.
/// The text lies beside the definition; that of a story, which has several, in Words/Stories.
/// </summary>
public sealed class WordsTests
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "Words");

    static string Stories => Path.Combine(AppContext.BaseDirectory, "Scenarios");

    public static TheoryData<string> Definitions => [.. Names(Folder)];

    public static TheoryData<string> StoryNames => [.. Names(Stories)];

    static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Definition_reads_as_signed(string name) => Words([File.ReadAllText(Path.Combine(Folder, name + ".json"))]).ShouldBe(Signed(name + ".txt"));

    [Theory]
    [MemberData(nameof(StoryNames))]
    public void Story_reads_as_signed(string name) =>
        Words(JsonNode.Parse(File.ReadAllText(Path.Combine(Stories, name + ".json")))!["definitions"]!.AsArray().Select(d => d!.ToJsonString())).ShouldBe(Signed(Path.Combine("Stories", name + ".txt")));

    static string Signed(string file) => File.ReadAllText(Path.Combine(Folder, file)).ReplaceLineEndings("\n").Trim('\n');

    /// <summary>Names that are not there do not matter to the words; a definition that cannot be read does.</summary>
    static string Words(IEnumerable<string> jsons)
    {
        DefinitionSource[] sources = [.. jsons.Select((j, i) => new DefinitionSource($"{i}", j))];
        IReadOnlyList<Definition> definitions = DefinitionSet.Read(sources).Definitions;
        definitions.Count.ShouldBe(sources.Length);
        return string.Join("\n\n", definitions.Select(d => string.Join('\n', DefinitionWords.Of(d))));
    }
}
