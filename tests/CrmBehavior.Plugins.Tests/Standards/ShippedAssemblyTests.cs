using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using CrmBehavior.Plugins.Registration;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Standards;

/// <summary>The net462 DLL itself, as it is put into the solution.</summary>
public sealed class ShippedAssemblyTests : IDisposable
{
    readonly PEReader file = new(File.OpenRead(Shipped.Plugin));
    readonly MetadataReader metadata;

    public ShippedAssemblyTests()
    {
        metadata = file.GetMetadataReader();
    }

    public void Dispose() => file.Dispose();

    [Fact]
    public void References_are_the_framework_and_the_sdk_alone()
    {
        AssemblyName[] references = [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())];

        references.Select(name => name.Name!).ShouldBeSubsetOf(["mscorlib", "System", "System.Core", "System.Runtime.Serialization", "System.Net.Http", "Microsoft.Xrm.Sdk"]);
        references.Single(name => name.Name == "Microsoft.Xrm.Sdk").FullName.ShouldBe("Microsoft.Xrm.Sdk, Version=9.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35");
    }

    [Fact]
    public void Every_member_of_the_sdk_that_is_used_is_in_its_contract()
    {
        Assembly contract = typeof(Microsoft.Xrm.Sdk.Entity).Assembly;
        string[] lacking = [.. metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Select(member => (Type: ContractType(member.Parent), Name: metadata.GetString(member.Name)))
            .Where(member => member.Type != null)
            .Where(member => contract.GetType(member.Type!)?.GetMember(member.Name, Any).Length is null or 0)
            .Select(member => member.Type + "." + member.Name)];

        lacking.ShouldBeEmpty();
        metadata.MemberReferences.Count(member => ContractType(metadata.GetMemberReference(member).Parent) != null).ShouldBeGreaterThan(30);
    }

    const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <summary>Full name of a member's type, when it is one of the SDK; generic types lose their arguments.</summary>
    string? ContractType(EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeSpecification)
        {
            BlobReader signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
            if (signature.ReadByte() != (byte)SignatureTypeCode.GenericTypeInstance) return null;
            signature.ReadByte();
            parent = signature.ReadTypeHandle();
        }

        if (parent.Kind != HandleKind.TypeReference) return null;
        TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        bool isContract = type.ResolutionScope.Kind == HandleKind.AssemblyReference
            && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == "Microsoft.Xrm.Sdk";
        return isContract ? metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name) : null;
    }

    [Fact]
    public void Identity_is_the_one_that_steps_name()
    {
        AssemblyName name = metadata.GetAssemblyDefinition().GetAssemblyName();

        name.FullName.ShouldBe("CrmBehavior.Plugins, Version=1.0.0.0, Culture=neutral, PublicKeyToken=6b886d99190492b9");
        name.FullName.ShouldBe(typeof(StepCatalog).Assembly.FullName);
    }

    [Fact]
    public void Strong_name_is_signed_with_the_private_key()
    {
        file.PEHeaders.CorHeader!.Flags.HasFlag(CorFlags.StrongNameSigned).ShouldBeTrue();
        DirectoryEntry directory = file.PEHeaders.CorHeader.StrongNameSignatureDirectory;
        byte[] signature = [.. file.GetSectionData(directory.RelativeVirtualAddress).GetContent(0, directory.Size)];
        signature.Length.ShouldBe(256);
        signature.ShouldContain(part => part != 0, "a space that was reserved and not signed is empty");
    }

    [Fact]
    public void Target_is_the_framework_that_the_platform_runs()
    {
        CustomAttribute attribute = metadata.GetAssemblyDefinition().GetCustomAttributes().Select(metadata.GetCustomAttribute)
            .Single(attribute => attribute.Constructor.Kind == HandleKind.MemberReference && TypeOf(attribute) == "TargetFrameworkAttribute");
        BlobReader blob = metadata.GetBlobReader(attribute.Value);
        blob.ReadUInt16();

        blob.ReadSerializedString().ShouldBe(".NETFramework,Version=v4.6.2");
    }

    string TypeOf(CustomAttribute attribute)
    {
        MemberReference constructor = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor);
        return metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)constructor.Parent).Name);
    }

    [Fact]
    public void Nothing_of_threads_or_files_is_named_and_of_the_network_only_what_asks_the_service()
    {
        string[] types = [.. metadata.TypeReferences.Select(handle => metadata.GetTypeReference(handle))
            .Select(type => metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name)).Distinct()];

        types.Where(name => name.StartsWith("System.Net", StringComparison.Ordinal)).ShouldBe(
            [
                "System.Net.Http.HttpClient", "System.Net.Http.HttpClientHandler", "System.Net.Http.HttpMessageHandler", "System.Net.HttpStatusCode",
                "System.Net.Http.HttpRequestMessage", "System.Net.Http.HttpResponseMessage", "System.Net.Http.HttpMethod", "System.Net.Http.HttpContent",
                "System.Net.Http.ByteArrayContent", "System.Net.Http.HttpRequestException", "System.Net.Http.Headers.HttpRequestHeaders",
                "System.Net.Http.Headers.HttpContentHeaders", "System.Net.Http.Headers.HttpHeaders", "System.Net.Http.Headers.MediaTypeHeaderValue",
            ],
            ignoreOrder: true);
        types.Where(name => name.StartsWith("System.Threading", StringComparison.Ordinal)).ShouldBe(
            ["System.Threading.Tasks.Task`1", "System.Threading.Tasks.TaskCanceledException"], ignoreOrder: true);
        types.ShouldNotContain(name => name.StartsWith("System.IO", StringComparison.Ordinal) || name.StartsWith("System.Reflection.Emit", StringComparison.Ordinal));
    }

    [Fact]
    public void Path_of_the_machine_that_built_it_is_not_inside()
    {
        string text = System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(Shipped.Plugin));

        text.ShouldContain("/_/plugins/CrmBehavior.Plugins/obj/");
        text.ShouldNotContain(Shipped.BuiltIn);
    }
}
