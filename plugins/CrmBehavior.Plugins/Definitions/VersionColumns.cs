using System;
using System.Collections.Generic;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>Columns of <c>crmb_definitionversion</c>.</summary>
static class VersionColumns
{
    internal const string Name = "crmb_name";
    internal const string Definition = "crmb_definitionid";
    internal const string Version = "crmb_version";
    internal const string Json = "crmb_json";
    internal const string Reason = "crmb_reason";
    internal const string Diff = "crmb_diff";

    /// <summary>Columns that no one may change; the owner of a row is none of them.</summary>
    internal static IReadOnlyList<string> All { get; } =
        Array.AsReadOnly(new[] { Name, Definition, Version, Json, Reason, Diff, "statecode", "statuscode" });
}
