using System;

namespace CrmBehavior.SolutionPacker.Files;

/// <summary>A solution zip or source folder that cannot be read; the message names the file, the place and the mend.</summary>
public sealed class SolutionFormatException : Exception
{
    /// <summary>With the place put before the message, as compilers do.</summary>
    public SolutionFormatException(SourcePlace place, string message)
        : base($"{(place ?? throw new ArgumentNullException(nameof(place))).File}({place.Line},{place.Column}): {message}")
        => Place = place;

    /// <summary>The same with the error that is the cause.</summary>
    public SolutionFormatException(SourcePlace place, string message, Exception inner)
        : base($"{(place ?? throw new ArgumentNullException(nameof(place))).File}({place.Line},{place.Column}): {message}", inner)
        => Place = place;

    /// <summary>Where it is.</summary>
    public SourcePlace Place { get; }
}
