using System;
using System.Collections.Generic;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>Columns of <c>crmb_definition</c>.</summary>
static class DefinitionColumns
{
    internal const string Id = "crmb_definitionid";
    internal const string Name = "crmb_name";
    internal const string Kind = "crmb_kind";

    /// <summary>The working draft.</summary>
    internal const string Json = "crmb_json";

    /// <summary>Number of the latest published version; empty on a row that never was published.</summary>
    internal const string Version = "crmb_version";

    internal const string State = "statecode";
    internal const string Status = "statuscode";

    /// <summary>Columns whose change is checked.</summary>
    internal static IReadOnlyList<string> Guarded { get; } = Array.AsReadOnly(new[] { Name, Kind, Json, Version, State, Status });
}
