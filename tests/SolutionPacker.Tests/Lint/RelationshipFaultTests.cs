using System;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Lint;

public sealed class RelationshipFaultTests
{
    const string OfContact = "Other/Relationships/Contact.xml";
    const string OfUser = "Other/Relationships/SystemUser.xml";

    [Fact]
    public void A_lookup_without_relationship_is_found_at_the_lookup()
    {
        using var solution = new SolutionCopy();
        Remove(solution, OfUser, "crmb_systemuser_review_answeredby");

        solution.OnlyFinding("relationship", "Entities/crmb_review/Entity.xml", "<attribute PhysicalName=\"crmb_answeredby\">")
            .Message.ShouldContain("ReferencingAttributeName crmb_answeredby");
    }

    [Fact]
    public void A_missing_system_relationship_is_found_at_its_column()
    {
        using var solution = new SolutionCopy();
        Remove(solution, OfUser, "lk_crmb_tag_createdby");

        solution.OnlyFinding("relationship", "Entities/crmb_tag/Entity.xml", "<attribute PhysicalName=\"CreatedBy\">");
    }

    [Fact]
    public void An_activity_without_its_base_row_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Delete("Other/Relationships/ActivityPointer.xml")
            .Replace("Other/Relationships.xml", "<EntityRelationship Name=\"activity_pointer_crmb_touchpoint\" />", "");

        solution.OnlyFinding("relationship", "Entities/crmb_touchpoint/Entity.xml", "<Entity>").Message.ShouldContain("activity_pointer_crmb_touchpoint");
    }

    [Fact]
    public void A_relationship_of_a_missing_column_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(OfContact, "<ReferencingAttributeName>crmb_contactid<", "<ReferencingAttributeName>crmb_contact<");
        int line = solution.LineOf(OfContact, "<ReferencingAttributeName>crmb_contact<");

        solution.Findings()
            .ShouldContain(f => f.Rule == "unknown-column" && f.Place.File == OfContact && f.Place.Line == line);
    }

    [Fact]
    public void A_relationship_of_a_column_that_is_no_lookup_is_found()
    {
        using var solution = new SolutionCopy();
        string file = solution.FileWith("Other/Relationships", "crmb_definition_definitionversion");
        solution.Replace(file, "<ReferencingAttributeName>crmb_definitionid<", "<ReferencingAttributeName>crmb_version<");

        solution.Findings().ShouldContain(f => f.Rule == "relationship" && f.Place.File == file && f.Message.Contains("no lookup", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_in_another_spelling_than_its_own_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(OfContact, "<ReferencedEntityName>Contact<", "<ReferencedEntityName>contact<");

        solution.OnlyFinding("casing", OfContact, "<ReferencedEntityName>contact<").Message.ShouldBe("the table is spelled Contact.");
    }

    [Fact]
    public void A_relationship_without_navigation_properties_is_found()
    {
        using var solution = new SolutionCopy();
        string text = solution.Read(OfContact);
        int roles = text.IndexOf("<EntityRelationshipRoles>", StringComparison.Ordinal);
        int end = text.IndexOf("</EntityRelationshipRoles>", StringComparison.Ordinal) + "</EntityRelationshipRoles>".Length;
        solution.Write(OfContact, text[..roles] + text[end..]);

        solution.Findings().Count.ShouldBe(2);
        solution.Findings()
            .ShouldAllBe(f => f.Rule == "relationship" && f.Place.File == OfContact && f.Message.Contains("navigation property", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_way_to_cascade_is_found()
    {
        using var solution = new SolutionCopy();
        solution.Replace(OfContact, "<CascadeDelete>Cascade<", "<CascadeDelete>Casdace<");

        solution.OnlyFinding("relationship", OfContact, "Casdace");
    }

    static void Remove(SolutionCopy solution, string file, string name)
    {
        string text = solution.Read(file);
        int start = text.IndexOf($"<EntityRelationship Name=\"{name}\"", StringComparison.Ordinal);
        int end = text.IndexOf("</EntityRelationship>", start, StringComparison.Ordinal) + "</EntityRelationship>".Length;
        solution.Write(file, text[..start] + text[end..]).Replace("Other/Relationships.xml", $"<EntityRelationship Name=\"{name}\" />", "");
    }
}
