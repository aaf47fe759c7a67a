using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Steps name classes, endpoints, tables and columns that exist, and a stage and mode that the platform runs.</summary>
static class ProcessingSteps
{
    const int PluginHandler = 4602;

    static readonly string[] Stages = ["10", "20", "40"];

    internal static IEnumerable<Finding> Check(LintSubject subject) => subject.Files.Section("SdkMessageProcessingSteps").SelectMany(s
        => Handler(subject, s).Concat(Timing(s)).Concat(Target(subject, s)));

    static IEnumerable<Finding> Handler(LintSubject subject, XElement step)
    {
        int code = step.RequiredInt("EventHandlerTypeCode");
        if (code == PluginReader.ServiceEndpointHandler)
        {
            Guid? endpoint = step.Guid("EventHandler");
            if (subject.Solution.ServiceEndpoints.All(e => e.Id != endpoint))
            {
                yield return LintSubject.At(
                    step.Element("EventHandler") ?? step, "unknown-endpoint", $"there is no service endpoint {endpoint} in the solution.");
            }
            yield break;
        }
        if (code != PluginHandler)
        {
            yield return LintSubject.At(
                step.Element("EventHandlerTypeCode")!,
                "step",
                $"{code} is no handler; {PluginHandler} is a plugin type, {PluginReader.ServiceEndpointHandler} a service endpoint.");
        }
        List<PluginType> types = subject.Others.Prepend(subject.Solution).SelectMany(s => s.PluginAssemblies).SelectMany(a => a.Types).ToList();
        string name = step.Text("PluginTypeName") ?? "";
        PluginType? type = types.Find(t => t.AssemblyQualifiedName == name);
        if (type is null && IsElsewhere(subject, step.Guid("PluginTypeId"))) yield break;
        if (type is null)
        {
            yield return LintSubject.At(
                step.Element("PluginTypeName") ?? step,
                "dangling-step",
                $"there is no plugin type {name}{NearestName.Hint(name, types.Select(t => t.AssemblyQualifiedName))}.");
        }
        else if (type.Id != step.Guid("PluginTypeId"))
        {
            yield return LintSubject.At(step.Element("PluginTypeId") ?? step, "dangling-step", $"must be {type.Id:B}, the id of {type.Name}.");
        }
    }

    // Listed as needed from a solution that is not at hand: the import checks it there.
    static bool IsElsewhere(LintSubject subject, Guid? type)
        => subject.Solution.MissingDependencies.Any(d => d.Type == ComponentTypes.PluginType && d.Id == type && type is not null
            && subject.Others.All(o => o.UniqueName != d.SolutionName));

    static IEnumerable<Finding> Timing(XElement step)
    {
        string stage = step.Required("Stage");
        string mode = step.Required("Mode");
        if (!Stages.Contains(stage)) yield return LintSubject.At(step.Element("Stage")!, "step", $"stage {stage} is not for steps; write 10, 20 or 40.");
        if (mode is not ("0" or "1")) yield return LintSubject.At(step.Element("Mode")!, "step", "Mode is 0 (synchronous) or 1 (asynchronous).");
        if (mode == "1" && stage != "40") yield return LintSubject.At(step.Element("Stage")!, "step", "an asynchronous step runs in stage 40 only.");
        if (mode == "0" && step.Flag("AsyncAutoDelete")) yield return LintSubject.At(step.Element("AsyncAutoDelete")!, "step", "is for asynchronous steps.");
        if (mode == "1" && !step.Flag("AsyncAutoDelete"))
        {
            yield return LintSubject.At(step, "step", "needs AsyncAutoDelete 1; jobs that succeeded would stay for ever.");
        }
    }

    static IEnumerable<Finding> Target(LintSubject subject, XElement step)
    {
        Guid message = step.RequiredGuid("SdkMessageId");
        if (!Messages.ById.TryGetValue(message, out string? name))
        {
            yield return LintSubject.At(step.Element("SdkMessageId")!, "step", $"{message} is no message whose id is the same in every environment.");
        }
        string? table = step.Text("PrimaryEntity");
        if (table is not null)
        {
            foreach (Finding finding in subject.NeedTable(table, step.Element("PrimaryEntity")!)) yield return finding;
        }
        IReadOnlyList<string> columns = step.Names("FilteringAttributes");
        if (name == "Update" && columns.Count == 0)
        {
            yield return LintSubject.At(step, "step", "a step on Update needs FilteringAttributes; without them every update runs it.");
        }
        if (name != "Update" && columns.Count > 0)
        {
            yield return LintSubject.At(step.Element("FilteringAttributes")!, "step", "only steps on Update are filtered by columns.");
        }
        foreach (string column in columns)
        {
            foreach (Finding finding in subject.NeedColumn(table ?? "", column, step.Element("FilteringAttributes")!)) yield return finding;
        }
    }
}
