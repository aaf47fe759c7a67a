using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Images are of a kind that the message and stage have, and hold columns that exist.</summary>
static class StepImages
{
    const int Before = 0;
    const int After = 1;
    const int Both = 2;

    internal static IEnumerable<Finding> Check(LintSubject subject) => subject.Files.Section("SdkMessageProcessingSteps")
        .SelectMany(s => s.Descendants("SdkMessageProcessingStepImage").SelectMany(i => Image(subject, s, i)).Concat(Aliases(s)));

    static IEnumerable<Finding> Image(LintSubject subject, XElement step, XElement image)
    {
        string? message = step.Guid("SdkMessageId") is { } id && Messages.ById.TryGetValue(id, out string? name) ? name : null;
        int kind = image.RequiredInt("ImageType");
        XElement type = image.Element("ImageType")!;
        if (kind is < Before or > Both) yield return LintSubject.At(type, "image", "ImageType is 0 (before), 1 (after) or 2 (both).");
        if (message == "Create" && kind != After) yield return LintSubject.At(type, "image", "there is no row before Create.");
        if (message == "Delete" && kind != Before) yield return LintSubject.At(type, "image", "there is no row after Delete.");
        if (kind != Before && step.Text("Stage") != "40") yield return LintSubject.At(type, "image", "the row after the operation is known in stage 40 only.");
        string expected = message == "Create" ? "Id" : "Target";
        if (message is not null && image.Text("MessagePropertyName") != expected)
        {
            yield return LintSubject.At(image.Element("MessagePropertyName") ?? image, "image", $"MessagePropertyName of {message} is {expected}.");
        }
        string table = step.Text("PrimaryEntity") ?? "";
        IReadOnlyList<string> columns = image.Names("Attributes");
        if (columns.Count == 0) yield return LintSubject.At(image, "image", "names no columns; the platform would read and pass all of them.");
        foreach (Finding finding in columns.SelectMany(c => subject.NeedColumn(table, c, image.Element("Attributes")!))) yield return finding;
    }

    static IEnumerable<Finding> Aliases(XElement step)
        => step.Descendants("SdkMessageProcessingStepImage").GroupBy(i => (i.Text("EntityAlias"), i.Text("ImageType"))).Where(g => g.Count() > 1)
            .Select(g => LintSubject.At(g.Last(), "image", $"the alias {g.Key.Item1} is taken by another image of the step."));
}
