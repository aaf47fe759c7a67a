using System;
using System.Globalization;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.Templates.Syntax;

/// <summary>A place in a text, for people: line and column from 1.</summary>
readonly record struct SourcePlace(int Line, int Column)
{
    public static SourcePlace Of(string text, int index)
    {
        ReadOnlySpan<char> before = text.AsSpan(0, Math.Min(index, text.Length));
        int line = before.Count('\n') + 1;
        return new SourcePlace(line, before.Length - before.LastIndexOf('\n'));
    }

    public TemplateException Problem(string what) => new($"{this}: {what}");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {Column}");
}
