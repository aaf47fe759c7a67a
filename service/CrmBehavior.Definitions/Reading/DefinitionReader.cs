using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using CrmBehavior.Engine.Definitions;

namespace CrmBehavior.Definitions.Reading;

/// <summary>Reads one definition from its JSON text.</summary>
internal static partial class DefinitionReader
{
    static readonly string[] Kinds = ["signal", "score", "segment", "prediction", "policy", "template", "journey"];

    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 128 };

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex KebabCase();

    /// <summary>The definition, or null where it cannot be read; problems are told.</summary>
    public static Definition? Read(DefinitionSource source, Diagnostics problems)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(source.Json.TrimStart('\uFEFF'), Strict);
        }
        catch (JsonException e)
        {
            problems.Error(source.File, "", JsonFault.Of(source.Json, e));
            return null;
        }
        using (document)
        {
            var place = new Place(document.RootElement.Clone(), source.File, "", problems);
            if (!place.IsObject)
            {
                place.Error(place.Element.ValueKind == JsonValueKind.Array ? "a file holds one definition; put each of these into a file of its own" : "a definition is a JSON object with \"kind\" and \"name\"");
                return null;
            }
            Definition? definition = Read(place);
            return definition == null || problems.HasErrorsIn(source.File) ? null : definition with { Version = source.Version };
        }
    }

    static Definition? Read(Place place)
    {
        string? name = place.Text("name", "the name, as in \"cart-recovery\"");
        if (name != null && (!KebabCase().IsMatch(name) || name.Length > 100))
        {
            place.At("name").Error($"\"{name}\" is no name: write small letters, digits and single hyphens, at most 100, as in \"cart-recovery\"");
        }
        if (!place.Has("kind"))
        {
            place.Error($"\"kind\" is missing: one of {string.Join(", ", Kinds.Select(k => $"\"{k}\""))}");
            return null;
        }
        string? kind = place.Word("kind", "\"kind\"", Kinds);
        name ??= "";
        return kind switch
        {
            "signal" => KindReaders.Signal(place, name),
            "segment" => KindReaders.Segment(place, name),
            "score" => KindReaders.Score(place, name),
            "prediction" => KindReaders.Prediction(place, name),
            "template" => KindReaders.Template(place, name),
            "policy" => PolicyReader.Read(place, name),
            "journey" => JourneyReader.Read(place, name),
            _ => null,
        };
    }
}
