using System;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>The route of a request for counting: the address behind the service root with keys replaced by <c>(id)</c>.</summary>
internal static partial class RequestRoute
{
    public static string Of(HttpRequest request)
    {
        string path = request.Path.Value ?? "";
        string[] parts = path.Split('/', 5);
        string behind = parts.Length > 4 ? parts[4] : "";
        return Keys().Replace(behind, "(id)").Replace("Microsoft.Dynamics.CRM.", "", StringComparison.Ordinal);
    }

    [GeneratedRegex("\\([^)]*\\)")]
    private static partial Regex Keys();
}
