using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Definitions.Reading;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Pipeline.Explain;

/// <summary>Finds the definition that somebody asks for: by its name, or by kind and name as <c>journey:welcome</c>.</summary>
public static class DefinitionName
{
    /// <summary>Where several kinds have the name, the first of these is meant.</summary>
    static readonly string[] Order = ["journey", "signal", "segment", "score", "policy", "template", "prediction"];

    /// <summary>The definition with a name.</summary>
    /// <param name="definitions">Those there are.</param>
    /// <param name="name">A name, or kind and name.</param>
    /// <returns>The definition, and the others of that name.</returns>
    /// <exception cref="ExplainException">There is none; the message names the nearest.</exception>
    public static (Definition Found, IReadOnlyList<Definition> Others) Find(IReadOnlyList<Definition> definitions, string name)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        ArgumentNullException.ThrowIfNull(name);
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string? kind = colon > 0 && Order.Contains(name[..colon]) ? name[..colon] : null;
        string own = kind == null ? name : name[(colon + 1)..];
        Definition[] found = [.. definitions.Where(d => d.Name == own && (kind == null || d.Kind == kind)).OrderBy(d => Array.IndexOf(Order, d.Kind))];
        if (found.Length > 0) return (found[0], found[1..]);
        throw new ExplainException($"there is no {kind ?? "definition"} named \"{own}\".{Nearest.Hint(own, definitions.Where(d => kind == null || d.Kind == kind).Select(d => d.Name))}");
    }
}
