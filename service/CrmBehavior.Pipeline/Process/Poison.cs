using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace CrmBehavior.Pipeline.Process;

/// <summary>Tells what is wrong with one contact or event from what is wrong with the store or the program's surroundings.</summary>
internal static class Poison
{
    /// <summary>Whether something is wrong with what was read: it is set aside, for another attempt would end alike.</summary>
    public static bool Is(Exception e) =>
        e is InvalidOperationException or JsonException or ArgumentException or OverflowException or IndexOutOfRangeException or NullReferenceException or FormatException or KeyNotFoundException or InvalidDataException;
}
