using System;
using System.IO;
using CrmBehavior.TestServers;

namespace CrmBehavior.Acceptance.Tests.Demonstration;

/// <summary>Some of the demonstration's definitions, in a folder of their own.</summary>
internal sealed class DefinitionFolder : IDisposable
{
    public DefinitionFolder(params string[] files)
    {
        foreach (string file in files) File.Copy(System.IO.Path.Combine(BuiltProgram.Root, "tools", "Sandbox", "Demo", "Definitions", file), System.IO.Path.Combine(Path, file));
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("definitions-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
