using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.OData;
using CrmBehavior.Sandbox.Dataverse.Rows;
using Microsoft.OData.Edm.Csdl;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Metadata: <c>EntityDefinitions</c> with attributes, keys and relationships, <c>RelationshipDefinitions</c>,
/// <c>GlobalOptionSetDefinitions</c>, <c>$metadata</c>.</summary>
internal sealed class DefinitionResource(RowStore store)
{
    static readonly string[] Roots = ["EntityDefinitions", "RelationshipDefinitions", "GlobalOptionSetDefinitions"];

    public static bool Owns(string segment) => Roots.Contains(segment);

    public WebApiResponse Answer(WebApiRequest request)
    {
        if (!request.IsGet)
            throw new DataverseException(
                400, ErrorCodes.NotImplemented, "Tables and columns come with solutions here; changing metadata by the Web API is not supported.");
        OrgSchema schema = store.Schema;
        JsonNode? current = Root(schema, request.Path.Segments[0]);
        foreach (PathSegment segment in request.Path.Segments.Skip(1))
        {
            if (segment.Qualified is { } cast) current = Cast(current, cast);
            else if (segment.Name == "$count" && current is JsonArray counted)
                return Plain(counted.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
            else current = Step(current, segment);
        }
        return Write(request, current, $"{request.ServiceRoot}$metadata#{request.Path.Text}");
    }

    /// <summary>The CSDL.</summary>
    public WebApiResponse Metadata()
    {
        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
            CsdlWriter.TryWriteCsdl(store.Read(() => OrgModel.WithOperations(store)), writer, CsdlTarget.OData, out _);
        return new WebApiResponse { Status = 200, ContentType = "application/xml", Body = buffer.ToArray() };
    }

    /// <summary>The list of sets.</summary>
    public WebApiResponse ServiceDocument(WebApiRequest request) => WebApiResponse.Write(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("@odata.context", request.ServiceRoot + "$metadata");
        json.WriteStartArray("value");
        foreach (TableInfo table in store.Schema.Tables.OrderBy(t => t.SetName, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", table.SetName);
            json.WriteString("kind", "EntitySet");
            json.WriteString("url", table.SetName);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static JsonNode Root(OrgSchema schema, PathSegment segment)
    {
        Dictionary<string, string> key = segment.Arguments is null ? [] : Key(segment.Arguments);
        switch (segment.Name)
        {
            case "EntityDefinitions":
                if (segment.Arguments is null) return new JsonArray([.. schema.Tables.Select(t => DefinitionJson.Table(schema, t))]);
                TableInfo table = schema.Tables.FirstOrDefault(
                    t => t.LogicalName == key.GetValueOrDefault("LogicalName")
                        || DefinitionJson.IdOf("table", t.LogicalName).ToString() == key.GetValueOrDefault(""))
                    ?? throw new DataverseException(
                        404, ErrorCodes.ObjectDoesNotExist, $"Could not find an entity with the specified name or id: '{segment.Arguments}'.");
                return DefinitionJson.Table(schema, table);
            case "RelationshipDefinitions":
                JsonObject[] relationships =
                    [.. schema.OneToMany.Select(DefinitionJson.Relationship), .. schema.ManyToMany.Select(DefinitionJson.Relationship)];
                return segment.Arguments is null ? new JsonArray([.. relationships]) : Single(relationships, "SchemaName", key);
            default:
                JsonObject[] sets = [.. schema.OptionSets.Select(ColumnJson.Of)];
                return segment.Arguments is null ? new JsonArray([.. sets]) : Single(sets, "Name", key);
        }
    }

    static JsonNode Step(JsonNode? current, PathSegment segment)
    {
        if (current is not JsonObject owner || owner[segment.Name] is not { } inner) throw Failure.NoSuchSet(segment.Name);
        if (segment.Arguments is null || inner is not JsonArray list) return inner;
        return Single([.. list.OfType<JsonObject>()], segment.Name is "Attributes" or "Keys" ? "LogicalName" : "SchemaName", Key(segment.Arguments));
    }

    static JsonObject Single(IReadOnlyList<JsonObject> all, string name, Dictionary<string, string> key) =>
        all.FirstOrDefault(o => key.TryGetValue(name, out string? wanted) ? o[name]?.GetValue<string>() == wanted
            : o["MetadataId"]?.GetValue<string>() == key.GetValueOrDefault(""))
        ?? throw new DataverseException(
            404, ErrorCodes.ObjectDoesNotExist,
                $"Could not find a definition with the specified key: {string.Join(',', key.Select(k => k.Key + "=" + k.Value))}.");

    static Dictionary<string, string> Key(string arguments) => Guid.TryParse(arguments, out Guid id)
        ? new() { [""] = id.ToString() }
        : KeyArguments.Named(arguments).ToDictionary(a => a.Name, a => KeyArguments.Unquote(a.Literal), StringComparer.Ordinal);

    static JsonNode? Cast(JsonNode? current, string type)
    {
        bool Is(JsonNode? node) => node?["@odata.type"]?.GetValue<string>() == "#Microsoft.Dynamics.CRM." + type;
        if (current is JsonArray list) return new JsonArray([.. list.Where(Is).Select(n => n!.DeepClone())]);
        return Is(current) ? current : throw new DataverseException(404, ErrorCodes.ObjectDoesNotExist, $"The attribute is not a {type}.");
    }

    static WebApiResponse Write(WebApiRequest request, JsonNode? current, string context)
    {
        if (current is JsonArray list)
        {
            IEnumerable<JsonObject> rows = list.OfType<JsonObject>();
            if (request.Query.TryGetValue("$filter", out string? filter))
            {
                Func<JsonObject, bool> passes = DefinitionFilter.Parse(filter);
                rows = rows.Where(passes);
            }
            if (request.Query.TryGetValue("$top", out string? top)
                && int.TryParse(top, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int most)) rows = rows.Take(
                    most);
            var shown = new JsonArray([.. rows.ToList().Select(r => DefinitionShape.Apply(r, request.Query))]);
            return Json(new JsonObject { ["@odata.context"] = context, ["value"] = shown });
        }
        if (current is not JsonObject one) return Json(new JsonObject { ["@odata.context"] = context, ["value"] = current?.DeepClone() });
        JsonObject shaped = DefinitionShape.Apply(one, request.Query);
        shaped.Insert(0, "@odata.context", context);
        return Json(shaped);
    }

    static WebApiResponse Json(JsonObject json) => WebApiResponse.Write(200, writer => json.WriteTo(writer));

    static WebApiResponse Plain(string text) => new() { Status = 200, ContentType = "text/plain", Body = Encoding.UTF8.GetBytes(text) };
}
