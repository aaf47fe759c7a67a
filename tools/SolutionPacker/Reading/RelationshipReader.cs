using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>
/// Reads <c>EntityRelationship</c> elements. Navigation properties that are not written there are the platform's own: the lookup's name;
/// on activities with the table behind it, and with the target between when the lookup has several.
/// </summary>
sealed class RelationshipReader(IReadOnlySet<string> activities)
{
    internal const string Regarding = "regardingobjectid";

    internal static bool IsManyToMany(XElement relationship) => relationship.Text("EntityRelationshipType") == "ManyToMany";

    internal OneToMany ReadOneToMany(XElement relationship)
    {
        string name = relationship.RequiredAttribute("Name");
        string child = Table(relationship, "ReferencingEntityName");
        string parent = Table(relationship, "ReferencedEntityName");
        string column = relationship.Required("ReferencingAttributeName").ToLowerInvariant();
        return new OneToMany
        {
            Name = name,
            ReferencingTable = child,
            ReferencingColumn = column,
            ReferencedTable = parent,
            ReferencingNavigation = Navigation(relationship, "RelationshipRoleType", "1") ?? PlatformNavigation(child, column, parent),
            ReferencedNavigation = Navigation(relationship, "RelationshipRoleType", "0") ?? name,
            Delete = Enum.TryParse(relationship.Text("CascadeDelete"), out CascadeDelete delete) ? delete : CascadeDelete.NoCascade,
            IsCustom = true,
        };
    }

    internal static ManyToMany ReadManyToMany(XElement relationship)
    {
        string first = Table(relationship, "FirstEntityName");
        string second = Table(relationship, "SecondEntityName");
        string intersect = relationship.Required("IntersectEntityName").ToLowerInvariant();
        string name = relationship.RequiredAttribute("Name");
        return new ManyToMany
        {
            Name = name,
            IntersectTable = intersect,
            IntersectSetName = intersect + "set",
            FirstTable = first,
            FirstColumn = first == second ? first + "idone" : first + "id",
            FirstNavigation = Navigation(relationship, "AssociationRoleOrdinal", "1") ?? name,
            SecondTable = second,
            SecondColumn = first == second ? second + "idtwo" : second + "id",
            SecondNavigation = Navigation(relationship, "AssociationRoleOrdinal", "2") ?? name,
            IsCustom = true,
        };
    }

    /// <summary>The intersect table that the platform makes for an N:N relationship.</summary>
    internal static Table Intersect(ManyToMany relationship) => new()
    {
        LogicalName = relationship.IntersectTable,
        SchemaName = relationship.IntersectTable,
        EntitySetName = relationship.IntersectSetName,
        Label = relationship.IntersectTable,
        PrimaryId = relationship.IntersectTable + "id",
        IsIntersect = true,
        IsCustom = true,
        Columns =
        [
            PlatformColumns.Id(relationship.IntersectTable + "id"),
            PlatformColumns.Id(relationship.FirstColumn),
            PlatformColumns.Id(relationship.SecondColumn),
            PlatformColumns.VersionNumber,
        ],
    };

    string PlatformNavigation(string child, string column, string parent)
        => !activities.Contains(child) ? column
            : column == Regarding ? $"{column}_{parent}_{child}"
            : $"{column}_{child}";

    static string Table(XElement relationship, string element) => relationship.Required(element).ToLowerInvariant();

    static string? Navigation(XElement relationship, string discriminator, string value)
        => relationship.Element("EntityRelationshipRoles")?.Elements("EntityRelationshipRole")
            .FirstOrDefault(r => r.Text(discriminator) == value)?.Text("NavigationPropertyName");
}
