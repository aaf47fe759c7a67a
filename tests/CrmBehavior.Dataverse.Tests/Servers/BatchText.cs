using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http.Headers;
using System.Text;

namespace CrmBehavior.Dataverse.Tests.Servers;

/// <summary>Reads and writes the multipart form of <c>$batch</c>, on the server's side and apart from the code under test.</summary>
static class BatchText
{
    public static IReadOnlyList<CrmRequest> Read(string contentType, string body, string root)
    {
        string boundary = MediaTypeHeaderValue.Parse(contentType).Parameters.Single(p => p.Name == "boundary").Value!.Trim('"');
        if (!body.EndsWith("--" + boundary + "--\r\n", StringComparison.Ordinal)) throw new FormatException("The batch has no end.");
        return [.. body.Split("--" + boundary + "\r\n").Skip(1).Select(p => ReadPart(p.Split("--" + boundary + "--")[0], root))];
    }

    public static string Write(string boundary, IEnumerable<CrmReply> replies)
    {
        var text = new StringBuilder();
        int id = 0;
        foreach (CrmReply reply in replies)
        {
            text.Append("--").Append(boundary).Append("\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ").Append(++id)
                .Append("\r\n\r\nHTTP/1.1 ").Append(reply.Status).Append(" Status\r\nContent-Type: application/json; odata.metadata=minimal\r\nOData-Version: 4.0\r\n");
            foreach ((string name, string value) in reply.Headers) text.Append(name).Append(": ").Append(value).Append("\r\n");
            text.Append("\r\n").Append(reply.Body).Append("\r\n");
        }
        return text.Append("--").Append(boundary).Append("--\r\n").ToString();
    }

    static CrmRequest ReadPart(string part, string root)
    {
        string[] sections = part.Split("\r\n\r\n", 3);
        string[] lines = sections[1].Split("\r\n");
        string[] words = lines[0].Split(' ');
        var headers = lines.Skip(1).Where(l => l.Length > 0).Select(l => l.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
        if (!words[1].StartsWith(root, StringComparison.Ordinal) || words[2] != "HTTP/1.1") throw new FormatException("No request line: " + lines[0]);
        string[] address = words[1][root.Length..].Split('?', 2);
        return new CrmRequest(words[0], Uri.UnescapeDataString(address[0]), new Dictionary<string, string>(), headers, sections[2].TrimEnd('\r', '\n'));
    }
}
