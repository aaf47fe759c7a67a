using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using CrmBehavior.Engine.Time;
using Shouldly;
using Xunit;

namespace CrmBehavior.Standards.Tests;

/// <summary>The engine decides from its arguments alone: no clock, no chance, no input or output, nothing asynchronous.</summary>
public sealed class PurityTests
{
    static readonly string[] ForbiddenTypes =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.Net.", "System.Threading.Tasks.", "System.Threading.Thread", "System.Threading.Timer",
        "System.Random", "System.TimeProvider", "System.Console", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process", "System.Security.Cryptography.RandomNumberGenerator",
    ];

    static readonly string[] ForbiddenMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid",
        "System.Guid.CreateVersion7", "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Environment.GetEnvironmentVariable", "System.Environment.get_MachineName",
        "System.String.GetHashCode", "System.HashCode.ToHashCode",
    ];

    [Fact]
    public void The_engine_uses_no_clock_no_chance_and_no_input_or_output()
    {
        (IReadOnlyList<string> types, IReadOnlyList<string> members) = Used(typeof(Instant).Assembly.Location);

        types.Where(t => ForbiddenTypes.Any(f => f.EndsWith('.') ? t.StartsWith(f, StringComparison.Ordinal) : t == f)).ShouldBeEmpty();
        members.Intersect(ForbiddenMembers).ShouldBeEmpty();
    }

    [Fact]
    public void The_check_sees_what_it_looks_for()
    {
        // This very assembly does what the engine must not.
        (IReadOnlyList<string> types, IReadOnlyList<string> members) = Used(typeof(PurityTests).Assembly.Location);

        types.ShouldContain("System.IO.File");
        members.ShouldContain("System.Guid.NewGuid");
        Guid.NewGuid().ShouldNotBe(Guid.Empty);
    }

    static (IReadOnlyList<string> Types, IReadOnlyList<string> Members) Used(string assembly)
    {
        using FileStream file = File.OpenRead(assembly);
        using var portable = new PEReader(file);
        MetadataReader reader = portable.GetMetadataReader();
        string name(TypeReference type) => $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        return (
            [.. reader.TypeReferences.Select(t => name(reader.GetTypeReference(t)))],
            [
                .. reader.MemberReferences.Select(reader.GetMemberReference).Where(m => m.Parent.Kind == HandleKind.TypeReference)
                    .Select(m => $"{name(reader.GetTypeReference((TypeReferenceHandle)m.Parent))}.{reader.GetString(m.Name)}"),
            ]);
    }
}
