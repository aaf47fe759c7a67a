using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Reading;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Custom APIs are bound to tables that exist and run classes that exist; their files lie where their names say.</summary>
static class CustomApis
{
    const int MaxDescription = 300;
    const int LastFieldType = 12;

    internal static IEnumerable<Finding> Check(LintSubject subject) => subject.Files.Components
        .Where(c => c.Key.StartsWith(SolutionFiles.CustomApisFolder, StringComparison.Ordinal))
        .SelectMany(c => File(c.Key, c.Value.Root!).Concat(c.Value.Root!.Name.LocalName == "customapi" ? Api(subject, c.Value.Root!) : Field(c.Value.Root!)));

    // customapis/<api>/customapi.xml, customapis/<api>/customapirequestparameters/<name>/customapirequestparameter.xml
    static IEnumerable<Finding> File(string entry, XElement root)
    {
        string[] parts = entry.Split('/');
        string name = root.RequiredAttribute("uniquename");
        if (parts[^2] != name)
        {
            yield return LintSubject.At(root, "custom-api", $"lies in the folder {parts[^2]}, but is named {name}; the import goes by the folder.");
        }
        if (parts[^1] != root.Name.LocalName + ".xml") yield return LintSubject.At(root, "custom-api", $"must be in a file {root.Name.LocalName}.xml.");
        if (root.Element("description")?.Attribute("default")?.Value.Length is not (> 0 and <= MaxDescription))
        {
            yield return LintSubject.At(root, "custom-api", $"needs a description of at most {MaxDescription} characters.");
        }
    }

    static IEnumerable<Finding> Api(LintSubject subject, XElement api)
    {
        if (api.RequiredInt("bindingtype") != 0)
        {
            XElement? table = api.Element("boundentitylogicalname");
            foreach (Finding finding in subject.NeedTable(table?.Value, table ?? api)) yield return finding;
        }
        XElement? type = api.Element("plugintypeid");
        Guid? id = type is null ? null : type.Guid("plugintypeexportkey") ?? type.Guid("plugintypeid");
        if (subject.Solution.PluginAssemblies.SelectMany(a => a.Types).All(t => t.Id != id))
        {
            yield return LintSubject.At(type ?? api, "dangling-step", $"there is no plugin type {id}; calls would do nothing.");
        }
    }

    static IEnumerable<Finding> Field(XElement field)
    {
        if (field.RequiredInt("type") is < 0 or > LastFieldType)
        {
            yield return LintSubject.At(field.Element("type")!, "custom-api", $"{field.Text("type")} is no type of a field (0 to {LastFieldType}).");
        }
    }
}
