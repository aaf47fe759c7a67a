using System;

namespace CrmBehavior.Plugins.Wording;

/// <summary>What one element of a list is called.</summary>
static class ElementWord
{
    /// <summary>Lists of steps that need their own name told too, since a step may have two of them.</summary>
    internal static bool IsList(string key) => key is "steps" or "then" or "else";

    /// <summary><c>step</c> for <c>steps</c>, <c>then</c> and <c>else</c>; <c>grade</c> for <c>grades</c>; else the list's own name.</summary>
    internal static string For(string key)
    {
        if (IsList(key)) return "step";
        return key.EndsWith("s", StringComparison.Ordinal) && key.Length > 1 ? key.Substring(0, key.Length - 1) : key;
    }
}
