using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>
/// Reads what a caller hands to a custom API, as its parameters are declared: from a body for actions, from the address for functions.
/// Rows come as <c>{"@odata.type":"Microsoft.Dynamics.CRM.contact","contactid":"…",…}</c>, references as the same with the id alone or as
/// <c>{"@odata.id":"contacts(…)"}</c>. Call where rows can be read.
/// </summary>
internal sealed class ApiArguments(Organization organization, References references, IReadOnlyList<Row> declared, string operation)
{
    RowStore Store => organization.Store;

    public List<KeyValuePair<string, object>> FromBody(JsonElement body)
    {
        var arguments = new List<KeyValuePair<string, object>>();
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (member.Name.Contains('@', StringComparison.Ordinal) || member.Value.ValueKind == JsonValueKind.Null) continue;
            arguments.Add(new(member.Name, Value(Declared(member.Name), member.Value) ?? throw BadValue(member.Name)));
        }
        return arguments;
    }

    public List<KeyValuePair<string, object>> FromAddress(Dictionary<string, string> texts) =>
        [.. texts.Where(t => t.Value != "null").Select(t => new KeyValuePair<string, object>(t.Key, FromText(Declared(t.Key), t.Value) ?? throw BadValue(t.Key)))];

    Row Declared(string name) => declared.FirstOrDefault(d => d.Text("uniquename") == name)
        ?? throw Failure.BadPayload($"The parameter '{name}' in the request payload is not a valid parameter for the operation '{operation}'.");

    DataverseException BadValue(string name) =>
        Failure.BadPayload($"The value of the parameter '{name}' of the operation '{operation}' is not of the declared type {TypeOf(Declared(name))}.");

    static ApiParameterType TypeOf(Row parameter) => (ApiParameterType)(parameter.Int("type") ?? (int)ApiParameterType.String);

    object? Value(Row parameter, JsonElement json) => TypeOf(parameter) switch
    {
        ApiParameterType.Boolean => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : null,
        ApiParameterType.DateTime =>
            json.ValueKind == JsonValueKind.String && Clock.Instants.TryInstant(json.GetString()!, out DateTimeOffset time) ? time.UtcDateTime : null,
        ApiParameterType.Decimal => json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out decimal number) ? number : null,
        ApiParameterType.Money => json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out decimal amount) ? new Money(amount) : null,
        ApiParameterType.Float => json.ValueKind == JsonValueKind.Number ? json.GetDouble() : null,
        ApiParameterType.Integer => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int whole) ? whole : null,
        ApiParameterType.Picklist => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int choice) ? new OptionSetValue(choice) : null,
        ApiParameterType.Guid => json.ValueKind == JsonValueKind.String && json.TryGetGuid(out Guid id) ? id : null,
        ApiParameterType.StringArray =>
            json.ValueKind == JsonValueKind.Array && json.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
                ? json.EnumerateArray().Select(e => e.GetString()!).ToArray() : null,
        ApiParameterType.Entity => json.ValueKind == JsonValueKind.Object ? Entity(parameter, json) : null,
        ApiParameterType.EntityCollection => json.ValueKind == JsonValueKind.Array ? Collection(parameter, json) : null,
        ApiParameterType.EntityReference => json.ValueKind == JsonValueKind.Object ? Reference(parameter, json) : null,
        _ => json.ValueKind == JsonValueKind.String ? json.GetString() : null,
    };

    object? FromText(Row parameter, string text)
    {
        switch (TypeOf(parameter))
        {
            case ApiParameterType.String: return text;
            case ApiParameterType.Guid: return Guid.TryParse(text, out Guid id) ? id : null;
            case ApiParameterType.Boolean: return text switch { "true" => true, "false" => false, _ => null };
            case ApiParameterType.DateTime: return Clock.Instants.TryInstant(text, out DateTimeOffset time) ? time.UtcDateTime : null;
            case ApiParameterType.Integer:
                return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) ? whole : null;
            default:
                // Numbers and the complex ones are JSON, in which addresses write single quotes.
                try
                {
                    using JsonDocument json = JsonDocument.Parse(text.Contains('"', StringComparison.Ordinal) ? text : text.Replace('\'', '"'));
                    return Value(parameter, json.RootElement.Clone());
                }
                catch (JsonException)
                {
                    return null;
                }
        }
    }

    EntityCollection Collection(Row parameter, JsonElement list)
    {
        List<Entity> rows = [.. list.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Object ? Entity(parameter, e)
            : throw BadValue(parameter.Text("uniquename")!))];
        return new EntityCollection(rows) { EntityName = rows.Count > 0 ? rows[0].LogicalName : parameter.Text("logicalentityname") };
    }

    Entity Entity(Row parameter, JsonElement json)
    {
        if (TableOf(parameter, json) is not { } table) return Expando(json);
        Payload payload = Payload.Read(Store.Schema, table, json);
        RowValues values = payload.Resolve(references);
        Entity entity = organization.Entities.FromValues(table, payload.Id ?? Guid.Empty, values);
        return entity;
    }

    // An entity without a table, as untyped parameters carry it: whatever members there are.
    static Entity Expando(JsonElement json)
    {
        var entity = new Entity("expando");
        foreach (JsonProperty member in json.EnumerateObject())
            if (!member.Name.Contains('@', StringComparison.Ordinal))
                entity[member.Name] = member.Value.ValueKind switch
                {
                    JsonValueKind.String => member.Value.GetString(),
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    JsonValueKind.Number => member.Value.TryGetInt32(out int whole) ? whole : member.Value.GetDecimal(),
                    _ => null,
                };
        return entity;
    }

    EntityReference? Reference(Row parameter, JsonElement json)
    {
        if (json.TryGetProperty("@odata.id", out JsonElement address) && address.ValueKind == JsonValueKind.String)
        {
            Lookup found = references.Find(address.GetString()!);
            return new EntityReference(found.Table, found.Id);
        }
        return TableOf(parameter, json) is { } table && json.TryGetProperty(table.PrimaryId, out JsonElement id) && id.ValueKind == JsonValueKind.String
            && id.TryGetGuid(out Guid value) ? new EntityReference(table.LogicalName, value) : null;
    }

    TableInfo? TableOf(Row parameter, JsonElement json)
    {
        string? name = json.TryGetProperty("@odata.type", out JsonElement type) && type.ValueKind == JsonValueKind.String
            ? type.GetString()!.Replace("#", "", StringComparison.Ordinal).Replace("Microsoft.Dynamics.CRM.", "", StringComparison.Ordinal)
            : parameter.Text("logicalentityname");
        if (name is null or "expando" or "crmbaseentity") return null;
        return Store.Schema.Find(name) ?? throw Failure.BadPayload($"There is no table '{name}', which the parameter '{parameter.Text("uniquename")}' names.");
    }
}
