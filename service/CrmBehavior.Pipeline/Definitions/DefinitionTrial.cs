using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Definitions;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Pipeline.Definitions;

/// <summary>A problem of a definition on trial.</summary>
/// <param name="Pointer">Where: a JSON pointer; empty for the whole.</param>
/// <param name="Message">What is wrong, and what to write instead.</param>
public sealed record TrialProblem(string Pointer, string Message);

/// <summary>A definition held against those in force, without changing anything.</summary>
/// <param name="Definition">The definition; null where it cannot be read.</param>
/// <param name="Others">The definitions in force beside it.</param>
/// <param name="Errors">What keeps it from being published.</param>
/// <param name="Warnings">Legal, but there is a better form.</param>
/// <param name="Words">What it does, in plain English; empty where it cannot be read.</param>
public sealed record DefinitionTrial(Definition? Definition, IReadOnlyList<Definition> Others, IReadOnlyList<TrialProblem> Errors, IReadOnlyList<TrialProblem> Warnings, string Words)
{
    const string File = "this definition";

    /// <summary>Whether it can be published.</summary>
    public bool IsValid => Errors.Count == 0 && Definition != null;

    /// <summary>Tries a definition.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="active">The definitions in force; that of the same kind and name is replaced by it.</param>
    /// <param name="others">Whether names are looked up among those in force; without it, only the definition itself is checked.</param>
    /// <returns>The trial.</returns>
    public static DefinitionTrial Of(string json, ActivePlan active, bool others = true)
    {
        ArgumentNullException.ThrowIfNull(active);
        var source = new DefinitionSource(File, json);
        DefinitionSet alone = DefinitionSet.Read([source]);
        Definition? read = alone.Definitions.Count > 0 ? alone.Definitions[0] : null;
        IEnumerable<DefinitionSource> beside = active.Published.Where(p => p.IsCurrent && !(p.Kind == read?.Kind && p.Name == read.Name)).Select(p => new DefinitionSource($"{p.Kind} {p.Name}", p.Json, p.Version));
        DefinitionSet set = others ? DefinitionSet.Read([source, .. beside]) : alone;
        Definition? definition = set.Definitions.FirstOrDefault(d => set.Sources[d].File == File);
        // Alone, every name is unknown and nothing is used; only what is wrong in the text itself then counts.
        IEnumerable<Diagnostic> told = others ? set.Diagnostics.Where(d => d.File == File) : set.Unreadable;
        Diagnostic[] own = [.. told];
        return new DefinitionTrial(
            definition, [.. set.Definitions.Where(d => d != definition && !set.Errors.Any(e => e.File == set.Sources[d].File))],
            [.. own.Where(d => d.Severity == Severity.Error).Select(d => new TrialProblem(d.Pointer, d.Message))],
            [.. own.Where(d => d.Severity == Severity.Warning).Select(d => new TrialProblem(d.Pointer, d.Message))],
            definition == null ? "" : string.Join('\n', DefinitionWords.Of(definition)));
    }
}
