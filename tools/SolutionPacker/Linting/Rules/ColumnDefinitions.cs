using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Columns are spelled alike everywhere and have the limits that their type demands.</summary>
static class ColumnDefinitions
{
    const int MaxText = 4_000;
    const int MaxMemo = 1_048_576;

    internal static IEnumerable<Finding> Check(LintSubject subject)
        => subject.Attributes.SelectMany(a => Spelling(a.Attribute).Concat(Limits(a.Attribute)).Concat(OptionSets(subject, a.Table, a.Attribute)));

    static IEnumerable<Finding> Spelling(XElement attribute)
    {
        string physical = attribute.RequiredAttribute("PhysicalName");
        string lower = physical.ToLowerInvariant();
        foreach (string element in new[] { "Name", "LogicalName" })
        {
            if (!string.Equals(attribute.Text(element), lower, StringComparison.Ordinal))
            {
                yield return LintSubject.At(attribute.Element(element) ?? attribute, "casing", $"{element} must be {lower}, the PhysicalName in lower case.");
            }
        }
        if (attribute.Flag("IsCustomField") && !string.Equals(physical, lower, StringComparison.Ordinal))
        {
            yield return LintSubject.At(
                attribute.Attribute("PhysicalName")!,
                "casing",
                "schema names of this product are lower case, so that navigation properties are spelled like logical names.");
        }
    }

    static IEnumerable<Finding> Limits(XElement attribute)
    {
        string type = attribute.Text("Type") ?? "";
        int? length = attribute.Int("MaxLength");
        if (type is "nvarchar" or "ntext" && length is null)
        {
            yield return LintSubject.At(attribute, "column-limit", "needs a MaxLength; the import refuses text without one.");
        }
        int longest = type == "nvarchar" ? MaxText : MaxMemo;
        if (type is "nvarchar" or "ntext" && (length < 1 || length > longest))
        {
            yield return LintSubject.At(
                attribute.Element("MaxLength")!,
                "column-limit",
                $"MaxLength {length} is not between 1 and {longest}{(type == "nvarchar" ? "; use ntext for longer text" : "")}.");
        }
        int finest = type == "decimal" ? 10 : 5;
        if (type is "decimal" or "float" && attribute.Int("Accuracy") is var places && !(places >= 0 && places <= finest))
        {
            yield return LintSubject.At(attribute, "column-limit", $"needs an Accuracy between 0 and {finest}.");
        }
        if (attribute.Number("MinValue") is { } min && attribute.Number("MaxValue") is { } max && min > max)
        {
            yield return LintSubject.At(attribute.Element("MinValue")!, "column-limit", "MinValue is greater than MaxValue.");
        }
    }

    static IEnumerable<Finding> OptionSets(LintSubject subject, string table, XElement attribute)
    {
        string name = attribute.Text("LogicalName") ?? "";
        if (attribute.Element("OptionSetName") is { } shared && attribute.Flag("IsCustomField")
            && subject.Solution.Schema.OptionSets.All(o => o.Name != shared.Value))
        {
            yield return LintSubject.At(
                shared,
                "unknown-choice",
                $"there is no choice {shared.Value} in OptionSets{NearestName.Hint(shared.Value, subject.Solution.Schema.OptionSets.Select(o => o.Name))}.");
        }
        if (attribute.Element("optionset")?.Attribute("Name") is { } local && local.Value != $"{table}_{name}")
        {
            yield return LintSubject.At(local, "casing", $"a choice of one column is named {table}_{name}.");
        }
        bool choice = attribute.Text("Type") is "picklist" or "multiselectpicklist" or "bit" or "state" or "status";
        if (choice && attribute.Element("optionset") is null && attribute.Element("OptionSetName") is null)
        {
            yield return LintSubject.At(attribute, "unknown-choice", "needs an optionset, or an OptionSetName.");
        }
    }
}
