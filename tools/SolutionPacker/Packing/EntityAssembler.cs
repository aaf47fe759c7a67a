using System.Linq;
using System.Xml.Linq;

namespace CrmBehavior.SolutionPacker.Packing;

/// <summary>Puts forms, views, ribbon and charts of a table behind its definition.</summary>
static class EntityAssembler
{
    internal static XElement Assemble(SourceFolder source, string file)
    {
        string folder = file[..^"Entity.xml".Length];
        XElement entity = CustomizationsAssembler.Root(source, file);
        AddForms(source, entity, folder);
        AddViews(source, entity, folder);
        entity.Add(source.Has(folder + "RibbonDiff.xml") ? CustomizationsAssembler.Root(source, folder + "RibbonDiff.xml") : EmptyRibbon());
        AddCharts(source, entity, folder);
        return entity;
    }

    // One <forms> element for each type, as the platform exports it.
    static void AddForms(SourceFolder source, XElement entity, string folder)
    {
        var formXml = new XElement("FormXml");
        foreach (string file in source.Under(folder + "FormXml/", ".xml"))
        {
            string type = file[(folder + "FormXml/").Length..].Split('/')[0];
            XElement? forms = formXml.Elements("forms").FirstOrDefault(f => f.Attribute("type")!.Value == type);
            if (forms is null) formXml.Add(forms = new XElement("forms", new XAttribute("type", type)));
            forms.Add(CustomizationsAssembler.Children(source, file));
        }
        entity.Add(formXml);
    }

    static void AddViews(SourceFolder source, XElement entity, string folder)
    {
        var views = source.Under(folder + "SavedQueries/", ".xml").SelectMany(f => CustomizationsAssembler.Children(source, f)).ToList();
        if (views.Count > 0) entity.Add(new XElement("SavedQueries", new XElement("savedqueries", views)));
    }

    static void AddCharts(SourceFolder source, XElement entity, string folder)
    {
        var charts = source.Under(folder + "Visualizations/", ".xml").Select(f => CustomizationsAssembler.Root(source, f)).ToList();
        if (charts.Count > 0) entity.Add(new XElement("Visualizations", charts));
    }

    static XElement EmptyRibbon() => new(
        "RibbonDiffXml",
        new XElement("CustomActions"),
        new XElement("Templates", new XElement("RibbonTemplates", new XAttribute("Id", "Mscrm.Templates"))),
        new XElement("CommandDefinitions"),
        new XElement("RuleDefinitions", new XElement("TabDisplayRules"), new XElement("DisplayRules"), new XElement("EnableRules")),
        new XElement("LocLabels"));
}
