using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Relationships join columns and tables that exist, are spelled like them, and every lookup has one.</summary>
static class RelationshipDefinitions
{
    // Lookups for which exports carry no relationship: the platform makes these itself, or the target needs an app that may be absent.
    static readonly string[] Unrelated = ["createdonbehalfby", "modifiedonbehalfby", "serviceid"];

    static readonly string[] Cascades = ["NoCascade", "Cascade", "Active", "UserOwned", "RemoveLink", "Restrict"];

    internal static IEnumerable<Finding> Check(LintSubject subject)
        => subject.Files.Section("EntityRelationships").SelectMany(r => RelationshipReader.IsManyToMany(r) ? ManyToMany(subject, r) : OneToMany(subject, r))
            .Concat(subject.Attributes.SelectMany(a => HasRelationship(subject, a.Table, a.Attribute)))
            .Concat(subject.Entities.SelectMany(e => Activity(subject, e.Table, e.Entity)));

    static IEnumerable<Finding> OneToMany(LintSubject subject, XElement relationship)
    {
        XElement child = relationship.RequiredElement("ReferencingEntityName");
        XElement column = relationship.RequiredElement("ReferencingAttributeName");
        string table = child.Value.ToLowerInvariant();
        foreach (Finding finding in Spelled(subject, child)) yield return finding;
        foreach (Finding finding in Spelled(subject, relationship.RequiredElement("ReferencedEntityName"))) yield return finding;
        foreach (Finding finding in subject.NeedColumn(table, column.Value.ToLowerInvariant(), column)) yield return finding;
        if (subject.Column(table, column.Value.ToLowerInvariant()) is not { } lookup) yield break;
        if (lookup.SchemaName != column.Value) yield return LintSubject.At(column, "casing", $"the column is spelled {lookup.SchemaName}.");
        // An activity shares its primary key with the row of activitypointer.
        if (!lookup.IsLookup && lookup.Name != "activityid")
        {
            yield return LintSubject.At(column, "relationship", $"{lookup.Name} is of type {lookup.Type}, no lookup.");
        }
        if (lookup.IsCustom)
        {
            foreach ((string type, string side) in new[] { ("1", "the lookup's side"), ("0", "the other side") })
            {
                bool named = relationship.Descendants("EntityRelationshipRole")
                    .Any(r => r.Text("RelationshipRoleType") == type && r.Text("NavigationPropertyName") is not null);
                if (!named)
                {
                    yield return LintSubject.At(
                        relationship, "relationship", $"names no navigation property on {side} (RelationshipRoleType {type}); the Web API would choose one.");
                }
            }
        }
        IEnumerable<XElement> cascades = relationship.Elements().Where(e => e.Name.LocalName.StartsWith("Cascade", StringComparison.Ordinal));
        foreach (XElement cascade in cascades.Where(e => !Cascades.Contains(e.Value)))
        {
            yield return LintSubject.At(cascade, "relationship", $"'{cascade.Value}' is no way to cascade; write one of {string.Join(", ", Cascades)}.");
        }
    }

    static IEnumerable<Finding> ManyToMany(LintSubject subject, XElement relationship)
    {
        foreach (string side in new[] { "FirstEntityName", "SecondEntityName" })
        {
            foreach (Finding finding in Spelled(subject, relationship.RequiredElement(side))) yield return finding;
        }
        int named = relationship.Descendants("EntityRelationshipRole")
            .Count(r => r.Text("NavigationPropertyName") is not null && r.Text("AssociationRoleOrdinal") is "1" or "2");
        if (named != 2)
        {
            yield return LintSubject.At(relationship, "relationship", "needs two roles with AssociationRoleOrdinal 1 and 2 and a NavigationPropertyName each.");
        }
    }

    static IEnumerable<Finding> Spelled(LintSubject subject, XElement name)
    {
        foreach (Finding finding in subject.NeedTable(name.Value.ToLowerInvariant(), name)) yield return finding;
        if (subject.Table(name.Value.ToLowerInvariant()) is { } table && table.SchemaName != name.Value)
        {
            yield return LintSubject.At(name, "casing", $"the table is spelled {table.SchemaName}.");
        }
    }

    static IEnumerable<Finding> HasRelationship(LintSubject subject, string table, XElement attribute)
    {
        string name = attribute.Text("LogicalName") ?? "";
        if (subject.Column(table, name) is { IsLookup: true } && !Unrelated.Contains(name)
            && subject.Solution.Schema.OneToMany.All(r => r.ReferencingTable != table || r.ReferencingColumn != name))
        {
            yield return LintSubject.At(
                attribute,
                "relationship",
                "is a lookup without a relationship; "
                + $"add one with ReferencingAttributeName {attribute.RequiredAttribute("PhysicalName")} to Other/Relationships.");
        }
    }

    static IEnumerable<Finding> Activity(LintSubject subject, string table, XElement entity)
    {
        if (!TableReader.Definition(entity).Flag("IsActivity")) yield break;
        if (!subject.Solution.Schema.OneToMany.Any(r => r.ReferencingTable == table && r.ReferencedTable == "activitypointer"))
        {
            yield return LintSubject.At(
                entity, "relationship", $"is an activity without the relationship activity_pointer_{entity.Text("Name")} to ActivityPointer.");
        }
    }
}
