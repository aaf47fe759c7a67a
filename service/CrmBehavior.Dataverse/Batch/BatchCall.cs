using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Http;
using System.Text;
using CrmBehavior.Dataverse.Connection;

namespace CrmBehavior.Dataverse.Batch;

/// <summary>Writes <c>$batch</c>: each request for itself, in no transaction, all of them carried out whatever happens to one.</summary>
static class BatchCall
{
    /// <summary>Requests in one batch. The platform takes 1000, but each counts against its limits and one batch is one long request.</summary>
    public const int Most = 50;

    public static WebApiCall Of(IReadOnlyList<WebApiCall> calls, Uri root)
    {
        string boundary = "batch_" + Guid.NewGuid().ToString("N");
        using var body = new MemoryStream();
        for (int i = 0; i < calls.Count; i++)
        {
            var head = new StringBuilder();
            head.Append("--").Append(boundary).Append("\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n");
            head.Append(CultureInfo.InvariantCulture, $"Content-ID: {i + 1}\r\n\r\n");
            head.Append(calls[i].Method.Method).Append(' ').Append(root.AbsolutePath).Append(calls[i].Path).Append(" HTTP/1.1\r\nAccept: application/json\r\n");
            foreach ((string name, string value) in calls[i].OwnHeaders()) head.Append(name).Append(": ").Append(value).Append("\r\n");
            if (calls[i].Body is not null) head.Append("Content-Type: ").Append(calls[i].ContentType).Append("; type=entry\r\n");
            head.Append("\r\n");
            body.Write(Encoding.UTF8.GetBytes(head.ToString()));
            if (calls[i].Body is { } content) body.Write(content);
            body.Write("\r\n"u8);
        }
        body.Write(Encoding.ASCII.GetBytes("--" + boundary + "--\r\n"));
        return new WebApiCall(HttpMethod.Post, "$batch", body.ToArray())
        {
            ContentType = $"multipart/mixed; boundary=\"{boundary}\"",
            Prefer = "odata.continue-on-error"
        };
    }
}
