using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>What the XML says of an assembly is what its DLL says: identity, classes, and that each of them is a plugin.</summary>
static class PluginAssemblies
{
    const int MaxBytes = 16 * 1024 * 1024;

    internal static IEnumerable<Finding> Check(LintSubject subject)
        => subject.Files.Section("SolutionPluginAssemblies").SelectMany(a => Assembly(subject, a));

    static IEnumerable<Finding> Assembly(LintSubject subject, XElement assembly)
    {
        string file = assembly.Required("FileName").TrimStart('/');
        if (!subject.Files.Contents.TryGetValue(file, out ReadOnlyMemory<byte> content)) yield break; // the reader has said so
        if (content.Length > MaxBytes) yield return LintSubject.At(assembly, "plugin-assembly", "the DLL is larger than 16 MB.");
        if (PluginMetadata.Read(content) is not { } metadata)
        {
            yield return LintSubject.At(assembly, "plugin-assembly", $"{file} is no .NET assembly.");
            yield break;
        }
        string fullName = assembly.RequiredAttribute("FullName");
        if (fullName != metadata.FullName) yield return LintSubject.At(assembly.Attribute("FullName")!, "plugin-assembly", $"the DLL is {metadata.FullName}.");
        if (metadata.FullName.EndsWith("PublicKeyToken=null", StringComparison.Ordinal))
        {
            yield return LintSubject.At(assembly, "plugin-assembly", "the DLL is not signed with a strong name.");
        }
        if (assembly.Int("IsolationMode") != 2)
        {
            yield return LintSubject.At(
                assembly.Element("IsolationMode") ?? assembly, "plugin-assembly", "needs IsolationMode 2, the sandbox; online there is no other.");
        }

        List<XElement> types = assembly.Element("PluginTypes")?.Elements("PluginType").ToList() ?? [];
        foreach (XElement type in types)
        {
            string name = type.RequiredAttribute("Name");
            if (type.RequiredAttribute("AssemblyQualifiedName") != $"{name}, {fullName}")
            {
                yield return LintSubject.At(type.Attribute("AssemblyQualifiedName")!, "plugin-type", $"must be {name}, {fullName}");
            }
            if (type.Text("FriendlyName") is null) yield return LintSubject.At(type, "plugin-type", "needs a FriendlyName; the import fails without one.");
            if (!metadata.Types.Contains(name))
            {
                yield return LintSubject.At(type, "plugin-type", $"the DLL has no class {name}{NearestName.Hint(name, metadata.Types)}.");
            }
            else if (!metadata.Plugins.Contains(name))
            {
                yield return LintSubject.At(type, "plugin-type", $"{name} is no public, concrete class that implements IPlugin.");
            }
        }
        foreach (string plugin in metadata.Plugins.Where(p => !types.Exists(t => t.Attribute("Name")?.Value == p)))
        {
            yield return LintSubject.At(assembly, "plugin-type", $"the DLL has the plugin {plugin}, which has no PluginType here.");
        }
    }
}
