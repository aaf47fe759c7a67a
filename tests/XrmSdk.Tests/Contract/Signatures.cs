using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace XrmSdk.Tests.Contract;

/// <summary>
/// The list of what the original has: read from its metadata once, kept as text. Each type is a block: attributes, declaration, members.
/// </summary>
static partial class Signatures
{
    static readonly string[] Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Contract", "signatures.txt"))
        .ReplaceLineEndings("\n").Split("\n\n");

    /// <summary>Identity of the original assembly.</summary>
    internal static string FullName => Text[0].Split('\n')[0]["ASSEMBLY ".Length..];

    /// <summary>Its public key, hexadecimal.</summary>
    internal static string PublicKey => Text[0].Split('\n')[1]["full public key (hex): ".Length..];

    /// <summary>Blocks by full name of the type.</summary>
    internal static IReadOnlyDictionary<string, string[]> Types { get; } = Text.Skip(1)
        .Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(lines => NameOf(lines.First(line => line.StartsWith("public ", StringComparison.Ordinal))));

    static string NameOf(string declaration) => Declaration().Match(declaration).Groups[1].Value;

    [GeneratedRegex(@"(?:class|interface|enum) ([\w.]+(?:<[^>]*>)?)")]
    private static partial Regex Declaration();
}
