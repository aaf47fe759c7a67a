using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.SolutionPacker.Schema;
using CrmBehavior.SolutionPacker.Solutions;
using Shouldly;
using Xunit;

namespace CrmBehavior.SolutionPacker.Tests.Reading;

/// <summary>A contact who is deleted takes with him whatever is about him.</summary>
public sealed class ErasureTests
{
    static readonly Solution Packed = SolutionReaderTests.Read(Repository.BuiltZip(managed: true));

    [Fact]
    public void Rows_about_a_contact_go_with_him()
    {
        OneToMany[] about = [.. Packed.Schema.OneToMany.Where(r => r.ReferencedTable == "contact")];

        about.Select(r => r.ReferencingTable).ShouldBe([CrmNames.Consent, CrmNames.ContactScore, CrmNames.Review, CrmNames.Touchpoint], ignoreOrder: true);
        about.ShouldAllBe(r => r.Delete == CascadeDelete.Cascade);
        Packed.Schema.ManyToMany.ShouldContain(r => r.Name == CrmNames.ContactTag, "links of tags go with either side");
    }

    [Fact]
    public void Counts_know_no_contact()
        => Packed.Schema.Table(CrmNames.Statistic)!.Columns.SelectMany(c => c.Targets).ShouldNotContain("contact");
}
