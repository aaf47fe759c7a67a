using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Definitions;

/// <summary>How bad it is.</summary>
public enum Severity
{
    /// <summary>Legal, but told to the author with the better form.</summary>
    Warning,

    /// <summary>The definition cannot be published.</summary>
    Error,
}

/// <summary>Something to mend in a definition.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="File">Which file, or another name of the document.</param>
/// <param name="Pointer">Where in it: a JSON pointer (RFC 6901); empty for the whole.</param>
/// <param name="Message">What is wrong, and what to write instead.</param>
public sealed record Diagnostic(Severity Severity, string File, string Pointer, string Message)
{
    /// <summary>One line: <c>file: /json/pointer: what is wrong and what to write instead</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => $"{File}: {(Pointer.Length == 0 ? "/" : Pointer)}: {(Severity == Severity.Warning ? "warning: " : "")}{Message}";
}

/// <summary>Collects diagnostics: all that is wrong is told at once.</summary>
internal sealed class Diagnostics
{
    readonly List<Diagnostic> list = [];

    readonly HashSet<(string File, string Pointer, string Key)> meant = [];

    public IReadOnlyList<Diagnostic> All => list;

    public bool HasErrors => list.Exists(d => d.Severity == Severity.Error);

    public void Error(string file, string pointer, string message) => list.Add(new Diagnostic(Severity.Error, file, pointer, message));

    public void Warn(string file, string pointer, string message) => list.Add(new Diagnostic(Severity.Warning, file, pointer, message));

    /// <summary>Notes that an unknown key was told as a misspelling of a known one, which is then not missing as well.</summary>
    public void Meant(string file, string pointer, string key) => meant.Add((file, pointer, key));

    /// <summary>Whether a key that is not there is there misspelt, and told.</summary>
    public bool IsMeant(string file, string pointer, string key) => meant.Contains((file, pointer, key));

    public bool HasErrorsIn(string file) => list.Exists(d => d.Severity == Severity.Error && d.File == file);

    public IReadOnlyList<Diagnostic> InOrder(IReadOnlyList<string> files) =>
        [.. list.Distinct().OrderBy(OrderOf(files)).ThenBy(d => d.Severity == Severity.Error ? 0 : 1)];

    static System.Func<Diagnostic, int> OrderOf(IReadOnlyList<string> files)
    {
        var places = new Dictionary<string, int>();
        for (int i = 0; i < files.Count; i++) places.TryAdd(files[i], i);
        return d => places.GetValueOrDefault(d.File, -1);
    }
}
