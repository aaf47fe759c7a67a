using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>Reads what a table shows: views, forms and charts, and dashboards, site maps and apps.</summary>
static class ViewReader
{
    internal static IEnumerable<View> Views(SolutionFiles files)
        => Within(files, e => e.Element("SavedQueries")?.Elements("savedqueries").Elements("savedquery"), (table, q) => new View
        {
            Id = q.RequiredGuid("savedqueryid"),
            Table = table,
            Name = q.Label("LocalizedNames"),
            QueryType = q.RequiredInt("querytype"),
            IsDefault = q.Flag("isdefault"),
            FetchXml = Inner(q.Element("fetchxml")),
            LayoutXml = Inner(q.Element("layoutxml")),
        });

    internal static IEnumerable<Form> Forms(SolutionFiles files)
        => Within(files, e => e.Element("FormXml")?.Elements("forms").Elements("systemform"), (table, f) => new Form
        {
            Id = f.RequiredGuid("formid"),
            Table = table,
            Type = f.Parent!.RequiredAttribute("type"),
            Name = f.Label("LocalizedNames"),
            FormXml = Text(f.RequiredElement("form")),
        });

    internal static IEnumerable<Chart> Charts(SolutionFiles files)
        => Within(files, e => e.Element("Visualizations")?.Elements("visualization"), (table, v) => new Chart
        {
            Id = v.RequiredGuid("savedqueryvisualizationid"),
            Table = table,
            Name = v.Label("LocalizedNames"),
            DataXml = Inner(v.RequiredElement("datadescription")),
            PresentationXml = Inner(v.RequiredElement("presentationdescription")),
        });

    internal static IEnumerable<Dashboard> Dashboards(SolutionFiles files) => files.Section("Dashboards").Select(d => new Dashboard
    {
        Id = d.RequiredGuid("FormId"),
        Name = d.Label("LocalizedNames"),
        FormXml = Text(d.RequiredElement("FormXml").RequiredElement("forms").RequiredElement("form")),
    });

    internal static IEnumerable<SiteMap> SiteMaps(SolutionFiles files) => files.Section("AppModuleSiteMaps").Select(s => new SiteMap
    {
        UniqueName = s.Required("SiteMapUniqueName"),
        Label = s.Label("LocalizedNames"),
        Xml = Text(s.RequiredElement("SiteMap")),
    });

    internal static IEnumerable<AppModule> Apps(SolutionFiles files) => files.Section("AppModules").Select(a => new AppModule
    {
        UniqueName = a.Required("UniqueName"),
        Label = a.Label("LocalizedNames"),
        Components = a.Element("AppModuleComponents")?.Elements().Select(ManifestReader.Component).ToList() ?? [],
        Roles = a.Element("AppModuleRoleMaps")?.Elements("Role").Select(r => r.RequiredGuidAttribute("id")).ToList() ?? [],
    });

    static IEnumerable<T> Within<T>(SolutionFiles files, System.Func<XElement, IEnumerable<XElement>?> find, System.Func<string, XElement, T> read)
        => files.Section("Entities").SelectMany(e => (find(e) ?? []).Select(x => read(TableReader.LogicalName(e), x)));

    static string Inner(XElement? e) => e?.Elements().FirstOrDefault() is { } child ? Text(child) : "";

    static string Text(XElement e) => e.ToString(SaveOptions.DisableFormatting);
}
