using CrmBehavior.Plugins.Json;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Questions;

/// <summary>What the service answered: an object with members of agreed types.</summary>
sealed class ServiceAnswer
{
    readonly JsonNode root;

    ServiceAnswer(string json, JsonNode root)
    {
        Json = json;
        this.root = root;
    }

    /// <summary>The whole answer as it came.</summary>
    internal string Json { get; }

    /// <summary>Reads it; null when it is no JSON object.</summary>
    internal static ServiceAnswer? TryRead(string json)
    {
        try
        {
            JsonNode root = JsonReader.Read(json);
            return root.Kind == JsonKind.Object ? new ServiceAnswer(json, root) : null;
        }
        catch (JsonSyntaxException)
        {
            return null;
        }
    }

    /// <summary>A text; null when it is not there.</summary>
    internal string? TextOrNull(string member) => root.Member(member) is { Kind: JsonKind.Text } text ? text.Text : null;

    /// <summary>A text that must be there.</summary>
    /// <exception cref="InvalidPluginExecutionException">It is not.</exception>
    internal string Text(string member) => TextOrNull(member) ?? throw Lacks(member);

    /// <summary>A flag that must be there.</summary>
    /// <exception cref="InvalidPluginExecutionException">It is not.</exception>
    internal bool Flag(string member) => root.Member(member) is { Kind: JsonKind.Boolean } flag ? flag.Text == "true" : throw Lacks(member);

    /// <summary>A value as JSON text; <c>null</c> when it is not there.</summary>
    internal string Raw(string member) => root.Member(member) is JsonNode value ? JsonWriter.Of(value) : "null";

    /// <summary>Elements of a list; none when it is not there.</summary>
    internal System.Collections.Generic.IReadOnlyList<JsonNode> Items(string member) => root.Member(member)?.Items ?? [];

    static InvalidPluginExecutionException Lacks(string member) => new InvalidPluginExecutionException(
        "The answer of the behaviour service has no \"" + member + "\". Ask your administrator to bring service and solution to the same version.");
}
