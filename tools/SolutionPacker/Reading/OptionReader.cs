using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>Reads choices: shared ones, and those inside a column.</summary>
static class OptionReader
{
    internal static OptionSet ReadGlobal(XElement optionset) => new()
    {
        Name = optionset.RequiredAttribute("Name"),
        DisplayName = optionset.Label("displaynames"),
        Options = ReadOptions(optionset),
    };

    /// <summary>Options, states or statuses of an option set.</summary>
    internal static IReadOnlyList<Option> ReadOptions(XElement optionset)
        => (optionset.Element("options") ?? optionset.Element("states") ?? optionset.Element("statuses"))?.Elements().Select(Read).ToList()
            ?? throw new SolutionFormatException(SourcePlace.Of(optionset), "needs options, states or statuses.");

    static Option Read(XElement option) => new()
    {
        Value = option.RequiredIntAttribute("value"),
        Label = option.Label("labels"),
        State = option.IntAttribute("state"),
        DefaultStatus = option.IntAttribute("defaultstatus"),
    };
}
