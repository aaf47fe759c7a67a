using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Cli.Tests;

/// <summary>crmb validate, words and diff.</summary>
public sealed class DefinitionCommandTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crmb-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Validate_is_silent_on_stdout_about_what_is_sound()
    {
        Crmb.Result run = await Crmb.RunAsync("validate", Crmb.Definitions);
        (run.ExitCode, run.Output).ShouldBe((0, ""));
        run.Errors.ShouldContain("6 definitions are sound.");
    }

    [Fact]
    public async Task Validate_tells_errors_by_file_pointer_and_mend_and_warnings_apart()
    {
        string wrong = Path.Combine(folder, "wrong.json"), foolish = Path.Combine(folder, "foolish.json");
        await File.WriteAllTextAsync(wrong, """{"kind":"segment","name":"wrong","tag":"W","when":{"segmnt":"vip"}}""");
        await File.WriteAllTextAsync(foolish, """{"kind":"segment","name":"foolish","tag":"F","when":{"not":{"segment":"vip"}}}""");
        Crmb.Result run = await Crmb.RunAsync("validate", Crmb.Definitions, wrong, foolish);
        run.ExitCode.ShouldBe(1);
        run.Lines.ShouldHaveSingleItem().ShouldBe($"{wrong}: /when: this says no condition. Did you mean \"segment\"?");
        run.Errors.ShouldContain($"{foolish}: /when: warning: ");
    }

    [Fact]
    public async Task Validate_of_what_is_not_there_is_an_error()
    {
        Crmb.Result run = await Crmb.RunAsync("validate", Path.Combine(folder, "nowhere.json"), folder);
        run.ExitCode.ShouldBe(1);
        run.Lines.Length.ShouldBe(2);
        run.Output.ShouldContain("the folder has no *.json file");
    }

    [Fact]
    public async Task Words_tell_each_definition_in_english()
    {
        Crmb.Result run = await Crmb.RunAsync("words", Crmb.Definitions);
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("The signal \"buying-intent\" fires whenever it becomes true that the contact has had at least 3 page views (path begins with \"/pricing\") in the last 24 hours.");
        run.Output.ShouldContain("Mail goes only to contacts who have agreed to its purpose.");
    }

    [Fact]
    public async Task Schema_is_printed_for_editors()
    {
        Crmb.Result run = await Crmb.RunAsync("schema");
        run.ExitCode.ShouldBe(0);
        System.Text.Json.Nodes.JsonNode.Parse(run.Output)!["$defs"]!["condition"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Diff_tells_new_changed_and_gone_in_words()
    {
        foreach (string file in Directory.EnumerateFiles(Crmb.Definitions)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        await ReplaceAsync("signal-buying-intent.json", "24h", "48h");
        await ReplaceAsync("template-cart.json", "<p>Your cart</p>", "<p>Still there</p>");
        File.Delete(Path.Combine(folder, "segment-vip.json"));
        await File.WriteAllTextAsync(Path.Combine(folder, "segment-new.json"), """{"kind":"segment","name":"fresh","tag":"New","when":{"signal":"buying-intent"}}""");

        Crmb.Result run = await Crmb.RunAsync("diff", Crmb.Definitions, folder);

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Lines.Where(l => l.EndsWith('"') && l.Contains(": the ", StringComparison.Ordinal)).ShouldBe(
            ["New: the segment \"fresh\"", "Changed: the signal \"buying-intent\"", "Changed: the template \"cart\"", "Gone: the segment \"vip\""]);
        run.Lines.ShouldContain(l => l.StartsWith("- ", StringComparison.Ordinal) && l.EndsWith("in the last 24 hours.", StringComparison.Ordinal));
        run.Lines.ShouldContain(l => l.StartsWith("+ ", StringComparison.Ordinal) && l.EndsWith("in the last 2 days.", StringComparison.Ordinal));
        run.Lines.ShouldContain("\"html\" is another.");
        (await Crmb.RunAsync("diff", folder, folder)).Output.Trim().ShouldBe("Nothing changes.");
    }

    async Task ReplaceAsync(string file, string from, string to)
    {
        string path = Path.Combine(folder, file), text = await File.ReadAllTextAsync(path);
        text.ShouldContain(from);
        await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal));
    }
}
