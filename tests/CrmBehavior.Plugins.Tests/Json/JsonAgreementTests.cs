using System;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Plugins.Json;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Json;

/// <summary>The plugin cannot use the reader that the service uses, so the two are held together over thousands of broken documents.</summary>
public sealed class JsonAgreementTests
{
    const string Valid = """
        {"kind":"journey","name":"welcome","trigger":{"event":"form_submitted","where":{"total":{"gte":-50.25e1}}},
         "steps":[{"id":"w","wait":"3d"},{"id":"m","sendEmail":{"template":"a\u00e9\"\\b"},"note":null},{"id":"x","on":[true,false,[],{},0.5]}]}
        """;

    static readonly JsonDocumentOptions Strict = new() { MaxDepth = JsonReader.MaxDepth, AllowDuplicateProperties = false };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Documents_with_random_faults_are_taken_or_refused_as_by_the_services_reader(int seed)
    {
        var random = new Random(seed);
        int taken = 0, refused = 0;
        for (int i = 0; i < 5_000; i++)
        {
            string json = Mutate(random);
            bool ours = Ours(json, out JsonNode? node, out string? fault);
            bool theirs = Theirs(json, out JsonElement element);

            ours.ShouldBe(theirs, $"seed {seed}, round {i}: {json} ({fault})");
            if (ours) Same(node!, element).ShouldBeTrue(json);
            if (ours) taken++; else refused++;
        }

        taken.ShouldBeGreaterThan(200);
        refused.ShouldBeGreaterThan(1_000);
    }

    static string Mutate(Random random)
    {
        const string Alphabet = "{}[]\",:\\ntrue0159.-+eE /\n\tu";
        char[] text = Valid.ToCharArray();
        for (int changes = random.Next(1, 3); changes > 0; changes--)
        {
            int at = random.Next(text.Length);
            text = random.Next(3) switch
            {
                0 => [.. text[..at], .. text[(at + 1)..]],
                1 => [.. text[..at], Alphabet[random.Next(Alphabet.Length)], .. text[at..]],
                _ => [.. text[..at], Alphabet[random.Next(Alphabet.Length)], .. text[(at + 1)..]],
            };
        }

        return new string(text);
    }

    static bool Ours(string json, out JsonNode? node, out string? fault)
    {
        try
        {
            node = JsonReader.Read(json);
            fault = null;
            return true;
        }
        catch (JsonSyntaxException refused)
        {
            node = null;
            fault = refused.Message;
            return false;
        }
    }

    // Beyond the syntax, a number must fit a double, and a text must be whole characters without NUL.
    static bool Theirs(string json, out JsonElement element)
    {
        element = default;
        try
        {
            element = JsonDocument.Parse(json, Strict).RootElement;
            return Usable(element);
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static bool Usable(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(member => !member.Name.Contains('\0') && Usable(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(Usable),
        JsonValueKind.String => !element.GetString()!.Contains('\0'),
        JsonValueKind.Number => double.IsFinite(element.GetDouble()),
        _ => true,
    };

    static bool Same(JsonNode node, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => node.Kind == JsonKind.Object
            && element.EnumerateObject().Select(member => member.Name).SequenceEqual(node.Members.Select(member => member.Key))
            && element.EnumerateObject().All(member => Same(node.Member(member.Name)!, member.Value)),
        JsonValueKind.Array => node.Kind == JsonKind.Array && node.Items.Count == element.GetArrayLength()
            && node.Items.Zip(element.EnumerateArray(), Same).All(same => same),
        JsonValueKind.String => node.Kind == JsonKind.Text && node.Text == element.GetString(),
        JsonValueKind.Number => node.Kind == JsonKind.Number && node.Text == element.GetRawText(),
        JsonValueKind.Null => node.Kind == JsonKind.Null,
        _ => node.Kind == JsonKind.Boolean && node.Text == element.GetRawText(),
    };
}
