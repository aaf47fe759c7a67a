using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmBehavior.Sandbox.Dataverse.Errors;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>One answer of the Web API.</summary>
internal sealed class WebApiResponse
{
    public const string JsonType = "application/json; odata.metadata=minimal";
    static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public required int Status { get; init; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>204.</summary>
    public static WebApiResponse NoContent() => new() { Status = 204 };

    /// <summary>A JSON body.</summary>
    public static WebApiResponse Write(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Json)) write(json);
        return new WebApiResponse { Status = status, ContentType = JsonType, Body = buffer.WrittenMemory };
    }

    /// <summary>A failure in the platform's form.</summary>
    public static WebApiResponse Fail(DataverseException e, Preferences preferences)
    {
        WebApiResponse response = Write(e.Status, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("code", e.Code);
            json.WriteString("message", e.Message);
            if (preferences.Includes("Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus") && e.SubErrorCode is { } code)
            {
                json.WriteString("@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus", "0");
                json.WriteString("@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode", code.ToString(CultureInfo.InvariantCulture));
            }
            if (preferences.Includes("Microsoft.PowerApps.CDS.HelpLink"))
                json.WriteString("@Microsoft.PowerApps.CDS.HelpLink",
                    "http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a" + e.Code.Replace("0x", "", StringComparison.Ordinal));
            json.WriteEndObject();
            json.WriteEndObject();
        });
        if (e.RetryAfter is { } seconds) response.Headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
        return response;
    }
}
