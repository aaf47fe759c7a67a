using System;
using System.Globalization;

namespace CrmBehavior.Plugins.Json;

/// <summary>A text is no JSON; the message names the place and what to write there.</summary>
sealed class JsonSyntaxException : Exception
{
    internal JsonSyntaxException(int line, int column, string pointer, string fault)
        : base(string.Format(
            CultureInfo.InvariantCulture, "line {0}, column {1}{2}: {3}", line, column, pointer.Length == 0 ? "" : " (in " + pointer + ")", fault))
    {
        Line = line;
        Column = column;
        Pointer = pointer;
    }

    /// <summary>Line, from 1.</summary>
    internal int Line { get; }

    /// <summary>Column, from 1.</summary>
    internal int Column { get; }

    /// <summary>JSON pointer of the value in which the fault is; empty for the whole document.</summary>
    internal string Pointer { get; }
}
