using System;
using System.Linq;
using CrmBehavior.Definitions;

namespace CrmBehavior.Cli.Commands;

/// <summary>Definitions from files, as commands need them: sound, or not at all.</summary>
internal static class DefinitionFolder
{
    /// <summary>Reads definitions that may name others which are not among them.</summary>
    /// <exception cref="CliException">A file is no definition.</exception>
    public static DefinitionSet ReadPart(string path)
    {
        DefinitionSet set = DefinitionSet.ReadFiles(path);
        return set.Unreadable.Count == 0 ? set : throw new CliException(string.Join(Environment.NewLine, set.Unreadable)) { ExitCode = 1 };
    }

    /// <summary>Reads definitions; warnings go to stderr.</summary>
    /// <exception cref="CliException">There are errors; all are in the message.</exception>
    public static DefinitionSet ReadSound(string path, bool tellWarnings = false)
    {
        DefinitionSet set = DefinitionSet.ReadFiles(path);
        if (set.HasErrors) throw new CliException(string.Join(Environment.NewLine, set.Errors.Select(e => e.ToString())));
        if (tellWarnings)
        {
            foreach (Diagnostic warning in set.Diagnostics) Console.Error.WriteLine(warning);
        }
        return set;
    }
}
