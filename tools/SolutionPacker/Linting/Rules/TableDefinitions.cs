using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>A table has one primary key, one primary name, its system columns, the flags that cannot be changed later, and one spelling.</summary>
static class TableDefinitions
{
    static readonly string[] AllColumns =
    [
        "createdby", "createdon", "createdonbehalfby", "importsequencenumber", "modifiedby", "modifiedon", "modifiedonbehalfby", "overriddencreatedon",
        "statecode", "statuscode",
    ];

    static readonly string[] OwnedColumns = ["ownerid", "owningbusinessunit", "owningteam", "owninguser"];

    static readonly string[] IconElements = ["IconLargeName", "IconMediumName", "IconSmallName", "IconVectorName"];

    internal static IEnumerable<Finding> Check(LintSubject subject)
        => subject.Entities.SelectMany(e => Spelling(e.Entity)
            .Concat(TableReader.IsExtension(e.Entity) ? Extension(subject, e.Table, e.Entity) : Whole(subject, e.Table, e.Entity)));

    static IEnumerable<Finding> Spelling(XElement entity)
    {
        XElement definition = TableReader.Definition(entity);
        string name = definition.RequiredAttribute("Name");
        if (entity.Text("Name") != name)
        {
            yield return LintSubject.At(
                entity.Element("Name")!, "casing", $"is spelled {entity.Text("Name")} here and {name} in EntityInfo; spell it alike everywhere.");
        }
    }

    static IEnumerable<Finding> Extension(LintSubject subject, string table, XElement entity)
    {
        Table? standard = subject.Standard.Table(table);
        if (standard is null)
        {
            yield return LintSubject.At(
                entity, "unknown-table", $"extends {table}, which is no table of the platform that is known here; a new table needs an EntitySetName.");
        }
        else if (standard.SchemaName != entity.Text("Name"))
        {
            yield return LintSubject.At(entity.Element("Name")!, "casing", $"the platform spells it {standard.SchemaName}.");
        }
        foreach ((string _, XElement attribute) in subject.Attributes.Where(a => a.Table == table))
        {
            if (standard?.Column(attribute.Text("LogicalName") ?? "") is not null)
            {
                yield return LintSubject.At(attribute, "table-definition", "is a column of the platform; only columns of our own may stand here.");
            }
        }
    }

    static IEnumerable<Finding> Whole(LintSubject subject, string table, XElement entity)
    {
        XElement definition = TableReader.Definition(entity);
        List<XElement> attributes = definition.Element("attributes")?.Elements("attribute").ToList() ?? [];
        List<XElement> names = attributes.FindAll(ColumnReader.IsPrimaryName);
        if (names.Count == 0)
        {
            yield return LintSubject.At(definition, "primary-name", "no column has PrimaryName in its DisplayMask; the import needs exactly one.");
        }
        foreach (XElement extra in names.Skip(1))
        {
            yield return LintSubject.At(
                extra, "primary-name", "is a second column with PrimaryName in its DisplayMask; exactly one may have it.");
        }

        List<XElement> keys = attributes.FindAll(ColumnReader.IsPrimaryKey);
        bool activity = definition.Flag("IsActivity");
        string expected = activity ? "activityid" : table + "id";
        if (keys.Count != 1 || keys[0].Text("LogicalName") != expected)
        {
            yield return LintSubject.At(definition, "table-definition", $"needs exactly one column of type primarykey, named {expected}.");
        }
        if (definition.Element("ChangeTrackingEnabled")?.Value != "1")
        {
            yield return LintSubject.At(definition, "table-definition", "needs ChangeTrackingEnabled 1; the service follows changes of every table of ours.");
        }
        if (activity && definition.Element("HasRelatedActivities") is { } related)
        {
            yield return LintSubject.At(related, "table-definition", "an activity cannot have activities of its own.");
        }

        IEnumerable<string> system = AllColumns.Concat(definition.Text("OwnershipTypeMask") == "UserOwned" ? OwnedColumns : ["organizationid"]);
        foreach (string column in system.Where(c => !attributes.Exists(a => a.Text("LogicalName") == c)))
        {
            yield return LintSubject.At(definition, "table-definition", $"lacks the system column {column}, which every export of such a table has.");
        }
        foreach (XElement icon in definition.Elements().Where(e => IconElements.Contains(e.Name.LocalName) && e.Value.Length > 0
            && subject.Solution.WebResources.All(w => !string.Equals(w.Name, e.Value, StringComparison.Ordinal))))
        {
            yield return LintSubject.At(icon, "unknown-web-resource", $"there is no web resource {icon.Value} in the solution.");
        }
        bool quickForm = subject.Solution.Forms.Any(f => f.Table == table && f.Type == "quickCreate");
        if (quickForm != definition.Flag("IsQuickCreateEnabled"))
        {
            yield return LintSubject.At(
                definition,
                "table-definition",
                quickForm ? "has a quick create form, but IsQuickCreateEnabled is not 1." : "IsQuickCreateEnabled is 1, but there is no quick create form.");
        }
    }
}
