using System;
using System.Collections.Frozen;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>Tables whose rows the platform itself writes, read-only columns included: components of solutions, jobs, logs.</summary>
internal static class PlatformTables
{
    static readonly FrozenSet<string> Own = new[]
    {
        "solution", "publisher", "importjob", "pluginassembly", "plugintype", "sdkmessage", "sdkmessagefilter", "sdkmessageprocessingstep",
        "sdkmessageprocessingstepimage", "serviceendpoint", "asyncoperation", "plugintracelog", "environmentvariabledefinition", "role", "privilege",
        "customapi", "customapirequestparameter", "customapiresponseproperty", "webresource", "organization", "savedquery", "systemform",
        "savedqueryvisualization", "appmodule", "sitemap", "systemuser", "team", "businessunit",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Tables that are made anew at each start from the schema, and therefore not kept.</summary>
    public static readonly FrozenSet<string> Generated = new[] { "sdkmessage", "sdkmessagefilter", "privilege" }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Owns(string table) => Own.Contains(table);
}
