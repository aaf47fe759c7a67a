using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>What names a row in an address: its id, or the columns of an alternate key.</summary>
internal sealed class KeyArguments
{
    KeyArguments(Guid? id, AlternateKey? key, RowValues values)
    {
        Id = id;
        Key = key;
        Values = values;
    }

    /// <summary>The row's id, when it is named by it.</summary>
    public Guid? Id { get; }

    /// <summary>The alternate key, when it is named by one.</summary>
    public AlternateKey? Key { get; }

    /// <summary>Values of the key's columns.</summary>
    public RowValues Values { get; }

    /// <summary>Reads what stands in parentheses behind a set.</summary>
    public static KeyArguments Parse(TableInfo table, string arguments)
    {
        string text = arguments.Trim();
        if (Guid.TryParse(text, out Guid id)) return new KeyArguments(id, null, []);
        var values = new RowValues();
        foreach ((string name, string literal) in Named(text))
        {
            if (name == table.PrimaryId && Guid.TryParse(literal, out Guid named)) return new KeyArguments(named, null, []);
            if (table.FindColumn(name) is not { } column) throw Failure.KeyNotDefined(table.LogicalName);
            object? value = ValueReader.FromText(column, Unquote(literal)) ?? throw Failure.KeyNotDefined(table.LogicalName);
            values[column.Name] = column.IsLookup && value is Guid target ? new Lookup(column.Targets.Count > 0 ? column.Targets[0] : "", target) : value;
        }
        AlternateKey key = table.Keys.FirstOrDefault(k => k.Columns.Count == values.Count && k.Columns.All(values.ContainsKey))
            ?? throw Failure.KeyNotDefined(table.LogicalName);
        return new KeyArguments(null, key, values);
    }

    /// <summary>The row that is named; null when there is none.</summary>
    public Row? Find(RowStore store, TableInfo table) =>
        Id is { } id ? store.Find(table.LogicalName, id) : store[table.LogicalName].FindByKey(Key!, c => Values.Value(c));

    /// <summary>The row that is named, or 404.</summary>
    public Row Get(RowStore store, TableInfo table) =>
        Find(store, table) ?? throw (Id is { } id ? Failure.NotFound(table.LogicalName, id) : Failure.NotFoundByKey(table.LogicalName));

    /// <summary><c>a=1,b='x'</c> as names and literals.</summary>
    public static IEnumerable<(string Name, string Literal)> Named(string arguments)
    {
        foreach (string part in ResourcePath.Split(arguments, ','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                if (part.Trim().Length == 0) continue;
                throw Failure.BadRequest($"Bad Request - Error in query syntax. ('{part}' should be name=value)");
            }
            yield return (part[..equals].Trim(), part[(equals + 1)..].Trim());
        }
    }

    /// <summary>A literal without its quotes, doubled ones made single.</summary>
    public static string Unquote(string literal) => literal.Length >= 2 && literal[0] == '\'' && literal[^1] == '\''
        ? literal[1..^1].Replace("''", "'", StringComparison.Ordinal)
        : literal.StartsWith("Microsoft.Dynamics.CRM.", StringComparison.Ordinal) && literal.IndexOf('\'', StringComparison.Ordinal) is > 0 and var at
            ? literal[(at + 1)..].TrimEnd('\'')
        : literal;

    /// <summary>The arguments of a function call; <c>@p</c> is taken from the query options.</summary>
    public static Dictionary<string, string> OfFunction(string? arguments, IReadOnlyDictionary<string, string> query) =>
        Named(arguments ?? "")
            .ToDictionary(a => a.Name, a => Unquote(a.Literal.StartsWith('@') && query.TryGetValue(a.Literal, out string? value) ? value : a.Literal),
                StringComparer.Ordinal);
}
