using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>Reads components that have files of their own: environment variables and custom APIs.</summary>
static class SettingsReader
{
    internal static IEnumerable<EnvironmentVariable> Variables(SolutionFiles files)
        => Roots(files, SolutionFiles.EnvironmentVariablesFolder, "environmentvariabledefinition").Select(r => new EnvironmentVariable
        {
            SchemaName = r.RequiredAttribute("schemaname"),
            Label = Default(r, "displayname"),
            Description = Default(r, "description"),
            Type = r.RequiredInt("type"),
            DefaultValue = r.Text("defaultvalue"),
            SecretStore = r.Int("secretstore"),
            IsRequired = r.Flag("isrequired"),
        });

    internal static IEnumerable<CustomApi> Apis(SolutionFiles files, IReadOnlyCollection<PluginAssembly> assemblies)
        => Roots(files, SolutionFiles.CustomApisFolder, "customapi").Select(r =>
        {
            string name = r.RequiredAttribute("uniquename");
            Guid? type = r.Element("plugintypeid") is { } handler ? handler.Guid("plugintypeexportkey") ?? handler.Guid("plugintypeid") : null;
            string folder = $"{SolutionFiles.CustomApisFolder}{name}/";
            return new CustomApi
            {
                UniqueName = name,
                Label = Default(r, "displayname"),
                Description = Default(r, "description"),
                BindingType = r.RequiredInt("bindingtype"),
                BoundTable = r.Text("boundentitylogicalname"),
                IsFunction = r.Flag("isfunction"),
                IsPrivate = r.Flag("isprivate"),
                AllowedStepType = r.Int("allowedcustomprocessingsteptype") ?? 0,
                PluginTypeId = type,
                PluginTypeName = assemblies.SelectMany(a => a.Types).FirstOrDefault(t => t.Id == type)?.AssemblyQualifiedName,
                ExecutePrivilege = r.Text("executeprivilegename"),
                Request = Roots(files, folder, "customapirequestparameter").Select(Parameter).ToList(),
                Response = Roots(files, folder, "customapiresponseproperty").Select(Parameter).ToList(),
            };
        });

    internal static IEnumerable<XElement> Roots(SolutionFiles files, string folder, string root)
        => files.Components.Where(c => c.Key.StartsWith(folder, StringComparison.Ordinal)).Select(c => c.Value.Root!).Where(r => r.Name.LocalName == root);

    static CustomApiParameter Parameter(XElement parameter) => new()
    {
        UniqueName = parameter.RequiredAttribute("uniquename"),
        Description = Default(parameter, "description"),
        Type = parameter.RequiredInt("type"),
        IsOptional = parameter.Flag("isoptional"),
    };

    static string Default(XElement e, string child) => e.Element(child)?.Attribute("default")?.Value ?? "";
}
