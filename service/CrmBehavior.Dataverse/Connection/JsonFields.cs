using System.Text.Json;

namespace CrmBehavior.Dataverse.Connection;

/// <summary>Fields of the CRM's rows, which may be left out, null, or of another type than expected.</summary>
static class JsonFields
{
    /// <summary>A text, or null.</summary>
    public static string? Text(this JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>A whole number, or null.</summary>
    public static int? Number(this JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out int number)
            ? number
            : null;
}
