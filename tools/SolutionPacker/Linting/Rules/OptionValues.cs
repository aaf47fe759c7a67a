using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Values of choices lie in the publisher's range, are unique, and states and statuses belong together.</summary>
static class OptionValues
{
    /// <summary>Statuses up to here are those that the platform gives a new table.</summary>
    const int GreatestPlatformStatus = 4;

    internal static IEnumerable<Finding> Check(LintSubject subject)
    {
        int least = subject.Solution.Publisher.OptionValuePrefix * 10_000;
        IEnumerable<Finding> choices = subject.Files.Section("optionsets")
            .Concat(subject.Attributes.Where(a => a.Attribute.Flag("IsCustomField") && a.Attribute.Text("Type") is "picklist" or "multiselectpicklist")
                .Select(a => a.Attribute.Element("optionset")).OfType<XElement>())
            .SelectMany(o => (o.Element("options")?.Elements("option") ?? []).SelectMany(v => InRange(v, least, 0)));
        IEnumerable<Finding> statuses = subject.Attributes.Where(a => a.Attribute.Text("Type") == "status")
            .SelectMany(a => a.Attribute.Descendants("status")).SelectMany(s => InRange(s, least, GreatestPlatformStatus));
        return choices.Concat(statuses)
            .Concat(subject.Attributes.Select(a => a.Attribute.Element("optionset")).OfType<XElement>().SelectMany(Repeated))
            .Concat(subject.Files.Section("optionsets").SelectMany(Repeated))
            .Concat(subject.Attributes.GroupBy(a => a.Table).SelectMany(t => StatesAndStatuses(t.Select(a => a.Attribute).ToList())))
            .Concat(subject.Attributes.SelectMany(a => DefaultExists(subject, a.Table, a.Attribute)));
    }

    static IEnumerable<Finding> InRange(XElement option, int least, int greatestPlatform)
    {
        int value = option.RequiredIntAttribute("value");
        bool ours = value >= least && value < least + 10_000;
        if (!ours && (value <= 0 || value > greatestPlatform))
        {
            yield return LintSubject.At(
                option, "option-value", $"the value {value} is outside the publisher's range, {least} to {least + 9_999}; another solution may use it.");
        }
    }

    static IEnumerable<Finding> Repeated(XElement optionset)
        => optionset.Descendants().Where(e => e.Name.LocalName is "option" or "state" or "status").GroupBy(e => e.Attribute("value")?.Value)
            .Where(g => g.Count() > 1)
            .SelectMany(g => g.Skip(1).Select(e => LintSubject.At(e, "option-value", $"the value {g.Key} is there twice.")));

    static IEnumerable<Finding> StatesAndStatuses(List<XElement> attributes)
    {
        List<XElement> states = attributes.SelectMany(a => a.Descendants("state")).ToList();
        List<XElement> statuses = attributes.SelectMany(a => a.Descendants("status")).ToList();
        foreach (XElement status in statuses.Where(s => states.TrueForAll(x => x.Attribute("value")?.Value != s.Attribute("state")?.Value)))
        {
            yield return LintSubject.At(status, "option-value", $"belongs to state {status.Attribute("state")?.Value}, which the table does not have.");
        }
        foreach (XElement state in states.Where(s => !statuses.Exists(x => x.Attribute("value")?.Value == s.Attribute("defaultstatus")?.Value
            && x.Attribute("state")?.Value == s.Attribute("value")?.Value)))
        {
            yield return LintSubject.At(state, "option-value", $"its default status {state.Attribute("defaultstatus")?.Value} is no status of this state.");
        }
    }

    static IEnumerable<Finding> DefaultExists(LintSubject subject, string table, XElement attribute)
    {
        if (subject.Column(table, attribute.Text("LogicalName") ?? "") is { Default: { } initial, Options.Count: > 0 } column
            && column.Options.All(o => o.Value != initial))
        {
            yield return LintSubject.At(attribute.Element("AppDefaultValue")!, "option-value", $"the default {initial} is none of the column's values.");
        }
    }
}
