using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http.Headers;
using System.Text;
using CrmBehavior.Dataverse.Connection;

namespace CrmBehavior.Dataverse.Batch;

/// <summary>Reads the answer of <c>$batch</c>: the answers of its requests, in order, as far as they go.</summary>
static class BatchAnswer
{
    /// <summary>The answers. There may be fewer than requests, when the batch was not carried out to its end.</summary>
    public static IReadOnlyList<WebApiAnswer> Read(WebApiAnswer batch, DateTimeOffset now)
    {
        var answers = new List<WebApiAnswer>();
        if (!MediaTypeHeaderValue.TryParse(batch.ContentType, out MediaTypeHeaderValue? type)) return answers;
        string? boundary = type.Parameters.FirstOrDefault(p => p.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase))?.Value?.Trim('"');
        if (string.IsNullOrEmpty(boundary)) return answers;
        string text = "\n" + Encoding.UTF8.GetString(batch.Body);
        string[] parts = text.Split("\n--" + boundary);
        foreach (string part in parts.Skip(1))
        {
            if (part.StartsWith("--", StringComparison.Ordinal)) break;
            if (ReadPart(part, now) is not { } answer) break;
            answers.Add(answer);
        }
        return answers;
    }

    static WebApiAnswer? ReadPart(string part, DateTimeOffset now)
    {
        int at = 0;
        string? line;
        // Headers of the part, to the empty line; then the status line and the headers of the answer.
        while ((line = Line(part, ref at)) is not null && (line.Length > 0 || at <= 2))
            if (line.StartsWith("HTTP/", StringComparison.Ordinal)) break;
        if (line is { Length: 0 }) line = Line(part, ref at);
        string[] words = (line ?? "").Split(' ', 3);
        if (words.Length < 2 || !words[0].StartsWith("HTTP/", StringComparison.Ordinal)
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int status))
            return null;
        TimeSpan? wait = null;
        string? requestId = null;
        while (!string.IsNullOrEmpty(line = Line(part, ref at)))
        {
            if (Value(line, "Retry-After") is { } after && RetryConditionHeaderValue.TryParse(after, out RetryConditionHeaderValue? condition))
                wait = FaultReader.Wait(condition, now);
            requestId ??= Value(line, "REQ_ID");
        }
        byte[] body = Encoding.UTF8.GetBytes(part[Math.Min(at, part.Length)..].TrimEnd('\r', '\n'));
        return new WebApiAnswer(status, body, null, status < 300 ? null : FaultReader.Read(status, body, wait, requestId));
    }

    static string? Line(string text, ref int at)
    {
        if (at >= text.Length) return null;
        int end = text.IndexOf('\n', at);
        int stop = end < 0 ? text.Length : end;
        string line = text[at..stop].TrimEnd('\r');
        at = end < 0 ? text.Length : end + 1;
        return line;
    }

    static string? Value(string line, string name) =>
        line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase) ? line[(name.Length + 1)..].Trim() : null;
}
