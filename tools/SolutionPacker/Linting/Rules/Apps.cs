using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Apps list components that exist, and roles that exist; every table of an app's site map is one of its components.</summary>
static class Apps
{
    // Role templates of every environment: System Administrator, System Customizer.
    static readonly Guid[] PlatformRoles = [new("627090ff-40a3-4053-8790-584edc5be201"), new("119f245c-3cc8-4b62-b31c-d1a046ced15d")];

    // The icon that an app has when it names none of its own.
    static readonly Guid PlatformIcon = new("953b9fac-1e5e-e611-80d6-00155ded156f");

    internal static IEnumerable<Finding> Check(LintSubject subject) => subject.Files.Section("AppModules").SelectMany(a =>
        a.Descendants("AppModuleComponent").SelectMany(c => Component(subject, c))
            .Concat(a.Descendants("Role").Where(r => !RoleExists(subject, r)).Select(r => LintSubject.At(
                r, "unknown-role", "there is no such role in the solution or the platform.")))
            .Concat(Icon(subject, a)).Concat(SiteMap(subject, a)));

    static IEnumerable<Finding> Component(LintSubject subject, XElement component)
    {
        RootComponent read = ManifestReader.Component(component);
        Solution solution = subject.Solution;
        bool? exists = read.Type switch
        {
            ComponentTypes.Table => subject.Table(read.SchemaName ?? "") is not null,
            ComponentTypes.View => solution.Views.Any(v => v.Id == read.Id),
            ComponentTypes.Chart => solution.Charts.Any(c => c.Id == read.Id),
            ComponentTypes.Form => solution.Forms.Any(f => f.Id == read.Id) || solution.Dashboards.Any(d => d.Id == read.Id),
            ComponentTypes.WebResource => solution.WebResources.Any(w => w.Name == read.SchemaName),
            ComponentTypes.SiteMap => solution.SiteMaps.Any(s => s.UniqueName == read.SchemaName),
            _ => null,
        };
        if (exists is null) yield return LintSubject.At(component, "app", $"type {read.Type} is no component of an app that is known here.");
        else if (exists == false)
        {
            yield return LintSubject.At(component, "app", $"there is no {read.SchemaName ?? read.Id?.ToString("B")} of type {read.Type} in the solution.");
        }
    }

    static bool RoleExists(LintSubject subject, XElement role)
        => role.GuidAttribute("id") is { } id && (PlatformRoles.Contains(id) || subject.Solution.Roles.Any(r => r.Id == id));

    static IEnumerable<Finding> Icon(LintSubject subject, XElement app)
    {
        Guid? icon = app.Guid("WebResourceId");
        if (icon != PlatformIcon && subject.Solution.WebResources.All(w => w.Id != icon))
        {
            yield return LintSubject.At(app.Element("WebResourceId") ?? app, "unknown-web-resource", $"the icon {icon} is no web resource of the solution.");
        }
    }

    static IEnumerable<Finding> SiteMap(LintSubject subject, XElement app)
    {
        string name = app.Required("UniqueName");
        XElement? siteMap = subject.Files.Section("AppModuleSiteMaps").FirstOrDefault(s => s.Text("SiteMapUniqueName") == name);
        if (siteMap is null)
        {
            yield return LintSubject.At(app, "app", $"has no site map of the name {name}.");
            yield break;
        }
        HashSet<string?> components = app.Descendants("AppModuleComponent").Select(c => c.Attribute("schemaName")?.Value).ToHashSet();
        foreach (XAttribute table in siteMap.Descendants("SubArea").Attributes("Entity").Where(e => !components.Contains(e.Value)))
        {
            yield return LintSubject.At(table, "app", $"{table.Value} is no component of the app, so its users would not see it; add it to AppModule.xml.");
        }
    }
}
