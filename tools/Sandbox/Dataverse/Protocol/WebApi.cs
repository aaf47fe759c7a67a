using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Finds out what a request is about and has it answered; every failure becomes an answer in the platform's form.</summary>
internal sealed class WebApi
{
    readonly Organization organization;
    readonly SetResource sets;
    readonly RowResource rows;
    readonly NavigationResource navigations;
    readonly BoundOperations bound;
    readonly UnboundOperations unbound;
    readonly DefinitionResource definitions;

    public WebApi(Organization organization)
    {
        this.organization = organization;
        var payloads = new PayloadMessages(organization.Store, organization.Rows, organization.Links);
        sets = new SetResource(organization, payloads);
        rows = new RowResource(organization, payloads);
        navigations = new NavigationResource(organization, payloads);
        bound = new BoundOperations(organization, payloads);
        unbound = new UnboundOperations(organization);
        definitions = new DefinitionResource(organization.Store);
    }

    public WebApiResponse Handle(WebApiRequest request)
    {
        WebApiResponse response;
        try
        {
            response = Dispatch(request);
        }
        catch (DataverseException e)
        {
            response = WebApiResponse.Fail(e, request.Preferences);
        }
        response.Headers.TryAdd("OData-Version", "4.0");
        if (request.Preferences.Applied.Count > 0 && response.Status < 400)
            response.Headers.TryAdd("Preference-Applied", string.Join(',', request.Preferences.Applied));
        return response;
    }

    WebApiResponse Dispatch(WebApiRequest request)
    {
        IReadOnlyList<PathSegment> segments = request.Path.Segments;
        PathSegment first = segments[0];
        if (first.Name.Length == 0) return definitions.ServiceDocument(request);
        if (first.Name == "$metadata") return definitions.Metadata();
        if (DefinitionResource.Owns(first.Name)) return definitions.Answer(request);
        if (organization.Store.Schema.FindSet(first.Name) is not { } table)
            return segments.Count == 1 ? unbound.Run(request, first) : throw Failure.NoSuchSet(first.Name);
        if (segments.Count == 1) return first.Arguments is null ? sets.Answer(request, table) : rows.Answer(request, table, first.Arguments);
        PathSegment second = segments[1];
        if (first.Arguments is null)
        {
            if (second.Name == "$count" && request.IsGet) return sets.Count(request, table);
            if (second.Qualified is { } operation) return bound.OnSet(request, table, operation, second.Arguments);
            throw Failure.NoSuchSet(second.Name);
        }
        if (second.Qualified is { } name) return bound.OnRow(request, table, first.Arguments, name, second.Arguments);
        if (table.Navigations.TryGetValue(second.Name, out Navigation? navigation)) return navigations.Answer(request, table, first.Arguments, navigation);
        if (table.FindColumn(second.Name) is { } column) return rows.Property(request, table, first.Arguments, column);
        throw Failure.NoSuchSet(second.Name);
    }

    /// <summary>405 for a method the resource does not have.</summary>
    public static DataverseException NotAllowed(WebApiRequest request) =>
        new(405, ErrorCodes.MethodNotAllowed, $"The method {request.Method} is not allowed on '{request.Path.Text}'.");
}
