using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CrmBehavior.Definitions.Checks;
using CrmBehavior.Definitions.Reading;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Definitions;

/// <summary>The text of one definition.</summary>
/// <param name="File">Where it is from: a path, or the name of a row.</param>
/// <param name="Json">Its JSON text.</param>
/// <param name="Version">Its published version, from 1; 0 where there are none.</param>
public sealed record DefinitionSource(string File, string Json, int Version = 0);

/// <summary>Definitions read together and held against each other.</summary>
public sealed class DefinitionSet
{
    DefinitionSet(IReadOnlyList<Definition> definitions, IReadOnlyDictionary<Definition, DefinitionSource> sources, IReadOnlyList<Diagnostic> diagnostics)
    {
        Definitions = definitions;
        Sources = sources;
        Diagnostics = diagnostics;
    }

    /// <summary>Those that could be read, in the order given.</summary>
    public IReadOnlyList<Definition> Definitions { get; }

    /// <summary>The text of each.</summary>
    public IReadOnlyDictionary<Definition, DefinitionSource> Sources { get; }

    /// <summary>All errors and warnings, by file.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Whether something cannot be published as it is.</summary>
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);

    /// <summary>The errors alone.</summary>
    public IEnumerable<Diagnostic> Errors => Diagnostics.Where(d => d.Severity == Severity.Error);

    /// <summary>The errors of files that could not be read as definitions at all; errors between definitions are left out.</summary>
    public IReadOnlyList<Diagnostic> Unreadable
    {
        get
        {
            HashSet<string> read = [.. Definitions.Select(d => Sources[d].File)];
            return [.. Errors.Where(e => !read.Contains(e.File))];
        }
    }

    /// <summary>Reads definitions and checks them, alone and together.</summary>
    /// <param name="sources">Their texts.</param>
    /// <returns>What could be read, and all that is wrong.</returns>
    public static DefinitionSet Read(IEnumerable<DefinitionSource> sources)
    {
        DefinitionSource[] all = [.. sources];
        var problems = new Diagnostics();
        var read = new List<Definition>();
        var from = new Dictionary<Definition, DefinitionSource>(ReferenceEqualityComparer.Instance);
        var unread = new List<UnreadDefinition>();
        foreach (DefinitionSource source in all)
        {
            if (DefinitionReader.Read(source, problems) is not { } definition)
            {
                if (UnreadDefinition.Of(source) is { } known) unread.Add(known);
                continue;
            }
            read.Add(definition);
            from.Add(definition, source);
        }
        SetCheck.Run(read, from, unread, problems);
        return new DefinitionSet(read, from, problems.InOrder([.. all.Select(s => s.File)]));
    }

    /// <summary>The definitions so ordered that each comes after those it names; of those that name each other, one is first.</summary>
    /// <returns>All definitions, each once.</returns>
    public IReadOnlyList<Definition> InOrderOfUse()
    {
        var ordered = new List<Definition>(Definitions.Count);
        var met = new HashSet<Definition>(ReferenceEqualityComparer.Instance);
        foreach (Definition definition in Definitions) Visit(definition);
        return ordered;

        void Visit(Definition definition)
        {
            if (!met.Add(definition)) return;
            foreach (Reference reference in ReferenceFinder.In(Sources[definition].Json))
            {
                if (Definitions.FirstOrDefault(d => d.Kind == reference.Kind && d.Name == reference.Name) is { } named) Visit(named);
            }
            ordered.Add(definition);
        }
    }

    /// <summary>Reads files, and the <c>*.json</c> files in folders.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <returns>What could be read, and all that is wrong.</returns>
    public static DefinitionSet ReadFiles(params IEnumerable<string> paths)
    {
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        var named = new HashSet<string>(StringComparer.Ordinal);
        var sources = new List<DefinitionSource>();
        var missing = new List<Diagnostic>();
        foreach (string path in paths)
        {
            string[] files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [path];
            foreach (string file in files)
            {
                // Somebody may name a folder and a file in it.
                if (!named.Add(Path.GetFullPath(file))) continue;
                try
                {
                    sources.Add(new DefinitionSource(file, File.ReadAllText(file, strict)));
                }
                catch (DecoderFallbackException e)
                {
                    missing.Add(new Diagnostic(Severity.Error, file, "", $"byte {e.Index + 1} and what follows it are no UTF-8; save the file as UTF-8"));
                }
                catch (IOException e)
                {
                    missing.Add(new Diagnostic(Severity.Error, file, "", $"the file cannot be read: {e.Message}"));
                }
                catch (UnauthorizedAccessException e)
                {
                    missing.Add(new Diagnostic(Severity.Error, file, "", $"the file cannot be read: {e.Message}"));
                }
            }
            if (files.Length == 0) missing.Add(new Diagnostic(Severity.Error, path, "", "the folder has no *.json file"));
        }
        DefinitionSet set = Read(sources);
        return missing.Count == 0 ? set : new DefinitionSet(set.Definitions, set.Sources, [.. missing, .. set.Diagnostics]);
    }
}
