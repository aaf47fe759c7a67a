using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CrmBehavior.Sandbox.Dataverse.Errors;

namespace CrmBehavior.Sandbox.Dataverse.Batch;

/// <summary>Reads the body of <c>$batch</c>: multipart/mixed with application/http parts and change sets. Bare line feeds are taken too.</summary>
internal static class BatchReader
{
    const int MaxRequests = 1000;

    public static IReadOnlyList<BatchStep> Read(string? contentType, ReadOnlyMemory<byte> body)
    {
        var steps = new List<BatchStep>();
        int count = 0;
        foreach ((Dictionary<string, string> headers, byte[] content) in Parts(Boundary(contentType), body.Span))
        {
            string type = headers.GetValueOrDefault("Content-Type", "");
            if (type.StartsWith("multipart/mixed", StringComparison.OrdinalIgnoreCase))
                steps.Add(new BatchStep([.. Parts(Boundary(type), content).Select(p => Request(p.Headers, p.Content))], IsChangeSet: true));
            else steps.Add(new BatchStep([Request(headers, content)], IsChangeSet: false));
            count += steps[^1].Parts.Count;
        }
        if (count > MaxRequests) throw Failure.BadRequest($"The batch has {count} requests; at most {MaxRequests} are allowed.");
        if (steps.SelectMany(s => s.Parts).Where(p => p.ContentId is not null).GroupBy(p => p.ContentId).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Failure.BadRequest($"The content ID '{twice.Key}' was found more than once in the same change set or same individual batch request.");
        return steps;
    }

    /// <summary>How many requests a body holds, roughly: enough to count them before they are read; at least 1.</summary>
    public static int Count(string? contentType, ReadOnlyMemory<byte> body)
    {
        int count = 0;
        ReadOnlySpan<byte> rest = body.Span;
        for (int at; (at = rest.IndexOf("application/http"u8)) >= 0; rest = rest[(at + 1)..]) count++;
        return contentType is null ? 1 : Math.Max(1, count);
    }

    static string Boundary(string? contentType)
    {
        string? parameter = contentType?.Split(';').Select(p => p.Trim()).FirstOrDefault(p => p.StartsWith("boundary=", StringComparison.OrdinalIgnoreCase));
        return parameter?["boundary=".Length..].Trim('"') is { Length: > 0 } boundary ? boundary
            : throw Failure.BadRequest("The Content-Type of a batch must be multipart/mixed with a boundary.");
    }

    static BatchPart Request(Dictionary<string, string> partHeaders, byte[] content)
    {
        if (!partHeaders.GetValueOrDefault("Content-Type", "").StartsWith("application/http", StringComparison.OrdinalIgnoreCase))
            throw Failure.BadRequest("Each part of a batch must be application/http, or a change set.");
        (string first, int next) = Line(content, 0);
        string[] words = first.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2) throw Failure.BadRequest($"A part of the batch does not begin with a request line: '{first}'.");
        Dictionary<string, string> headers = Headers(content, ref next);
        string? id = partHeaders.GetValueOrDefault("Content-ID") ?? headers.GetValueOrDefault("Content-ID");
        // A line end before the next boundary belongs to the boundary.
        return new BatchPart(words[0].ToUpperInvariant(), words[1], headers, Trimmed(content.AsSpan(Math.Min(next, content.Length))), id);
    }

    static List<(Dictionary<string, string> Headers, byte[] Content)> Parts(string boundary, ReadOnlySpan<byte> body)
    {
        byte[] mark = Encoding.ASCII.GetBytes("--" + boundary);
        var starts = new List<int>();
        for (int from = 0; from < body.Length;)
        {
            int found = body[from..].IndexOf(mark);
            if (found < 0) break;
            int at = from + found;
            if (at == 0 || body[at - 1] == (byte)'\n') starts.Add(at);
            from = at + mark.Length;
        }
        var parts = new List<(Dictionary<string, string>, byte[])>();
        for (int i = 0; i + 1 < starts.Count; i++)
        {
            byte[] part = body[(starts[i] + mark.Length)..starts[i + 1]].ToArray();
            int next = Line(part, 0).Next;
            Dictionary<string, string> headers = Headers(part, ref next);
            parts.Add((headers, part[Math.Min(next, part.Length)..]));
        }
        if (starts.Count < 2) throw Failure.BadRequest("The batch has no parts between its boundaries.");
        return parts;
    }

    static Dictionary<string, string> Headers(byte[] content, ref int next)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (next < content.Length)
        {
            (string line, int after) = Line(content, next);
            next = after;
            if (line.Length == 0) break;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }
        return headers;
    }

    static (string Line, int Next) Line(byte[] content, int start)
    {
        int end = Array.IndexOf(content, (byte)'\n', start);
        int stop = end < 0 ? content.Length : end;
        return (Encoding.UTF8.GetString(content, start, stop - start).TrimEnd('\r'), end < 0 ? content.Length : end + 1);
    }

    static byte[] Trimmed(ReadOnlySpan<byte> body)
    {
        int length = body.Length;
        while (length > 0 && body[length - 1] is (byte)'\r' or (byte)'\n') length--;
        return body[..length].ToArray();
    }
}
