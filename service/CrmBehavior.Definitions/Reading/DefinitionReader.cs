using System;
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
            problems.Error(source.File, TextFault.KeyTwice(source.Json), JsonFault.Of(source.Json, e));
            return null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            problems.Error(source.File, TextFault.Unreadable(source.Json), TextFault.HalfACharacter);
            return null;
        }
        using (document)
        {
            if (TextFault.Unreadable(document.RootElement, "") is { } broken)
            {
                problems.Error(source.File, broken, TextFault.HalfACharacter);
                return null;
            }
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
        const string what = "the name, as in \"cart-recovery\"";
        string? name = place.Text("name", what, required: false);
        if (name != null && (!KebabCase().IsMatch(name) || name.Length > 100))
        {
            place.At("name").Error($"\"{name}\" is no name: write small letters, digits and single hyphens, at most 100, as in \"cart-recovery\"");
        }
        if (!place.Has("kind"))
        {
            place.Error($"\"kind\" is missing: one of {string.Join(", ", Kinds.Select(k => $"\"{k}\""))}");
            if (!place.Has("name")) place.Missing("name", what);
            return null;
        }
        string? kind = place.Word("kind", "\"kind\"", Kinds);
        name ??= "";
        Definition? definition = kind switch
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
        // After the keys that nobody knows: it may stand there misspelt.
        if (!place.Has("name")) place.Missing("name", what);
        return definition;
    }
}
