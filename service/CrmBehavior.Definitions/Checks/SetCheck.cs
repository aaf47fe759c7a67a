using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Definitions.Checks;

/// <summary>Holds definitions against each other.</summary>
internal static class SetCheck
{
    public static void Run(IReadOnlyList<Definition> definitions, IReadOnlyDictionary<Definition, DefinitionSource> sources, IReadOnlyList<UnreadDefinition> unread, Diagnostics problems)
    {
        var context = new CheckContext(definitions, sources, unread, problems);
        foreach (IGrouping<(string Kind, string Name), Definition> twins in definitions.GroupBy(d => (d.Kind, d.Name)).Where(g => g.Count() > 1))
        {
            foreach (Definition twin in twins.Skip(1))
            {
                context.Error(twin, "/name", $"there is another {twins.Key.Kind} named \"{twins.Key.Name}\", in {context.FileOf(twins.First())}; names are unique per kind");
            }
        }
        NameCheck.Run(context);
        EventNameCheck.Run(context);
        CircleCheck.Run(context);
        FolliesCheck.Run(context);
        MessageCheck.Run(context);
    }
}

/// <summary>The definitions under check, and where their problems go.</summary>
internal sealed class CheckContext(IReadOnlyList<Definition> definitions, IReadOnlyDictionary<Definition, DefinitionSource> sources, IReadOnlyList<UnreadDefinition> unread, Diagnostics problems)
{
    readonly Dictionary<(string Kind, string Name), Definition> byName = definitions.GroupBy(d => (d.Kind, d.Name)).ToDictionary(g => g.Key, g => g.First());

    public IReadOnlyList<Definition> Definitions { get; } = definitions;

    public bool Has(string kind, string name) => byName.ContainsKey((kind, name));

    public Definition? Find(string kind, string name) => byName.GetValueOrDefault((kind, name));

    public IEnumerable<string> Names(string kind) => Definitions.Where(d => d.Kind == kind).Select(d => d.Name).Concat(Unread.Where(u => u.Kind == kind).Select(u => u.Name));

    /// <summary>Kinds that have a definition of a name.</summary>
    public IEnumerable<string> KindsOf(string name) => byName.Keys.Concat(Unread.Select(u => (u.Kind, u.Name))).Where(k => k.Name == name).Select(k => k.Kind).Distinct();

    /// <summary>Definitions that have a kind and a name, but are wrong somewhere else.</summary>
    public IReadOnlyList<UnreadDefinition> Unread { get; } = unread;

    /// <summary>Whether there is a definition that is meant, though it cannot be read: its own errors are enough.</summary>
    public bool IsUnread(string kind, string name) => Unread.Any(u => u.Kind == kind && u.Name == name);

    public string JsonOf(Definition definition) => sources[definition].Json;

    readonly Dictionary<Definition, IReadOnlyList<Reference>> references = new(ReferenceEqualityComparer.Instance);

    /// <summary>The names in a definition, with their places.</summary>
    public IReadOnlyList<Reference> ReferencesOf(Definition definition)
    {
        if (!references.TryGetValue(definition, out IReadOnlyList<Reference>? found)) references.Add(definition, found = [.. ReferenceFinder.In(sources[definition].Json)]);
        return found;
    }

    public string PointerOfStep(Definition journey, string id) => StepWalk.PointerOf(sources[journey].Json, id);

    public string FileOf(Definition definition) => sources[definition].File;

    public void Error(UnreadDefinition definition, string pointer, string message) => problems.Error(definition.Source.File, pointer, message);

    public bool IsWrong(Definition definition) => problems.HasErrorsIn(FileOf(definition));

    public void Error(Definition definition, string pointer, string message) => problems.Error(FileOf(definition), pointer, message);

    public void Warn(Definition definition, string pointer, string message) => problems.Warn(FileOf(definition), pointer, message);
}
