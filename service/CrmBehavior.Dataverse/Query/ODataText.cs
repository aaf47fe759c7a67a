using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Dataverse.Query;

/// <summary>
/// The one place where values become part of an address. Conditions are made here of names known to the program and of values quoted
/// here; the whole is percent-encoded once, by <see cref="Address"/>.
/// </summary>
static class ODataText
{
    /// <summary>A text as a literal: in single quotes, its own doubled.</summary>
    public static string Text(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>An id as a literal.</summary>
    public static string Id(Guid value) => value.ToString("D");

    public static string Equal(string column, string value) => $"{Name(column)} eq {Text(value)}";

    public static string Equal(string column, Guid value) => $"{Name(column)} eq {Id(value)}";

    public static string Equal(string column, long value) => FormattableString.Invariant($"{Name(column)} eq {value}");

    public static string Greater(string column, long value) => FormattableString.Invariant($"{Name(column)} gt {value}");

    /// <summary>One of some ids, as the platform's own function asks it.</summary>
    public static string In(string column, IEnumerable<Guid> values) =>
        $"Microsoft.Dynamics.CRM.In(PropertyName={Text(Name(column))},PropertyValues=[{string.Join(',', values.Select(v => Text(Id(v))))}])";

    public static string Any(IEnumerable<string> conditions) => string.Join(" or ", conditions.Select(c => "(" + c + ")"));

    public static string All(params IEnumerable<string> conditions) => string.Join(" and ", conditions.Select(c => "(" + c + ")"));

    /// <summary>Address of a set with options, each percent-encoded.</summary>
    public static string Address(string set, params (string Option, string? Value)[] options)
    {
        string[] given = [.. options.Where(o => !string.IsNullOrEmpty(o.Value)).Select(o => $"${o.Option}={Uri.EscapeDataString(o.Value!)}")];
        return Path(set) + (given.Length == 0 ? "" : "?" + string.Join('&', given));
    }

    /// <summary>Address of a row.</summary>
    public static string Row(string set, Guid id) => $"{Name(set)}({Id(id)})";

    /// <summary>Whether a text can be the name of a set or a column.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    static string Name(string text) => IsName(text) ? text : throw new ArgumentException($"'{text}' is no name of a column or set.", nameof(text));

    // Sets may be followed by a cast or a navigation, written in this program.
    static string Path(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or '(' or ')' or '=' or '\'' or '-' or '$')
        ? text
        : throw new ArgumentException($"'{text}' is no address.", nameof(text));
}
