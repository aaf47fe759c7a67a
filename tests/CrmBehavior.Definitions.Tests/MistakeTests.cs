using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Shouldly;
using Xunit;

namespace CrmBehavior.Definitions.Tests;

/// <summary>
/// Every badly written definition in Mistakes, read beside the sound ones in Around: what is told of it is the text beside it, line by line,
/// <c>/json/pointer: what is wrong and what to write instead</c>. Add one by adding a file and its text.
/// </summary>
public sealed class MistakeTests
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "Mistakes");

    static IEnumerable<DefinitionSource> Around => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Around")).Order(StringComparer.Ordinal)
        .Select(f => new DefinitionSource(Path.GetFileName(f), File.ReadAllText(f)));

    static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    public static TheoryData<string> Mistakes => [.. Names];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_is_told_with_place_and_mend(string mistake)
    {
        var source = new DefinitionSource(mistake, File.ReadAllText(Path.Combine(Folder, mistake + ".json")));
        DefinitionSet set = DefinitionSet.Read([.. Around, source]);
        string told = string.Join('\n', set.Diagnostics.Where(d => d.File == mistake).Select(d => d.ToString()[(mistake.Length + 2)..]));
        told.ShouldBe(File.ReadAllText(Path.Combine(Folder, mistake + ".txt")).ReplaceLineEndings("\n").TrimEnd('\n'));
        told.ShouldNotBeEmpty();
        set.HasErrors.ShouldBe(!mistake.StartsWith("folly-", StringComparison.Ordinal), "a folly is legal, all else is an error");
    }

    [Fact]
    public void Sound_definitions_around_the_mistakes_have_nothing_to_mend() => DefinitionSet.Read(Around).Diagnostics.ShouldBeEmpty();

    [Fact]
    public void Mistake_in_one_definition_is_not_told_of_those_that_name_it()
    {
        DefinitionSource[] sources = [.. Around.Select(s => s.File == "segment-vip.json" ? s with { Json = s.Json.Replace("gte", "gtee", StringComparison.Ordinal) } : s),
            new("user", """{"kind":"segment","name":"user","tag":"U","when":{"segment":"vip"}}""")];
        DefinitionSet.Read(sources).Errors.ShouldHaveSingleItem().File.ShouldBe("segment-vip.json");
    }

    [Fact]
    public void All_mistakes_of_all_files_are_told_at_once()
    {
        DefinitionSource[] all = [.. Around, .. Names.Select(m => new DefinitionSource(m, File.ReadAllText(Path.Combine(Folder, m + ".json"))))];
        HashSet<string> told = [.. DefinitionSet.Read(all).Errors.Select(e => e.File)];
        Names.Where(m => !m.StartsWith("folly-", StringComparison.Ordinal)).ShouldAllBe(m => told.Contains(m));
    }
}
