using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace XrmSdk.Tests.Contract;

/// <summary>Every public type and member of the stand-in against the list of the original's.</summary>
public sealed class ContractTests
{
    static readonly Assembly StandIn = typeof(IPlugin).Assembly;

    /// <summary>In the original's documentation, but not in the list.</summary>
    static readonly string[] BeyondTheList = ["Microsoft.Xrm.Sdk.Messages.DeleteResponse"];

    /// <summary>Of the types that are here, what is left out: it needs further types that nobody uses.</summary>
    static readonly string[] LeftOut =
    [
        "public Microsoft.Xrm.Sdk.Query.QueryExpression Accept(Microsoft.Xrm.Sdk.Query.IQueryExpressionVisitor visitor)",
        "public Microsoft.Xrm.Sdk.RelationshipQueryCollection RelatedEntitiesQuery { get; set; }",
        "[KnownType(typeof(Microsoft.Xrm.Sdk.DiscoveryServiceFault))]",
        "[KnownType(typeof(Microsoft.Xrm.Sdk.ExecuteTransactionFault))]",
    ];

    public static TheoryData<string> Names => [.. StandIn.GetExportedTypes().Select(Rendering.FullName).Except(BeyondTheList).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Type_is_declared_as_the_original(string name)
    {
        string[] block = Block(name);

        string declared = block.Single(line => line.StartsWith("public ", StringComparison.Ordinal));
        Rendering.Declaration(TypeOf(name)).ShouldBe(declared);
        Rendering.Attributes(TypeOf(name)).ShouldBe(Contracts(block), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Members_are_those_of_the_original_and_no_other(string name)
    {
        IEnumerable<string> listed = Members(Block(name)).Except(LeftOut);

        Rendering.Members(TypeOf(name)).ShouldBe(listed, ignoreOrder: true);
    }

    [Fact]
    public void Every_type_of_the_list_is_here()
    {
        Signatures.Types.Keys.ShouldBe(StandIn.GetExportedTypes().Select(Rendering.FullName).Except(BeyondTheList), ignoreOrder: true);
    }

    [Fact]
    public void What_is_left_out_is_in_the_list()
    {
        string[] lines = [.. Signatures.Types.Values.SelectMany(block => Members(block).Concat(Contracts(block, all: true)))];

        LeftOut.ShouldBeSubsetOf(lines);
    }

    [Fact]
    public void Identity_is_that_of_the_original()
    {
        StandIn.FullName.ShouldBe(Signatures.FullName);
        Convert.ToHexStringLower(StandIn.GetName().GetPublicKey()!).ShouldBe(Signatures.PublicKey);
        StandIn.IsDefined(typeof(AllowPartiallyTrustedCallersAttribute)).ShouldBeTrue();
    }

    [Fact]
    public void Build_for_the_framework_has_the_same_identity_and_types()
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "net462", "Microsoft.Xrm.Sdk.dll")));
        MetadataReader metadata = file.GetMetadataReader();

        metadata.GetAssemblyDefinition().GetAssemblyName().FullName.ShouldBe(Signatures.FullName);
        metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
            .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
            .Select(type => metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name))
            .ShouldBe(StandIn.GetExportedTypes().Select(type => type.FullName!), ignoreOrder: true);
        metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .ShouldBeSubsetOf(["mscorlib", "System", "System.Core", "System.Runtime.Serialization"]);
    }

    static string[] Block(string name)
    {
        Signatures.Types.Keys.ShouldContain(name, "the original has no such type");
        return Signatures.Types[name];
    }

    static Type TypeOf(string name) => StandIn.GetExportedTypes().Single(type => Rendering.FullName(type) == name);

    static IEnumerable<string> Contracts(string[] block, bool all = false) => block
        .Where(line => line.StartsWith('['))
        .SelectMany(line => line.Replace("] [", "]\n[", StringComparison.Ordinal).Split('\n'))
        .Where(attribute => !attribute.StartsWith("[ServiceContract", StringComparison.Ordinal) && (all || !LeftOut.Contains(attribute)));

    static IEnumerable<string> Members(string[] block) =>
        block.Where(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(WithoutServiceModel);

    // The list has attributes of System.ServiceModel, which the runtime of today does not have and no plugin sees.
    static string WithoutServiceModel(string line)
    {
        int at = line.IndexOf("   [OperationContract", StringComparison.Ordinal);
        return (at < 0 ? line : line[..at]).Trim();
    }
}
