using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Engine.Rules;

/// <summary>Which events: a name and a filter.</summary>
/// <param name="Name">Name of the event, matched exactly.</param>
/// <param name="Where">Tests by path; all must pass.</param>
public sealed record EventPattern(string Name, IReadOnlyList<PathTest> Where);

/// <summary>Tests of what an event has at a path.</summary>
/// <param name="Path">The path.</param>
/// <param name="Test">The tests.</param>
public sealed record PathTest(EventPath Path, ValueTest Test);

/// <summary>
/// A path into an event. It starts in <c>properties</c>, unless its first part is <c>properties</c>, <c>context</c> or <c>source</c>.
/// </summary>
public sealed class EventPath : IEquatable<EventPath>
{
    /// <summary>A path as it is written: <c>amount</c>, <c>properties.amount</c>, <c>context.page.path</c>.</summary>
    /// <param name="text">The path.</param>
    public EventPath(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('.');
        Parts = parts[0] is "properties" or "context" or "source" ? parts : ["properties", .. parts];
        Text = string.Join('.', Parts);
    }

    /// <summary>The parts from the root of the event.</summary>
    public IReadOnlyList<string> Parts { get; }

    /// <summary>The path from the root: <c>properties.amount</c>.</summary>
    public string Text { get; }

    /// <summary>The path as people write it, without a leading <c>properties.</c></summary>
    public string Short => Parts[0] == "properties" && Parts.Count > 1 ? string.Join('.', Parts.Skip(1)) : Text;

    /// <inheritdoc/>
    public bool Equals(EventPath? other) => other != null && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EventPath);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
