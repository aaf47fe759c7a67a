using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>What a DLL says of itself, read without loading it.</summary>
/// <param name="FullName">Identity: name, version, culture, public key token.</param>
/// <param name="Types">Full names of all classes.</param>
/// <param name="Plugins">Full names of the public, concrete classes that implement <c>Microsoft.Xrm.Sdk.IPlugin</c>.</param>
sealed record PluginMetadata(string FullName, IReadOnlySet<string> Types, IReadOnlySet<string> Plugins)
{
    const string PluginInterface = "Microsoft.Xrm.Sdk.IPlugin";

    /// <summary>Null when the bytes are no .NET assembly.</summary>
    internal static PluginMetadata? Read(ReadOnlyMemory<byte> dll)
    {
        try
        {
            using var pe = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(dll.ToArray()));
            if (!pe.HasMetadata) return null;
            MetadataReader reader = pe.GetMetadataReader();
            if (!reader.IsAssembly) return null;
            Dictionary<string, TypeDefinition> types = reader.TypeDefinitions
                .Select(reader.GetTypeDefinition).DistinctBy(t => NameOf(reader, t)).ToDictionary(t => NameOf(reader, t));
            return new PluginMetadata(
                reader.GetAssemblyDefinition().GetAssemblyName().FullName,
                types.Keys.ToHashSet(),
                types.Where(t => IsConcrete(t.Value) && Implements(reader, types, t.Value)).Select(t => t.Key).ToHashSet());
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    static bool IsConcrete(TypeDefinition type)
        => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public
            && (type.Attributes & (TypeAttributes.Abstract | TypeAttributes.Interface)) == 0;

    static bool Implements(MetadataReader reader, Dictionary<string, TypeDefinition> types, TypeDefinition type)
    {
        for (TypeDefinition? at = type; at is { } current; at = Base(reader, types, current))
        {
            if (current.GetInterfaceImplementations().Any(i => NameOf(reader, reader.GetInterfaceImplementation(i).Interface) == PluginInterface)) return true;
        }
        return false;
    }

    // Base classes of another assembly are not followed: a plugin has no assembly beside it.
    static TypeDefinition? Base(MetadataReader reader, Dictionary<string, TypeDefinition> types, TypeDefinition type)
        => !type.BaseType.IsNil && types.TryGetValue(NameOf(reader, type.BaseType), out TypeDefinition found) ? found : null;

    static string NameOf(MetadataReader reader, TypeDefinition type) => Join(reader.GetString(type.Namespace), reader.GetString(type.Name));

    static string NameOf(MetadataReader reader, TypeReference type) => Join(reader.GetString(type.Namespace), reader.GetString(type.Name));

    static string NameOf(MetadataReader reader, EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => NameOf(reader, reader.GetTypeDefinition((TypeDefinitionHandle)handle)),
        HandleKind.TypeReference => NameOf(reader, reader.GetTypeReference((TypeReferenceHandle)handle)),
        _ => "",
    };

    static string Join(string space, string name) => space.Length == 0 ? name : space + "." + name;
}
