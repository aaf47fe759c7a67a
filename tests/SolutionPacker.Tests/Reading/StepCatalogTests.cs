using System.Linq;
using CrmBehavior.Plugins.Registration;
using CrmBehavior.SolutionPacker.Solutions;
using Shouldly;
using Xunit;
using CustomApi = CrmBehavior.Plugins.Registration.CustomApi;

namespace CrmBehavior.SolutionPacker.Tests.Reading;

/// <summary>The plugin's own list of what it registers against the solution's XML.</summary>
public sealed class StepCatalogTests
{
    static readonly Solution Packed = SolutionReaderTests.Read(Repository.BuiltZip(managed: true));
    static readonly Solution Sales = SolutionReaderTests.Read(Repository.BuiltZip(managed: true, "CrmBehaviorSales"));

    [Fact]
    public void The_assembly_has_the_id_of_the_catalogue() => Packed.PluginAssemblies.ShouldHaveSingleItem().Id.ShouldBe(StepCatalog.AssemblyId);

    [Fact]
    public void Plugin_types_are_those_of_the_catalogue()
        => Packed.PluginAssemblies[0].Types.Select(t => (t.Id, t.Name, t.FriendlyName)).Order().ShouldBe(
            StepCatalog.Types.Select(t => (t.Id, t.Name, t.Id.ToString())).Order());

    [Fact]
    public void Steps_are_those_of_the_catalogue() => Packed.Steps.Select(s => s.Id).Order().ShouldBe(StepCatalog.Steps.Select(s => s.Id).Order());

    [Fact]
    public void Steps_of_the_second_solution_are_those_of_the_catalogue()
        => Sales.Steps.Select(s => s.Id).Order().ShouldBe(StepCatalog.SalesSteps.Select(s => s.Id).Order());

    public static TheoryData<string> StepNames => [.. StepCatalog.Steps.Concat(StepCatalog.SalesSteps).Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(StepNames))]
    public void A_step_says_the_same_in_both_places(string name)
    {
        PluginStep declared = StepCatalog.Steps.Concat(StepCatalog.SalesSteps).Single(s => s.Name == name);
        ProcessingStep step = Packed.Steps.Concat(Sales.Steps).Single(s => s.Id == declared.Id);

        step.Name.ShouldBe(declared.Name);
        step.PluginTypeId.ShouldBe(StepCatalog.TypeId(declared.PluginType));
        step.PluginTypeName.ShouldBe($"{declared.PluginType.FullName}, {Packed.PluginAssemblies[0].FullName}");
        step.Message.ShouldBe(declared.Message);
        step.Table.ShouldBe(declared.Table);
        step.Stage.ShouldBe((int)declared.Stage);
        step.Mode.ShouldBe((int)declared.Mode);
        step.Rank.ShouldBe(declared.Rank);
        step.FilteringColumns.ShouldBe(declared.FilteringColumns);
        step.Configuration.ShouldBe(declared.Configuration);
        step.AsyncAutoDelete.ShouldBe(declared.AsyncAutoDelete);
        step.Images.Select(i => (i.Id, i.Name, i.Alias, i.ImageType, i.MessageProperty, string.Join(',', i.Columns))).ShouldBe(
            declared.Images.Select(i => (i.Id, i.Alias, i.Alias, (int)i.Kind, i.MessageProperty, string.Join(',', i.Columns))));
    }

    [Fact]
    public void Custom_apis_are_those_of_the_catalogue()
    {
        Packed.CustomApis.Select(a => a.UniqueName).ShouldBe(StepCatalog.CustomApis.Select(a => a.UniqueName), ignoreOrder: true);
        foreach (CustomApi declared in StepCatalog.CustomApis)
        {
            Solutions.CustomApi api = Packed.CustomApis.Single(a => a.UniqueName == declared.UniqueName);
            api.BindingType.ShouldBe(declared.BoundTable is null ? 0 : 1);
            api.BoundTable.ShouldBe(declared.BoundTable);
            api.ExecutePrivilege.ShouldBe(declared.Privilege);
            api.IsFunction.ShouldBeFalse();
            api.PluginTypeId.ShouldBe(StepCatalog.TypeId(declared.PluginType));
            api.PluginTypeName.ShouldBe($"{declared.PluginType.FullName}, {Packed.PluginAssemblies[0].FullName}");
            api.Request.Select(p => (p.UniqueName, p.Type, p.IsOptional)).ShouldBe(
                declared.Request.Select(p => (p.Name, (int)p.Type, p.Optional)), ignoreOrder: true);
            api.Response.Select(p => (p.UniqueName, p.Type)).ShouldBe(declared.Response.Select(p => (p.Name, (int)p.Type)), ignoreOrder: true);
        }
    }
}
