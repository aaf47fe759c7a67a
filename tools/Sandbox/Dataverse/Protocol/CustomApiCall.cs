using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Plugins;
using CrmBehavior.Sandbox.Dataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Calls a custom API over HTTP: parameters from the body (actions) or the address (functions), the answer as JSON.</summary>
internal sealed class CustomApiCall(Organization organization)
{
    enum ParameterType
    {
        Boolean, DateTime, Decimal, Entity, EntityCollection, EntityReference, Float, Integer, Money, Picklist, String, StringArray, Guid,
    }

    public WebApiResponse Run(WebApiRequest request, string name, TableInfo? table, Guid id, string? arguments)
    {
        CallContext call = request.Call;
        Row? api = Read(call, () => organization.Apis.Find(name));
        int binding = id != Guid.Empty ? 1 : table is not null ? 2 : 0;
        if (api is null || api.Int("bindingtype") != binding || table is not null && api.Text("boundentitylogicalname") != table.LogicalName)
            throw Failure.NoSuchSet(name);
        bool function = api["isfunction"] is true;
        if (function != request.IsGet) throw WebApi.NotAllowed(request);
        IReadOnlyList<Row> declared = Read(call, () => organization.Apis.Parameters(api, request: true));
        List<KeyValuePair<string, object>> parameters = function ? FromAddress(declared, KeyArguments.OfFunction(arguments, request.Query))
            : FromBody(declared, request.JsonOrEmpty(), name);
        IReadOnlyList<KeyValuePair<string, object>> answers = organization.Apis.Run(call, name, table, id, parameters);
        IReadOnlyList<Row> promised = Read(call, () => organization.Apis.Parameters(api, request: false));
        if (promised.Count == 0) return WebApiResponse.NoContent();
        return WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}$metadata#Microsoft.Dynamics.CRM.{name}Response");
            foreach (Row property in promised)
            {
                string key = property.Text("uniquename")!;
                json.WritePropertyName(key);
                Write(json, answers.Where(a => a.Key == key).Select(a => a.Value).FirstOrDefault());
            }
            json.WriteEndObject();
        });
    }

    static List<KeyValuePair<string, object>> FromBody(IReadOnlyList<Row> declared, JsonElement body, string name)
    {
        var parameters = new List<KeyValuePair<string, object>>();
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (member.Name.Contains('@', StringComparison.Ordinal)) continue;
            Row parameter = declared.FirstOrDefault(d => d.Text("uniquename") == member.Name)
                ?? throw Failure.BadPayload($"The parameter '{member.Name}' in the request payload is not a valid parameter for the operation '{name}'.");
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            parameters.Add(new(member.Name, Value((ParameterType)(parameter.Int("type") ?? 10), member.Value)
                ?? throw Failure.BadPayload($"The value of the parameter '{member.Name}' is not of the declared type.")));
        }
        return parameters;
    }

    static List<KeyValuePair<string, object>> FromAddress(IReadOnlyList<Row> declared, Dictionary<string, string> arguments) =>
        [.. arguments.Select(
            a => new KeyValuePair<string,
                object>(a.Key, FromText((ParameterType)(declared.FirstOrDefault(d => d.Text("uniquename") == a.Key)?.Int("type") ?? 10), a.Value)))];

    static object? Value(ParameterType type, JsonElement json) => type switch
    {
        ParameterType.Boolean => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : null,
        ParameterType.DateTime =>
            json.ValueKind == JsonValueKind.String && Clock.Instants.TryInstant(json.GetString()!, out DateTimeOffset time) ? time.UtcDateTime : null,
        ParameterType.Decimal => json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out decimal number) ? number : null,
        ParameterType.Money => json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out decimal amount) ? new Money(amount) : null,
        ParameterType.Float => json.ValueKind == JsonValueKind.Number ? json.GetDouble() : null,
        ParameterType.Integer => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int whole) ? whole : null,
        ParameterType.Picklist => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int choice) ? new OptionSetValue(choice) : null,
        ParameterType.Guid => json.ValueKind == JsonValueKind.String && json.TryGetGuid(out Guid id) ? id : null,
        ParameterType.StringArray =>
            json.ValueKind == JsonValueKind.Array && json.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
                ? json.EnumerateArray().Select(e => e.GetString()!).ToArray() : null,
        _ => json.ValueKind == JsonValueKind.String ? json.GetString() : null,
    };

    static object FromText(ParameterType type, string text) => type switch
    {
        ParameterType.Boolean => text == "true",
        ParameterType.Integer when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) => whole,
        ParameterType.Decimal when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) => number,
        ParameterType.Float when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) => real,
        ParameterType.Guid when Guid.TryParse(text, out Guid id) => id,
        ParameterType.DateTime when Clock.Instants.TryInstant(text, out DateTimeOffset time) => time.UtcDateTime,
        _ => text,
    };

    static void Write(Utf8JsonWriter json, object? value)
    {
        switch (EntityMapping.Plain(value))
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case DateTime time: json.WriteStringValue(Values.ValueWriter.TimeText(null, time)); break;
            case Guid id: json.WriteStringValue(id); break;
            case Lookup lookup: json.WriteStringValue(lookup.Id); break;
            case IEnumerable<string> texts:
                json.WriteStartArray();
                foreach (string text in texts) json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            case var other: json.WriteStringValue(Convert.ToString(other, CultureInfo.InvariantCulture)); break;
        }
    }

    T Read<T>(CallContext call, Func<T> read) => call.Transaction is null ? organization.Store.Read(read) : read();
}
