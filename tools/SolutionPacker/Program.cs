using System;
using System.Collections.Generic;
using CrmBehavior.SolutionPacker;
using CrmBehavior.SolutionPacker.Packing;

// The build's entry. People use `crmb pack`.
const string Usage = "usage: --solutions FOLDER --version X.Y.Z --out FOLDER [--plugin DLL]";
var options = new Dictionary<string, string>(StringComparer.Ordinal);
for (int i = 0; i < args.Length; i += 2)
{
    if (args[i] is not ("--solutions" or "--version" or "--out" or "--plugin") || i + 1 == args.Length || !options.TryAdd(args[i], args[i + 1]))
    {
        Console.Error.WriteLine($"error usage: '{args[i]}' is unknown, repeated or lacks a value; {Usage}");
        return 2;
    }
}
if (!options.TryGetValue("--solutions", out string? solutions)
    || !options.TryGetValue("--version", out string? version)
    || !options.TryGetValue("--out", out string? output))
{
    Console.Error.WriteLine($"error usage: {Usage}");
    return 2;
}
try
{
    return SolutionBuild.Run(solutions, options.GetValueOrDefault("--plugin"), SolutionPackage.ParseVersion(version), output, Console.Out) ? 0 : 1;
}
catch (FormatException e)
{
    Console.Error.WriteLine($"error version: {e.Message}");
    return 2;
}
