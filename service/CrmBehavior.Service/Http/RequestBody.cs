using System;
using System.IO;
using System.IO.Compression;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Service.Http;

/// <summary>Reads a request's body within a limit that counts the inflated bytes.</summary>
internal static class RequestBody
{
    /// <summary>The body, or the status and sentence with which it is refused.</summary>
    public static async Task<(byte[] Body, int Status, string? Problem)> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        string encoding = request.Headers.ContentEncoding.ToString().Trim();
        if (encoding.Length > 0 && !encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase) && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return ([], StatusCodes.Status415UnsupportedMediaType, $"the content encoding \"{encoding}\" is not taken; send gzip or none");
        }
        if (encoding.Length == 0 && request.ContentLength > limit) return TooLarge(limit);
        await using Stream? inflating = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase) ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true) : null;
        Stream source = inflating ?? request.Body;
        using var body = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            for (int n; (n = await source.ReadAsync(buffer, cancellation)) > 0;)
            {
                if (body.Length + n > limit) return TooLarge(limit);
                body.Write(buffer, 0, n);
            }
        }
        catch (InvalidDataException)
        {
            return ([], StatusCodes.Status400BadRequest, "the body is no gzip, though its content encoding says so");
        }
        catch (BadHttpRequestException e)
        {
            return ([], e.StatusCode, e.Message);
        }
        return (body.ToArray(), 0, null);
    }

    static (byte[], int, string) TooLarge(int limit) => ([], StatusCodes.Status413PayloadTooLarge, $"the body is larger than {limit / 1024} KB");
}
