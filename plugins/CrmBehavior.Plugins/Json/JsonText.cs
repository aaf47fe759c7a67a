using System;
using System.Globalization;

namespace CrmBehavior.Plugins.Json;

/// <summary>The text being read, and how far.</summary>
sealed class JsonText
{
    readonly string text;
    readonly Func<string> pointer;
    readonly Func<bool> atRoot;
    int position;

    internal JsonText(string text, Func<string> pointer, Func<bool> atRoot)
    {
        this.text = text;
        this.pointer = pointer;
        this.atRoot = atRoot;
    }

    internal int Line { get; private set; } = 1;

    internal int Column { get; private set; } = 1;

    internal bool AtEnd => position >= text.Length;

    internal char Current => text[position];

    internal char Take()
    {
        char taken = text[position++];
        if (taken == '\n')
        {
            Line++;
            Column = 1;
        }
        else
        {
            Column++;
        }

        return taken;
    }

    internal bool TryTake(char expected)
    {
        if (AtEnd || Current != expected) return false;
        Take();
        return true;
    }

    internal bool TryTake(string word)
    {
        if (string.CompareOrdinal(text, position, word, 0, word.Length) != 0) return false;
        position += word.Length;
        Column += word.Length;
        return true;
    }

    /// <summary>Four hexadecimal digits as a number; false when they are not.</summary>
    internal bool TryTakeHex(out int code)
    {
        code = 0;
        if (position + 4 > text.Length || !int.TryParse(text.Substring(position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code))
            return false;
        position += 4;
        Column += 4;
        return true;
    }

    internal void SkipSpace()
    {
        while (!AtEnd && Current is ' ' or '\t' or '\r' or '\n') Take();
    }

    /// <summary>A byte order mark that an editor left at the beginning.</summary>
    internal void SkipMark()
    {
        if (!AtEnd && Current == '\uFEFF') position++;
    }

    /// <summary>The current character as a message shows it.</summary>
    internal string Shown() =>
        AtEnd ? "the end" : char.IsControl(Current) ? "U+" + ((int)Current).ToString("X4", CultureInfo.InvariantCulture) : Current.ToString();

    internal JsonSyntaxException Fault(string fault) => FaultAt(Line, Column, fault);

    internal JsonSyntaxException FaultAt(int line, int column, string fault) =>
        new JsonSyntaxException(line, column, atRoot() ? "" : pointer(), fault);
}
