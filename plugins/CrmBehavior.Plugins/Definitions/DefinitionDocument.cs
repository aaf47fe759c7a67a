using System.Globalization;
using System.Linq;
using CrmBehavior.Plugins.Json;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>The JSON of a definition as far as the CRM looks into it: its kind and its name. The service judges the rest.</summary>
sealed class DefinitionDocument
{
    const int NameLength = 200;
    static readonly string[] Kinds = ["signal", "score", "segment", "prediction", "policy", "template", "journey"];

    DefinitionDocument(string kind, string name)
    {
        Kind = kind;
        Name = name;
    }

    internal string Kind { get; }

    internal string Name { get; }

    /// <summary>Reads and checks.</summary>
    /// <exception cref="InvalidPluginExecutionException">The text is no definition; the message names the place and what to write there.</exception>
    internal static DefinitionDocument Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            throw new InvalidPluginExecutionException(
                "crmb_json is empty; write the definition, for example {\"kind\":\"segment\",\"name\":\"vip\",\"when\":{…}}.");
        }

        JsonNode root = Parse(json!);
        if (root.Kind != JsonKind.Object) throw Fault(root, "", "a definition is an object; write it in { and }.");
        JsonNode kind = Text(root, "kind", "one of " + string.Join(", ", Kinds));
        if (!Kinds.Contains(kind.Text)) throw Fault(kind, "/kind", "\"" + kind.Text + "\" is no kind; write one of " + string.Join(", ", Kinds) + ".");
        JsonNode name = Text(root, "name", "a name such as \"cart-abandoned\"");
        if (!IsKebab(name.Text))
        {
            throw Fault(
                name,
                "/name",
                "\"" + name.Text + "\" is no name; write lower-case letters and digits in words joined by single hyphens, such as \"cart-abandoned\".");
        }

        if (name.Text.Length > NameLength)
            throw Fault(name, "/name", "the name is longer than " + NameLength.ToString(CultureInfo.InvariantCulture) + " characters; shorten it.");
        return new DefinitionDocument(kind.Text, name.Text);
    }

    /// <summary>Writes name and kind into a row.</summary>
    internal void Fill(Entity row)
    {
        row[DefinitionColumns.Name] = Name;
        row[DefinitionColumns.Kind] = Kind;
    }

    static JsonNode Parse(string json)
    {
        try
        {
            return JsonReader.Read(json);
        }
        catch (JsonSyntaxException fault)
        {
            throw new InvalidPluginExecutionException("crmb_json, " + fault.Message, fault);
        }
    }

    static JsonNode Text(JsonNode root, string member, string example)
    {
        JsonNode? value = root.Member(member);
        if (value == null) throw Fault(root, "", "\"" + member + "\" is missing; write " + example + ".");
        if (value.Kind != JsonKind.Text) throw Fault(value, "/" + member, "\"" + member + "\" must be a text in double quotes; write " + example + ".");
        return value;
    }

    static bool IsKebab(string name) =>
        name.Split('-').All(word => word.Length > 0 && word.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9')));

    static InvalidPluginExecutionException Fault(JsonNode place, string pointer, string fault) =>
        new InvalidPluginExecutionException("crmb_json, " + new JsonSyntaxException(place.Line, place.Column, pointer, fault).Message);
}
