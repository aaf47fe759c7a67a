using System;
using CrmBehavior.SolutionPacker.Files;

namespace CrmBehavior.SolutionPacker.Linting;

/// <summary>Something in a solution that Dataverse would refuse, lose or run wrongly.</summary>
/// <param name="Rule">Name of the rule, such as <c>unknown-column</c>.</param>
/// <param name="Place">File and place.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
public sealed record Finding(string Rule, SourcePlace Place, string Message)
{
    /// <summary>In the form that MSBuild and editors read: <c>file(line,column): error rule: place: message</c>.</summary>
    public override string ToString() => ToString(Place.File);

    /// <summary>The same with another path of the file.</summary>
    /// <param name="file">Path to print.</param>
    public string ToString(string file)
    {
        string at = Place.Line > 0 ? FormattableString.Invariant($"({Place.Line},{Place.Column})") : "";
        string path = Place.Path.Length > 0 ? Place.Path + ": " : "";
        return $"{file}{at}: error {Rule}: {path}{Message}";
    }
}
