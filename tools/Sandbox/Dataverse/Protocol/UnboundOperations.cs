using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Import;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Functions and actions of the organisation itself.</summary>
internal sealed class UnboundOperations(Organization organization)
{
    const string ImportPrivilege = "prvImportCustomization";
    readonly CustomApiCall custom = new(organization);
    readonly MergeRows merge = new(organization.Store, organization.Rows);

    RowStore Store => organization.Store;

    public WebApiResponse Run(WebApiRequest request, PathSegment segment)
    {
        string name = segment.Qualified ?? segment.Name;
        switch (name)
        {
            case "WhoAmI": return WhoAmI(Get(request));
            case "RetrieveVersion": return Answer(Get(request), "RetrieveVersionResponse", json => json.WriteString("Version", Version));
            case "RetrieveCurrentOrganization": return CurrentOrganization(Get(request));
            case "RetrieveEnvironmentVariableValue": return EnvironmentVariable(Get(request), KeyArguments.OfFunction(segment.Arguments, request.Query));
            case "RetrieveEnvironmentVariableSecretValue": return Secret(Post(request));
            case "RetrieveTotalRecordCount": return TotalRecordCount(Get(request), KeyArguments.OfFunction(segment.Arguments, request.Query));
            case "ImportSolution": return Import(Post(request), isAsync: false);
            case "ImportSolutionAsync": return Import(Post(request), isAsync: true);
            case "PublishAllXml" or "PublishXml":
                Post(request);
                return WebApiResponse.NoContent();
            case "Merge":
                merge.Run(Post(request).Call, request.Json());
                return WebApiResponse.NoContent();
            default: return custom.Run(request, name, null, Guid.Empty, segment.Arguments);
        }
    }

    const string Version = "9.2.25091.00000";

    static WebApiResponse WhoAmI(WebApiRequest request) => Answer(request, "WhoAmIResponse", json =>
    {
        json.WriteString("BusinessUnitId", request.Call.Caller.BusinessUnitId);
        json.WriteString("UserId", request.Call.Caller.UserId);
        json.WriteString("OrganizationId", Organization.Id);
    });

    static WebApiResponse CurrentOrganization(WebApiRequest request) => Answer(request, "RetrieveCurrentOrganizationResponse", json =>
    {
        string root = request.ServiceRoot[..(request.ServiceRoot.IndexOf("/api/", StringComparison.Ordinal) + 1)];
        json.WriteStartObject("Detail");
        json.WriteString("OrganizationId", Organization.Id);
        json.WriteString("FriendlyName", Organization.Name);
        json.WriteString("OrganizationVersion", Version);
        json.WriteString("EnvironmentId", Organization.Id.ToString());
        json.WriteNull("DatacenterId");
        json.WriteString("Geo", "EUR");
        json.WriteString("TenantId", SeedIds.BusinessUnit.ToString());
        json.WriteString("UrlName", Organization.Name);
        json.WriteString("UniqueName", Organization.Name);
        json.WriteStartObject("Endpoints");
        json.WriteNumber("Count", 2);
        json.WriteBoolean("IsReadOnly", false);
        json.WriteStartArray("Keys");
        foreach (string key in (string[])["WebApplication", "OrganizationService"]) json.WriteStringValue(key);
        json.WriteEndArray();
        json.WriteStartArray("Values");
        json.WriteStringValue(root);
        json.WriteStringValue(root + "XRMServices/2011/Organization.svc");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("State", "Enabled");
        json.WriteEndObject();
    });

    WebApiResponse EnvironmentVariable(WebApiRequest request, Dictionary<string, string> arguments)
    {
        string name = arguments.GetValueOrDefault("DefinitionSchemaName") ?? throw Failure.InvalidArgument("DefinitionSchemaName is missing.");
        string? value = organization.Variables.Value(request.Call, name);
        return Answer(request, "RetrieveEnvironmentVariableValueResponse", json => json.WriteString("Value", value));
    }

    WebApiResponse Secret(WebApiRequest request)
    {
        string name = request.Json().TryGetProperty("EnvironmentVariableName", out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()! : throw Failure.InvalidArgument("EnvironmentVariableName is missing.");
        string secret = organization.Variables.Secret(request.Call, name);
        return Answer(
            request, "RetrieveEnvironmentVariableSecretValueResponse", json => json.WriteString("EnvironmentVariableSecretValue", secret));
    }

    WebApiResponse TotalRecordCount(WebApiRequest request, Dictionary<string, string> arguments)
    {
        string[] names;
        try
        {
            names = JsonSerializer.Deserialize<string[]>(arguments.GetValueOrDefault("EntityNames", "[]").Replace('\'', '"')) ?? [];
        }
        catch (JsonException)
        {
            throw Failure.InvalidArgument("EntityNames must be a list of table names, for example EntityNames=['contact'].");
        }
        int[] counts = Store.Read(
            () => names.Select(n =>
                Store.All(Store.Schema.Find(n)
                    ?? throw new DataverseException(
                        400, ErrorCodes.NoEntity, $"The entity with a name = '{n}' was not found in the MetadataCache.")).Count()).ToArray());
        return Answer(request, "RetrieveTotalRecordCountResponse", json =>
        {
            json.WriteStartObject("EntityRecordCountCollection");
            json.WriteNumber("Count", names.Length);
            json.WriteBoolean("IsReadOnly", false);
            json.WriteStartArray("Keys");
            foreach (string name in names) json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteStartArray("Values");
            foreach (int count in counts) json.WriteNumberValue(count);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    WebApiResponse Import(WebApiRequest request, bool isAsync)
    {
        Access.DemandNamed(request.Call.Caller, ImportPrivilege);
        if (request.Call.Transaction is not null) throw Failure.BadRequest("A solution cannot be imported inside a change set.");
        JsonElement body = request.Json();
        byte[] zip = body.TryGetProperty("CustomizationFile", out JsonElement file) && file.ValueKind == JsonValueKind.String
            && file.TryGetBytesFromBase64(out byte[]? bytes) ? bytes
            : throw Failure.InvalidArgument("CustomizationFile must be the solution zip in base64.");
        Guid job = body.TryGetProperty("ImportJobId", out JsonElement id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out Guid given) ? given
            : isAsync ? Guid.NewGuid() : throw Failure.InvalidArgument("ImportJobId must be a GUID of the caller's choice.");
        bool activates = body.TryGetProperty("PublishWorkflows", out JsonElement publish) && publish.ValueKind == JsonValueKind.True;
        organization.Importer.Import(zip, job, activates, Variables(body));
        if (!isAsync) return WebApiResponse.NoContent();
        return Answer(request, "ImportSolutionAsyncResponse", json =>
        {
            json.WriteString("AsyncOperationId", Guid.NewGuid());
            json.WriteString("ImportJobKey", job.ToString());
        });
    }

    // Component parameters carry values of environment variables as rows.
    static Dictionary<string, string> Variables(JsonElement body)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!body.TryGetProperty("ComponentParameters", out JsonElement list) || list.ValueKind != JsonValueKind.Array) return values;
        foreach (JsonElement item in list.EnumerateArray())
            if (item.TryGetProperty("schemaname", out JsonElement name) && item.TryGetProperty("value", out JsonElement value)
                && name.GetString() is { } schemaName) values[schemaName] = value.ToString();
        return values;
    }

    static WebApiResponse Answer(WebApiRequest request, string type, Action<Utf8JsonWriter> write) => WebApiResponse.Write(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("@odata.context", $"{request.ServiceRoot}$metadata#Microsoft.Dynamics.CRM.{type}");
        write(json);
        json.WriteEndObject();
    });

    static WebApiRequest Get(WebApiRequest request) => request.IsGet ? request : throw WebApi.NotAllowed(request);

    static WebApiRequest Post(WebApiRequest request) => request.Method == "POST" ? request : throw WebApi.NotAllowed(request);
}
