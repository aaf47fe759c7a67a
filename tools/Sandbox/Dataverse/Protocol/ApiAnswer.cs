using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Plugins;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;
using CrmBehavior.SolutionPacker.Schema;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Writes what a custom API put out, in the order its properties are declared; one that the plugin left out is null.</summary>
internal static class ApiAnswer
{
    public static WebApiResponse Of(
        WebApiRequest request, OrgSchema schema, string operation, IReadOnlyList<Row> promised, IReadOnlyList<KeyValuePair<string, object>> answers) =>
        WebApiResponse.Write(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}$metadata#Microsoft.Dynamics.CRM.{operation}Response");
            foreach (Row property in promised)
            {
                string key = property.Text("uniquename")!;
                json.WritePropertyName(key);
                Write(json, schema, answers.Where(a => a.Key == key).Select(a => a.Value).FirstOrDefault());
            }
            json.WriteEndObject();
        });

    static void Write(Utf8JsonWriter json, OrgSchema schema, object? value)
    {
        switch (value)
        {
            case Entity entity:
                WriteEntity(json, schema, entity);
                return;
            case EntityCollection rows:
                json.WriteStartArray();
                foreach (Entity entity in rows.Entities) WriteEntity(json, schema, entity);
                json.WriteEndArray();
                return;
            case EntityReference reference:
                json.WriteStartObject();
                json.WriteString("@odata.type", "#Microsoft.Dynamics.CRM." + reference.LogicalName);
                json.WriteString(schema.Find(reference.LogicalName)?.PrimaryId ?? reference.LogicalName + "id", reference.Id);
                json.WriteEndObject();
                return;
            case IEnumerable<string> texts:
                json.WriteStartArray();
                foreach (string text in texts) json.WriteStringValue(text);
                json.WriteEndArray();
                return;
        }
        switch (EntityMapping.Plain(value))
        {
            case null: json.WriteNullValue(); break;
            case string or int or long or decimal or double or bool or Guid or DateTime or Lookup: ValueWriter.Write(json, null, EntityMapping.Plain(value)); break;
            case var other: json.WriteStringValue(Convert.ToString(other, CultureInfo.InvariantCulture)); break;
        }
    }

    static void WriteEntity(Utf8JsonWriter json, OrgSchema schema, Entity entity)
    {
        TableInfo? table = schema.Find(entity.LogicalName ?? "");
        json.WriteStartObject();
        json.WriteString("@odata.type", "#Microsoft.Dynamics.CRM." + (table?.LogicalName ?? "expando"));
        if (table is not null && entity.Id != Guid.Empty) json.WriteString(table.PrimaryId, entity.Id);
        foreach ((string name, object? value) in entity.Attributes)
        {
            if (table is not null && name == table.PrimaryId) continue;
            Column? column = table?.Columns.GetValueOrDefault(name);
            json.WritePropertyName(column is null ? name : TableInfo.WireName(column));
            if (column is not null && value is not EntityCollection) ValueWriter.Write(json, column, EntityMapping.Plain(value));
            else Write(json, schema, value);
        }
        json.WriteEndObject();
    }
}
