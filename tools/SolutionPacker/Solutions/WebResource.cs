using System;

namespace CrmBehavior.SolutionPacker.Solutions;

/// <summary>A web resource with its bytes.</summary>
public sealed record WebResource
{
    /// <summary>Id, the same in every environment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name with prefix, which is also its path under <c>/WebResources/</c>.</summary>
    public required string Name { get; init; }

    /// <summary>English label.</summary>
    public string Label { get; init; } = "";

    /// <summary>1 HTML, 2 CSS, 3 script, 4 XML, 5 PNG, 6 JPG, 7 GIF, 10 icon, 11 SVG, 12 RESX.</summary>
    public required int Type { get; init; }

    /// <summary>Path in the zip, without leading slash.</summary>
    public required string FileName { get; init; }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }
}
