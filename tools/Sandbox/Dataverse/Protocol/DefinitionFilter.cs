using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrmBehavior.Sandbox.Dataverse.Errors;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>
/// <c>$filter</c> over definitions, which the platform limits much: <c>eq</c> and <c>ne</c> with <c>and</c>, <c>or</c>, <c>not</c> and
/// parentheses; enumeration values as <c>Microsoft.Dynamics.CRM.AttributeTypeCode'Picklist'</c>.
/// </summary>
internal sealed partial class DefinitionFilter
{
    readonly List<string> tokens = [];
    int at;

    DefinitionFilter(string filter)
    {
        foreach (Match match in Token().Matches(filter)) tokens.Add(match.Value);
    }

    public static Func<JsonObject, bool> Parse(string filter)
    {
        var parser = new DefinitionFilter(filter);
        Func<JsonObject, bool> test = parser.Or();
        return parser.at == parser.tokens.Count ? test : throw Failure.BadQuery($"Syntax error in the $filter near '{parser.tokens[parser.at]}'.");
    }

    Func<JsonObject, bool> Or()
    {
        Func<JsonObject, bool> left = And();
        while (Take("or"))
        {
            Func<JsonObject, bool> a = left, b = And();
            left = o => a(o) || b(o);
        }
        return left;
    }

    Func<JsonObject, bool> And()
    {
        Func<JsonObject, bool> left = Not();
        while (Take("and"))
        {
            Func<JsonObject, bool> a = left, b = Not();
            left = o => a(o) && b(o);
        }
        return left;
    }

    Func<JsonObject, bool> Not()
    {
        if (Take("not"))
        {
            Func<JsonObject, bool> inner = Not();
            return o => !inner(o);
        }
        if (!Take("(")) return Compare();
        Func<JsonObject, bool> grouped = Or();
        if (!Take(")")) throw Failure.BadQuery("A parenthesis is missing in the $filter.");
        return grouped;
    }

    Func<JsonObject, bool> Compare()
    {
        string name = Next(), test = Next(), literal = Next();
        if (test is not ("eq" or "ne")) throw Failure.BadQuery($"The operator '{test}' is not supported in a $filter over definitions.");
        string wanted = KeyArguments.Unquote(literal);
        return o => string.Equals(Text(Find(o, name)), wanted == "null" ? null : wanted, StringComparison.OrdinalIgnoreCase) == (test == "eq");
    }

    // IsCustomizable/Value
    static JsonNode? Find(JsonObject definition, string path)
    {
        JsonNode? node = definition;
        foreach (string part in path.Split('/')) node = (node as JsonObject)?[part];
        return node;
    }

    static string? Text(JsonNode? node) => node is not JsonValue value ? null : value.GetValueKind() switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.ToJsonString(),
        _ => value.ToString(),
    };

    bool Take(string token)
    {
        if (at >= tokens.Count || tokens[at] != token) return false;
        at++;
        return true;
    }

    string Next() => at < tokens.Count ? tokens[at++] : throw Failure.BadQuery("The $filter ends too early.");

    [GeneratedRegex("[A-Za-z0-9_./]*'(?:[^']|'')*'|[()]|[^\\s()]+")]
    private static partial Regex Token();
}
