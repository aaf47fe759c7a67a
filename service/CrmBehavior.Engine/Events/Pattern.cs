using System.Collections.Generic;
using CrmBehavior.Engine.Rules;

namespace CrmBehavior.Engine.Events;

/// <summary>A compiled event pattern: tests of slots of the shape that it belongs to.</summary>
internal sealed class Pattern(int id, EventShape shape, string key, (int Slot, ValueTest Test)[] tests)
{
    /// <summary>Its place in the plan.</summary>
    public int Id { get; } = id;

    public EventShape Shape { get; } = shape;

    /// <summary>Text that is equal for equal patterns, in every plan.</summary>
    public string Key { get; } = key;

    public IReadOnlyList<(int Slot, ValueTest Test)> Tests => tests;

    public bool Passes(EventFrame frame)
    {
        foreach ((int slot, ValueTest test) in tests)
        {
            if (!test.Passes(frame.Slots[slot])) return false;
        }
        return true;
    }
}
