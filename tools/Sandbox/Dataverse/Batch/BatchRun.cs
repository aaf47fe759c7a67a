using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Protocol;

namespace CrmBehavior.Sandbox.Dataverse.Batch;

/// <summary>
/// Runs a batch in order. A change set is one transaction; without <c>odata.continue-on-error</c> the first failure ends the batch and
/// its status becomes the batch's, what was done before stays.
/// </summary>
internal sealed class BatchRun(Organization organization, WebApi api)
{
    public WebApiResponse Run(WebApiRequest batch)
    {
        IReadOnlyList<BatchStep> steps = BatchReader.Read(batch.Header("Content-Type"), batch.Body);
        string boundary = "batchresponse_" + Guid.NewGuid();
        var answer = new StringBuilder();
        int status = 200;
        foreach (BatchStep step in steps)
        {
            bool failed = step.IsChangeSet ? !ChangeSet(batch, step, boundary, answer, out int code)
                : !Single(batch, step.Parts[0], boundary, answer, out code);
            if (!failed || batch.Preferences.ContinuesOnError) continue;
            status = code;
            break;
        }
        answer.Append("--").Append(boundary).Append("--\r\n");
        return new WebApiResponse { Status = status, ContentType = "multipart/mixed; boundary=" + boundary, Body = Encoding.UTF8.GetBytes(answer.ToString()) };
    }

    bool Single(WebApiRequest batch, BatchPart part, string boundary, StringBuilder answer, out int status)
    {
        WebApiResponse response = Handle(batch, part, batch.Call, null);
        status = response.Status;
        Write(answer, boundary, response, part.ContentId);
        return status < 400;
    }

    bool ChangeSet(WebApiRequest batch, BatchStep step, string boundary, StringBuilder answer, out int status)
    {
        var responses = new List<(BatchPart Part, WebApiResponse Response)>();
        try
        {
            organization.Store.Write(tx =>
            {
                var contentIds = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (BatchPart part in step.Parts)
                {
                    WebApiResponse response = part.Method == "GET"
                        ? WebApiResponse.Fail(Failure.BadRequest("GET is not allowed inside a change set."), batch.Preferences)
                        : Handle(batch, part, batch.Call with { Transaction = tx, RequestId = Guid.NewGuid() }, contentIds);
                    if (response.Status >= 400) throw new ChangeSetFailedException(part, response);
                    responses.Add((part, response));
                    if (part.ContentId is not null && response.Headers.TryGetValue("OData-EntityId", out string? address)) contentIds[part.ContentId] = address;
                }
                return true;
            });
        }
        catch (ChangeSetFailedException e)
        {
            status = e.Response!.Status;
            Write(answer, boundary, e.Response, e.Part!.ContentId);
            return false;
        }
        status = 200;
        string inner = "changesetresponse_" + Guid.NewGuid();
        answer.Append("--").Append(boundary).Append("\r\nContent-Type: multipart/mixed; boundary=").Append(inner).Append("\r\n\r\n");
        foreach ((BatchPart part, WebApiResponse response) in responses) Write(answer, inner, response, part.ContentId);
        answer.Append("--").Append(inner).Append("--\r\n");
        return true;
    }

    WebApiResponse Handle(WebApiRequest batch, BatchPart part, CallContext call, IReadOnlyDictionary<string, string>? contentIds)
    {
        var preferences = new Preferences(part.Headers.GetValueOrDefault("Prefer"));
        try
        {
            (string path, string query) = Relative(Resolve(part.Address, contentIds), batch.ServiceRoot);
            if (path.StartsWith("$batch", StringComparison.Ordinal)) throw Failure.BadRequest("A batch cannot contain a batch.");
            IReadOnlyDictionary<string, string> options = QueryText.Parse(query);
            return api.Handle(new WebApiRequest
            {
                Method = part.Method,
                Path = ResourcePath.Parse(path),
                Query = options,
                Headers = part.Headers,
                Body = part.Body,
                ServiceRoot = batch.ServiceRoot,
                Call = CallHeaders.Apply(call, organization, part.Headers, options),
                Preferences = preferences,
                ContentIds = contentIds,
            });
        }
        catch (DataverseException e)
        {
            return WebApiResponse.Fail(e, preferences);
        }
    }

    static string Resolve(string address, IReadOnlyDictionary<string, string>? contentIds)
    {
        if (!address.StartsWith('$') || address.StartsWith("$metadata", StringComparison.Ordinal) || address.StartsWith("$batch", StringComparison.Ordinal))
            return address;
        int slash = address.IndexOf('/', StringComparison.Ordinal);
        string reference = slash < 0 ? address : address[..slash];
        if (contentIds is null || !contentIds.TryGetValue(reference[1..], out string? known))
            throw Failure.BadRequest($"Content-ID Reference: '{reference}' does not exist in the batch context.");
        return known + (slash < 0 ? "" : address[slash..]);
    }

    static (string Path, string Query) Relative(string address, string root)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out Uri? absolute) && absolute.Scheme is "http" or "https") address = absolute!.PathAndQuery;
        string servicePath = new Uri(root).AbsolutePath;
        int api = address.IndexOf("/api/data/v", StringComparison.OrdinalIgnoreCase);
        if (address.StartsWith(servicePath, StringComparison.OrdinalIgnoreCase)) address = address[servicePath.Length..];
        else if (api >= 0) address = address[(address.IndexOf('/', api + "/api/data/v".Length) + 1)..];
        int mark = address.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? (address, "") : (address[..mark], address[(mark + 1)..]);
    }

    static void Write(StringBuilder answer, string boundary, WebApiResponse response, string? contentId)
    {
        answer.Append("--").Append(boundary).Append("\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n");
        if (contentId is not null) answer.Append("Content-ID: ").Append(contentId).Append("\r\n");
        answer.Append("\r\nHTTP/1.1 ").Append(response.Status.ToString(CultureInfo.InvariantCulture)).Append(' ').Append(Phrase(response.Status))
            .Append("\r\n");
        if (response.ContentType is not null) answer.Append("Content-Type: ").Append(response.ContentType).Append("\r\n");
        foreach ((string name, string value) in response.Headers.OrderBy(h => h.Key, StringComparer.Ordinal))
            answer.Append(name).Append(": ").Append(value).Append("\r\n");
        answer.Append("\r\n").Append(Encoding.UTF8.GetString(response.Body.Span)).Append("\r\n");
    }

    static string Phrase(int status) => status switch
    {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        412 => "Precondition Failed",
        429 => "Too Many Requests",
        _ => "Error",
    };

    sealed class ChangeSetFailedException : Exception
    {
        public ChangeSetFailedException()
        {
        }

        public ChangeSetFailedException(string message) : base(message)
        {
        }

        public ChangeSetFailedException(string message, Exception innerException) : base(message, innerException)
        {
        }

        public ChangeSetFailedException(BatchPart part, WebApiResponse response) : base("A request of the change set failed.")
        {
            Part = part;
            Response = response;
        }

        public BatchPart? Part { get; }

        public WebApiResponse? Response { get; }
    }
}
