using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>The publisher is our own, and everything that is ours carries its prefix.</summary>
static partial class PublisherNames
{
    internal static IEnumerable<Finding> Check(LintSubject subject) => Publisher(subject).Concat(Names(subject));

    static IEnumerable<Finding> Publisher(LintSubject subject)
    {
        XElement manifest = ManifestReader.Manifest(subject.Files);
        XElement publisher = manifest.Element("Publisher")!;
        Publisher read = subject.Solution.Publisher;
        if (read.UniqueName.StartsWith("DefaultPublisher", StringComparison.OrdinalIgnoreCase) || read.Prefix is "new" or "cr")
        {
            yield return LintSubject.At(
                publisher.Element("UniqueName")!,
                "default-publisher",
                "is the default publisher of an environment; components belong to a publisher of their own.");
        }
        if (subject.Solution.UniqueName is "Default" or "Active" or "Basic")
        {
            yield return LintSubject.At(
                manifest.Element("UniqueName")!,
                "default-publisher",
                $"{subject.Solution.UniqueName} is a solution of the platform; choose a name of your own.");
        }
        if (!PrefixForm().IsMatch(read.Prefix) || read.Prefix.StartsWith("mscrm", StringComparison.Ordinal))
        {
            yield return LintSubject.At(
                publisher.Element("CustomizationPrefix")!, "publisher-prefix", "is no prefix: 2 to 8 letters and digits, a letter first, and not mscrm.");
        }
        if (read.OptionValuePrefix is < 10000 or > 99999)
        {
            yield return LintSubject.At(
                publisher.Element("CustomizationOptionValuePrefix")!, "publisher-prefix", "is no prefix of option values: 10000 to 99999.");
        }
    }

    static IEnumerable<Finding> Names(LintSubject subject)
    {
        string prefix = subject.Prefix;
        IEnumerable<(string Kind, string? Name, XObject At)> names = subject.Entities
            .Where(e => !TableReader.IsExtension(e.Entity)).Select(e => ("table", (string?)e.Table, (XObject)e.Entity))
            .Concat(subject.Attributes.Select(a => a.Attribute).Where(a => a.Flag("IsCustomField"))
                .Select(a => ("column", a.Text("LogicalName"), (XObject)a)))
            .Concat(subject.Files.Section("optionsets").Select(o => ("choice", o.Attribute("Name")?.Value, (XObject)o)))
            .Concat(subject.Files.Section("WebResources").Select(w => ("web resource", w.Text("Name"), (XObject)w)))
            .Concat(subject.Files.Section("AppModules").Select(a => ("app", a.Text("UniqueName"), (XObject)a)))
            .Concat(subject.Files.Section("AppModuleSiteMaps").Select(a => ("site map", a.Text("SiteMapUniqueName"), (XObject)a)))
            .Concat(subject.Files.Components.Values.Select(d => d.Root!).Where(r => r.Attribute("schemaname") is not null)
                .Select(r => ("environment variable", r.Attribute("schemaname")?.Value, (XObject)r)))
            .Concat(subject.Files.Components.Values.Select(d => d.Root!).Where(r => r.Name.LocalName == "customapi")
                .Select(r => ("custom API", r.Attribute("uniquename")?.Value, (XObject)r)))
            .Concat(subject.Files.Section("Entities").Descendants("EntityKey").Select(k => ("key", k.Text("LogicalName"), (XObject)k)));
        IEnumerable<Finding> unprefixed = names.Where(n => n.Name is not null && !n.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(n => LintSubject.At(n.At, "publisher-prefix", $"the {n.Kind} {n.Name} is ours but does not begin with {prefix}."));
        // Names of the platform's own relationships to our tables have the prefix in the middle.
        return unprefixed.Concat(subject.Files.Section("EntityRelationships")
            .Where(r => r.Attribute("Name")?.Value.Contains(prefix, StringComparison.Ordinal) != true)
            .Select(r => LintSubject.At(r, "publisher-prefix", $"the relationship {r.Attribute("Name")?.Value} does not carry {prefix}.")));
    }

    [GeneratedRegex("^[a-z][a-z0-9]{1,7}$")]
    private static partial Regex PrefixForm();
}
